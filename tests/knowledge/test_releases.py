"""In which release of Keras 3 a name came."""

from importlib import import_module
from importlib.metadata import version

import pytest

from keras_upgrade.knowledge.releases import NEWEST, newest_need, since
from keras_upgrade.knowledge.tables import load


@pytest.mark.parametrize(
    ("name", "minor"),
    [
        ("keras.ops.exp", 0),
        ("keras.ops.logdet", 6),  # Keras 3.6: "Add new ops: logdet, ..."
        ("keras.ops.associative_scan", 5),
        ("keras.Input(ragged)", 9),
        ("keras.Input(name)", 0),
    ],
)
def test_a_name_or_argument_has_its_release(name: str, minor: int) -> None:
    assert since(name) == minor


@pytest.mark.parametrize(
    ("code", "need"),
    [
        ("keras.ops.logdet(keras.ops.exp(x))", ("keras.ops.logdet", 6)),
        ("keras3.ops.logdet", ("keras.ops.logdet", 6)),
        ("inputs = keras.Input((3,), ragged=True)", ("keras.Input(ragged)", 9)),
        ("    x = keras.ops.exp(", ("", 0)),
        ("tf.keras.ops.logdet(x)", ("", 0)),
        ("learning_rate", ("", 0)),
    ],
)
def test_new_code_needs_the_newest_of_its_names(code: str, need: tuple[str, int]) -> None:
    found = newest_need(code)
    assert found[1] == need[1]
    assert found[0] == need[0] or not need[1]


@pytest.mark.slow
def test_the_newest_release_is_the_one_that_programs_are_run_with() -> None:

    if int(version("keras").split(".")[1]) != NEWEST:
        pytest.skip(f"the tables are of Keras 3.{NEWEST}; here is {version('keras')}")
    keras = import_module("keras")
    missing = [name for name in load("keras3_since") if "(" not in name and _is_missing(keras, name)]
    assert missing == []


def _is_missing(keras: object, name: str) -> bool:
    found = keras
    for part in name.split(".")[1:]:
        found = getattr(found, part, None)
    return found is None
