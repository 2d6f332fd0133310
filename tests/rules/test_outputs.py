"""Models with several outputs, or with one: what `compile` and `fit` are told, and what comes back (KU605 to KU607)."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

TWO = """\
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

x = Input((2,))
model = Model(x, [Dense(1, name='price')(x), Dense(1, name='kind')(x)])
sgd = SGD(learning_rate=0.1)
"""
OLD = TWO.replace("learning_rate", "lr")


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def tail(program: str, start: str = OLD) -> str:
    """What becomes of the lines after `start`."""
    after = migrated(start + program).document.source
    return after.partition("sgd = SGD(learning_rate=0.1)\n")[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("metrics=['mae']", "metrics=[['mae'], ['mae']]"),
        ("metrics=['mae', 'mse']", "metrics=[['mae', 'mse'], ['mae', 'mse']]"),
        ("weighted_metrics=['mae']", "weighted_metrics=[['mae'], ['mae']]"),
        ("metrics={'price': 'mae'}", "metrics={'price': 'mae'}"),
        ("metrics=['mae', ['mse']]", "metrics=['mae', ['mse']]"),
        ("metrics=[]", "metrics=[]"),
        ("metrics=chosen", "metrics=chosen"),
    ],
)
def test_a_flat_list_of_metrics_is_for_each_output(before: str, after: str) -> None:
    assert tail(f"model.compile(sgd, 'mse', {before})\n") == f"model.compile(sgd, 'mse', {after})\n"


def test_in_a_program_for_keras_3_as_many_metrics_as_outputs_are_one_for_each() -> None:
    program = TWO + "model.compile(sgd, 'mse', metrics=['mae', 'mse'])\n"
    outcome = migrated(program)
    assert outcome.document.source == program
    assert outcome.left == []


def test_more_outputs_than_three_are_multiplied() -> None:
    outputs = ", ".join(f"Dense(1, name='o{i}')(x)" for i in range(4))
    start = OLD.replace("[Dense(1, name='price')(x), Dense(1, name='kind')(x)]", f"[{outputs}]")
    assert tail("model.compile(sgd, 'mse', metrics=['mae'])\n", start) == (
        "model.compile(sgd, 'mse', metrics=[['mae']] * 4)\n"
    )
    start = start.replace("import Model", "import Model\nfrom keras.metrics import AUC")
    assert tail("model.compile(sgd, 'mse', metrics=[AUC()])\n", start) == (
        "model.compile(sgd, 'mse', metrics=[[AUC()] for _ in range(4)])\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{'kind': 'mse'}", "[None, 'mse']"),
        ("{'kind': 'mse'}, loss_weights={'kind': 2}", "[None, 'mse'], loss_weights=[None, 2]"),
        (
            "{'kind': a, 'price': b}, loss_weights={'kind': 2}",
            "{'kind': a, 'price': b}, loss_weights={'kind': 2, 'price': 1.0}",
        ),
        ("['mse', 'mae'], loss_weights={'price': 1, 'kind': 2}", "['mse', 'mae'], loss_weights=[1, 2]"),
        ("['mse', 'mae'], loss_weights={'kind': 2}", "['mse', 'mae'], loss_weights=[1.0, 2]"),
        ("'mse', loss_weights=[1, 2]", "['mse', 'mse'], loss_weights=[1, 2]"),
        ("'mse', loss_weights={'price': 1, 'kind': 2}", "['mse', 'mse'], loss_weights=[1, 2]"),
        ("losses", "losses"),
    ],
)
def test_losses_and_weights_are_one_for_each_output(before: str, after: str) -> None:
    assert tail(f"model.compile(sgd, {before})\n") == f"model.compile(sgd, {after})\n"


def test_losses_for_some_outputs_with_metrics_want_all_targets() -> None:
    start = OLD + "model.compile(sgd, {'price': 'mse'}, metrics={'price': 'mae'})\n"
    outcome = migrated(start + "model.fit(a, {'price': b})\n")
    assert [report.finding.code for report in outcome.left] == ["KU605"]
    assert "[None" not in outcome.document.source
    assert "sgd, ['mse', None]" in migrated(start + "model.fit(a, [b, c])\n").document.source


def test_a_dict_of_targets_stays_where_the_model_gives_several_outputs_or_a_dict() -> None:
    lines = "model.compile(sgd, 'mse')\nmodel.fit(a, {'price': b, 'kind': c})\n"
    assert tail(lines) == lines
    start = OLD.replace("[Dense(1, name='price')(x), Dense(1, name='kind')(x)]", "{'price': Dense(1)(x)}")
    assert tail("model.fit(a, {'price': b})\n", start) == "model.fit(a, {'price': b})\n"


METRICS = "model.compile(sgd, ['mse', 'mse'], metrics=[['mae'], ['acc']])\n"


def test_results_that_stand_elsewhere_are_read_by_name() -> None:
    lines = "scores = model.evaluate(a, b)\nprint(scores[0], scores[3])\n"
    assert tail(METRICS + lines).endswith(
        'scores = model.evaluate(a, b, return_dict=True)\nprint(scores["loss"], scores["price_mae"])\n'
    )


@pytest.mark.parametrize(
    "lines",
    [
        "scores = model.evaluate(a, b)\nprint(scores[0], scores[2])\n",
        "model.evaluate(a, b)\n",
        "scores = model.evaluate(a, b, return_dict=True)\nprint(scores)\n",
        "scores = model.predict(a)\nprint(scores[3])\n",
    ],
)
def test_results_that_stand_where_they_stood_stay(lines: str) -> None:
    outcome = migrated(OLD + METRICS + lines)
    assert outcome.document.source.endswith(METRICS + lines)
    assert outcome.left == []


@pytest.mark.parametrize(
    "lines",
    ["print(model.evaluate(a, b))\n", "scores = model.evaluate(a, b)\nprint(scores[1:], scores[3])\n"],
)
def test_results_that_are_used_as_a_list_are_left_with_an_advice(lines: str) -> None:
    outcome = migrated(OLD + METRICS + lines)
    assert outcome.document.source.endswith(METRICS + lines)
    assert [report.finding.code for report in outcome.left] == ["KU606"]
    assert "kind_acc, price_mae" in outcome.left[0].finding.message


def test_what_is_unpacked_keeps_its_names_and_a_second_run_changes_nothing() -> None:
    lines = "def score():\n    loss, one, two, mae, acc = model.evaluate(a, b)  # all\n    return mae\n"
    outcome = migrated(OLD + METRICS + lines)
    assert outcome.document.source.endswith(
        "    results = model.evaluate(a, b, return_dict=True)  # all\n"
        "    loss, one, two, mae, acc = (\n"
        '        results[name] for name in ["loss", "price_loss", "kind_loss", "price_mae", "kind_acc"]\n'
        "    )\n    return mae\n"
    )
    assert migrated(outcome.document.source).document.source == outcome.document.source


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("['mae']", "metrics=['mae']"),
        ("['mae'], [1, 2]", "metrics=['mae'], loss_weights=[1, 2]"),
        ("[1.0, 2.0]", "[1.0, 2.0]"),
        ("unknown", "metrics=unknown"),
    ],
)
def test_metrics_by_position_get_their_name(before: str, after: str) -> None:
    start = OLD.replace("[Dense(1, name='price')(x), Dense(1, name='kind')(x)]", "Dense(1)(x)")
    assert tail(f"model.compile(sgd, 'mse', {before})\n", start) == f"model.compile(sgd, 'mse', {after})\n"


@pytest.mark.parametrize("made", ["build()", "lib.build()"])
def test_a_list_of_losses_tells_how_many_outputs_an_unknown_model_has(made: str) -> None:
    program = (
        "import lib\nfrom keras.optimizers import SGD\n\n\ndef train(build):\n"
        f"    model = {made}\n    model.compile(SGD(lr=0.1), loss=['mse', 'mae'], metrics=['acc'])\n"
    )
    outcome = migrated(program)
    assert "metrics=[['acc'], ['acc']])" in outcome.document.source
    assert "`model` is a Keras model with 2 outputs" in [r.finding.assumption for r in outcome.applied]
