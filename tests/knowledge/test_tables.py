"""The backend, argument and member tables are consistent."""

import ast

import pytest

from keras_upgrade.knowledge import arguments, backend, members, surface
from keras_upgrade.knowledge.arguments import (
    Advised,
    Dropped,
    NewDefault,
    Order,
    Renamed,
    Revalued,
    changes,
    order,
)
from keras_upgrade.knowledge.backend import ROWS, Row
from keras_upgrade.knowledge.tables import load
from keras_upgrade.syntax.templates import dotted, parse_params, parse_row


def expressions(row: Row) -> list[str]:
    return [new for new in (row.new, *(variant for _, variant in row.variants)) if new]


@pytest.mark.parametrize("row", [*ROWS.values(), *arguments.CALLS.values()], ids=[*ROWS, *arguments.CALLS])
def test_rows_parse_and_their_targets_exist(row: Row) -> None:
    names = {param.name for param in parse_params(row.old)}
    for condition, _ in row.variants:
        for word in condition.split():
            assert word.rstrip("?").partition("=")[0].partition(":")[0] in names, word
    for new in expressions(row):
        tree = parse_row(row.old, new).tree
        for node in ast.walk(tree):
            path = dotted(node) if isinstance(node, ast.Attribute) else None
            if (
                path
                and path.startswith("keras.")
                and path not in ("keras.ops", "keras.config", "keras.layers")
            ):
                assert surface.exists(path), (new, path)


@pytest.mark.parametrize("name", ROWS)
def test_rows_say_how(name: str) -> None:
    row = ROWS[name]
    assert (row.how == "advise") == (not expressions(row) and not row.variants)
    assert row.how != "review" or row.assumption
    assert row.how != "advise" or row.note
    assert not row.kept or surface.exists(f"keras.backend.{name}")
    assert row.kept == surface.exists(f"keras.backend.{name}")


def test_all_backend_functions_are_there() -> None:
    assert len(ROWS) == 175
    kept = [name for name, row in ROWS.items() if row.kept]
    assert len(kept) == 10


def test_every_signature_change_has_an_entry_or_a_reason() -> None:
    reasons: dict[str, str] = load("changed")
    assert len(reasons) == 398
    assert set(reasons.values()) <= {
        "entry",
        "added",
        "names",
        "spelling",
        "far",
        "kwargs",
        "members",
        "stub",
    }
    for path, reason in reasons.items():
        if reason == "entry":
            assert changes(path) or order(path) or order(path, "tf.keras"), path


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("keras.optimizers.Adam", "lr", Renamed("learning_rate")),
        ("keras.optimizers.legacy.SGD", "lr", Renamed("learning_rate")),
        ("keras.layers.LeakyReLU", "alpha", None),
        ("keras.layers.core.Dropout", "p", None),
        ("keras.Model.fit", "nb_epoch", Renamed("epochs")),
        ("keras.models.Sequential.fit", "workers", None),
        ("keras.activations.relu", "alpha", Renamed("negative_slope")),
        ("keras.regularizers.l2", "l", Renamed("l2")),
        ("keras.losses.MeanSquaredError", "reduction", Revalued({"'auto'": "'sum_over_batch_size'"})),
        ("keras.layers.Convolution2D", "border_mode", None),
        ("keras.layers.Dense", "batch_input_shape", None),
        ("keras.layers.Layer.add_weight", "partitioner", None),
        ("keras.layers.Dense.add_weight", "partitioner", None),
        ("keras.Model.add_weight", "use_resource", None),
    ],
)
def test_changes(path: str, name: str, kind: arguments.Change | None) -> None:
    assert name in changes(path)
    if kind is not None:
        assert changes(path)[name] == kind


def test_new_names_are_not_old_names() -> None:
    for path in load("changed"):
        for name, change in changes(path).items():
            assert name.isidentifier()
            if isinstance(change, Renamed):
                assert change.new.isidentifier()
                assert change.new != name
            if isinstance(change, Renamed | Dropped) and change.how == "review":
                assert change.note or change.only, (path, name)
            if isinstance(change, Advised):
                assert change.note
            if isinstance(change, NewDefault):
                assert change.until


def test_orders() -> None:
    assert order("keras.Model.compile") == Order(("optimizer", "loss", "metrics", "loss_weights"), 2)
    assert order("keras.Sequential.compile") == order("keras.Model.compile")
    found = order("keras.Input")
    assert found is not None
    assert found.names[1] == "batch_shape"
    found = order("keras.Input", "tf.keras")
    assert found is not None
    assert found.names[1] == "batch_size"
    assert order("keras.layers.Dense") is None


def test_whole_calls() -> None:
    row = arguments.call_row("keras.layers.ThresholdedReLU")
    assert row is not None
    assert row.new.startswith("keras.layers.ReLU(")
    assert arguments.call_row("keras.layers.advanced_activations.ThresholdedReLU") == row
    assert arguments.call_row("keras.layers.Dense") is None


@pytest.mark.parametrize(
    ("path", "name", "new"),
    [
        ("keras.optimizers.Adam", "lr", "self.learning_rate"),
        ("keras.Model", "fit_generator", "self.fit"),
        ("keras.Sequential", "predict_classes", ""),
        ("keras.layers.Dense", "output_shape", "self.output.shape"),
        ("keras.layers.LSTM", "reset_states", "self.reset_states"),
        ("keras.metrics.Mean", "reset_states", "self.reset_state"),
        ("keras.applications.VGG16", "input_names", "[tensor.name for tensor in self.inputs]"),
    ],
)
def test_members(path: str, name: str, new: str) -> None:
    found = members.member(path, name)
    assert found is not None
    assert found.new == new


def test_members_that_stayed() -> None:
    assert members.member("keras.Model", "output_shape") is None
    assert members.member("keras.layers.Dense", "get_weights") is None
    assert members.of("numpy.array") == {}


def test_member_expressions_parse() -> None:
    for path in (
        "keras.Model",
        "keras.layers.LSTM",
        "keras.optimizers.Adam",
        "keras.metrics.Mean",
        "keras.callbacks.Callback",
    ):
        for name, found in members.of(path).items():
            assert found.note or found.new, name
            assert (found.how == "advise") or found.new, name
            if found.new:
                ast.parse(found.new, mode="eval")


def test_backend_is_in_the_order_of_its_users() -> None:
    assert backend.ROWS["sum"].new == "keras.ops.sum(x, axis, keepdims)"
