"""What pytest hands to tests, and what functions get that only tests call."""

from pathlib import Path

from keras_upgrade.analysis.project import Project
from keras_upgrade.analysis.values import Api, Instance
from keras_upgrade.documents import load

from .facts import value_of

CONFTEST = """
import keras
import pytest


@pytest.fixture
def units():
    return 3


@pytest.fixture(scope="session")
def model(units):
    made = keras.Sequential([keras.layers.Dense(units)])
    yield made
"""
LIBRARY = """
import keras


def ends(net):
    return net.output
"""
TEST = """
import pytest
from library import ends


@pytest.fixture
def other():
    return 1.5


def test_ends(model, other, tmp_path, unknown):
    ends(model)
    print(other, tmp_path, unknown)


def helper(model):
    print("no test", model)
"""


def test_fixtures_are_what_tests_get(tmp_path: Path) -> None:
    files = {"tests/conftest.py": CONFTEST, "library.py": LIBRARY, "tests/deep/test_ends.py": TEST}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "tests/__init__.py").touch()
    (tmp_path / "tests/deep/__init__.py").touch()
    program = Project([load(tmp_path / name) for name in files]).analyse()
    library, test = program.modules[1], program.modules[2]
    net = value_of(library, "net")
    assert isinstance(net, Instance), "the test is what calls it first"
    assert net.cls == Api("keras.Sequential", "keras")
    assert "1.5" in repr(value_of(test, "other"))
    assert "pytest.tmp_path" in repr(value_of(test, "tmp_path"))
    assert repr(value_of(test, "unknown")) == "?"
