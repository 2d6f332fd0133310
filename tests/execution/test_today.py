"""What `knowledge.today` says is there is there, and what it says is not is not: asked of Keras 3 and TensorFlow."""

from __future__ import annotations

import json

import pytest

from keras_upgrade.knowledge import today
from keras_upgrade.knowledge.tables import load

from .harness import run

pytestmark = pytest.mark.slow

_RESOLVE = """\
import importlib, json
def there(path):
    parts = path.split(".")
    value = importlib.import_module(parts[0])
    for number, part in enumerate(parts[1:], 2):
        try:
            value = getattr(value, part)
        except AttributeError:
            try:
                value = importlib.import_module(".".join(parts[:number]))
            except ImportError:
                return False
    return True
result = json.dumps([there(path) for path in json.loads(PATHS)])
"""


def resolved(paths: list[str]) -> list[bool]:
    """Which paths lead to something."""
    result = run(f"PATHS = {json.dumps(paths)!r}\n{_RESOLVE}", "keras3", capture=["result"])
    assert result.ok, result.traceback
    found: list[bool] = json.loads(result.values["result"])
    return found


def sample(paths: list[str]) -> list[str]:
    """Every tenth of them."""
    return sorted(paths)[::10]


def test_names_of_tensorflow_are_there() -> None:
    rows = load("today_tensorflow")["names"]
    paths = sample([f"{module}.{name}" for module, names in rows.items() for name in names.split()])
    assert all(
        today.is_there(
            path.replace(".compat.v1", ""), "tensorflow.compat.v1" if ".v1" in path else "tensorflow"
        )
        for path in paths
    )
    missing = [path for path, found in zip(paths, resolved(paths), strict=True) if not found]
    assert missing == []


def test_private_modules_are_there() -> None:
    paths = sample([path for path in load("today_inside")["names"] if path.startswith("keras.src.layers")])
    assert all(today.is_there(path, "keras") for path in paths)
    assert all(resolved(paths))


def test_what_is_not_there_is_not() -> None:
    paths = [
        "tensorflow.Session",
        "tensorflow.log",
        "tensorflow.data.Dataset.make_one_shot_iterator",
        "keras.backend.exp",
    ]
    paths += [
        "keras.layers.core",
        "keras.utils.np_utils",
        "tensorflow.compat.v1.contrib",
        "keras.Model.fit_generator",
    ]
    assert [today.is_there(path.replace(".compat.v1", ""), _package(path)) for path in paths] == [
        False
    ] * len(paths)
    assert not any(resolved(paths))


def _package(path: str) -> str:
    return "tensorflow.compat.v1" if ".v1" in path else path.partition(".")[0]


_OBJECTS = """\
import keras, json
inputs = keras.Input((3,))
made = {
    "keras.layers.Dense": keras.layers.Dense(2), "keras.Model": keras.Model(inputs, keras.layers.Dense(2)(inputs)),
    "keras.Sequential": keras.Sequential([keras.layers.Dense(2)]), "keras.optimizers.Adam": keras.optimizers.Adam(),
    "keras.metrics.Mean": keras.metrics.Mean(), "keras.KerasTensor": inputs,
}
result = json.dumps({path: [name for name in dir(value) if not name.startswith("__")] for path, value in made.items()})
"""


def test_objects_have_the_members_that_are_listed_and_no_others() -> None:
    result = run(_OBJECTS, "keras3", capture=["result"])
    assert result.ok, result.traceback
    for path, names in json.loads(result.values["result"]).items():
        lacking = [name for name in names if not today.has_member(path, name)]
        assert [name for name in lacking if not name.startswith("_")] == []
    for path, gone in [
        ("keras.Model", "fit_generator"),
        ("keras.layers.Dense", "get_input_at"),
        ("keras.optimizers.Adam", "lr"),
    ]:
        assert today.has_member(path, gone) is False
