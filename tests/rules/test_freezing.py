"""Which trainings are put between assignments to `trainable` (KU601), and what is left alone."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, check, migrate

HEAD = """\
from keras.layers import Dense, Embedding
from keras.models import Sequential

d = Sequential([Dense(4), Dense(1)])
g = Sequential([Dense(4)])
"""
COMBINED = """\
d.compile('sgd', 'mse')
d.trainable = False
gan = Sequential([g, d])
gan.compile('sgd', 'mse')
"""


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def after(program: str) -> str:
    return migrated(HEAD + program).document.source.removeprefix(HEAD)


def left(program: str) -> list[str]:
    outcome = migrated(HEAD + program)
    assert outcome.document.source == HEAD + program
    return [report.finding.code for report in outcome.left]


def test_parts_that_were_frozen_at_compile_stay_frozen() -> None:
    program = "base = d.layers[0]\nbase.trainable = False\n" + COMBINED + "d.train_on_batch(1, 1)\n"
    assert after(program).endswith(
        "d.trainable = True\nbase.trainable = False\nd.train_on_batch(1, 1)\nd.trainable = False\n"
    )


def test_a_layer_that_was_made_frozen_and_has_no_name_is_told() -> None:
    program = "d.add(Embedding(3, 2, trainable=False))\n" + COMBINED + "d.train_on_batch(1, 1)\n"
    assert left(program) == ["KU601"]


def test_layers_that_were_frozen_one_by_one_are_set_one_by_one() -> None:
    loop = "for layer in d.layers:\n    layer.trainable = {}\n"
    program = "d.compile('sgd', 'mse')\n" + loop.format(False) + "d.train_on_batch(1, 1)\n"
    expected = loop.format(True) + "d.train_on_batch(1, 1)\n" + loop.format(False)
    assert after(program).endswith(loop.format(False) + expected)


def test_some_of_many_layers_are_told() -> None:
    program = (
        "for layer in d.layers:\n    if layer.name:\n        layer.trainable = False\n"
        + COMBINED
        + "d.train_on_batch(1, 1)\n"
    )
    assert left(program) == ["KU601"]


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ("d.fit(x, y)", "d.fit(x, y)", False),
        ("d.fit(x, y, batch_size=8)", "d.fit(x, y, batch_size=8)", False),
        ("d.fit(x, y, batch_size=8)", "d.fit(x, y, batch_size=9)", True),
        ("d.fit(x, y)", "d.train_on_batch(x, y)", True),
        ("d.train_on_batch(x, y)", "d.train_on_batch(x, y)", False),
    ],
)
def test_a_trained_model_looks_again_for_batches_of_another_size(
    first: str, second: str, again: bool
) -> None:
    program = f"x = y = None\nd.compile('sgd', 'mse')\n{first}\nd.trainable = False\n{second}\n"
    toggled = f"d.trainable = True\n{second}\nd.trainable = False\n"
    assert after(program) == (program.replace(f"{second}\n", toggled) if again else program)


def test_a_statement_that_shares_its_line() -> None:
    program = COMBINED + "if d:  d.train_on_batch(1, 1)\nx = 1; d.train_on_batch(1, 1); y = 2\n"
    assert after(program).endswith(
        "if d:  d.trainable = True; d.train_on_batch(1, 1); d.trainable = False\n"
        "x = 1; d.trainable = True; d.train_on_batch(1, 1); d.trainable = False; y = 2\n"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "print(d.train_on_batch(1, 1), gan.train_on_batch(1, 1))",
        "train = lambda: d.train_on_batch(1, 1)",
        "while d.train_on_batch(1, 1) > 1: pass",
        "losses = (d.train_on_batch(1, 1) for _ in range(3))",
    ],
)
def test_trainings_that_nothing_can_be_put_around_are_told(statement: str) -> None:
    assert left(f"{COMBINED}{statement}\n") == ["KU601"]


def test_a_function_that_trains_several_models_is_left_as_it_is() -> None:
    function = "def step(model):\n    return model.train_on_batch(1, 1)\n\n\n"
    calls = "real = step(d)\nloss = step(gan)\nfake = step(d)\n"
    toggled = calls.replace("real = step(d)", "d.trainable = True\nreal = step(d)\nd.trainable = False")
    toggled = toggled.replace("fake = step(d)", "d.trainable = True\nfake = step(d)\nd.trainable = False")
    assert after(function + COMBINED + calls) == function + COMBINED + toggled


def test_a_model_that_is_unfrozen_though_it_is_not_frozen_itself() -> None:
    loop = "for layer in d.layers:\n    layer.trainable = False\n"
    program = loop + "d.trainable = True\nd.compile('sgd', 'mse')\nd.fit(1, 1)\n"
    outcome = migrated(HEAD + program)
    assert "\nfor layer in d.layers:\n    layer.trainable = True\nd.compile" in outcome.document.source
    tf = HEAD.replace("from keras.", "from tensorflow.keras.") + program
    (finding,) = [report.finding for report in check([loads(tf)])[0].left if report.finding.code == "KU601"]
    assert finding.assumption == ""


@pytest.mark.parametrize(
    "program",
    [
        "d.trainable = False\nd.compile('sgd', 'mse')\nd.fit(1, 1)\n",
        "d.trainable = False\nd.trainable = True\nd.compile('sgd', 'mse')\nd.fit(1, 1)\n",
        "for layer in d.layers:\n    layer.trainable = False\nd.compile('sgd', 'mse')\nd.fit(1, 1)\n",
        "for layer in d.layers[:-1]:\n    layer.trainable = False\nd.compile('sgd', 'mse')\nd.fit(1, 1)\n",
        "d.compile('sgd', 'mse')\nd.fit(1, 1)\nd.trainable = False\nd.compile('sgd', 'mse')\nd.fit(1, 1)\n",
        "d.compile('sgd', 'mse')\nd.trainable = False\nd.predict(1)\nd.evaluate(1, 1)\n",
        COMBINED + "for i in range(3):\n    d.trainable = True\n    d.train_on_batch(1, 1)\n"
        "    d.trainable = False\n    gan.train_on_batch(1, 1)\n",
    ],
)
def test_trainings_with_the_layers_that_were_compiled_are_left_alone(program: str) -> None:
    assert left(program) == []
