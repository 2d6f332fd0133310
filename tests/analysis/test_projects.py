"""What is known of a program in several files."""

import json
from pathlib import Path

import pytest

from keras_upgrade.analysis.places import Surroundings, imported_names
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.project import Project
from keras_upgrade.analysis.values import is_symbolic
from keras_upgrade.documents import load
from keras_upgrade.engine import migrate

from .facts import paths_of, value_of

LAYERS = "import keras\nx = keras.Input((3,))\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which programs are run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(project: Path, **files: str) -> None:
    """Files by their names without the suffix, `__` for a `/`."""
    for name, text in files.items():
        path = project / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def analyse(path: str, users: list[Path] | None = None) -> Module:
    return Project([load(Path(path))], users=users or []).analyse().modules[0]


@pytest.mark.parametrize(
    ("place", "importer"),
    [
        ("lib", "main.py"),
        ("net/lib", "main.py"),
        ("net/lib", "examples/train.py"),
        ("src/net/lib", "scripts/train.py"),
        ("src/net/lib", "tests/unit/test_net.py"),
    ],
)
def test_the_module_of_an_absolute_import_is_found(project: Path, place: str, importer: str) -> None:
    module = place.removeprefix("src/").replace("/", ".")
    write(project, **{place.replace("/", "__"): LAYERS})
    write(project, **{importer.removesuffix(".py").replace("/", "__"): f"from {module} import x\ny = x\ny"})
    assert is_symbolic(value_of(analyse(importer), "y"))


@pytest.mark.parametrize("has_init", [True, False])
def test_a_dotted_import_gives_the_package(project: Path, has_init: bool) -> None:
    write(project, net__parts__lib=LAYERS, main="import net.parts.lib\ny = net.parts.lib.x\ny")
    if has_init:
        (project / "net/__init__.py").write_text("")
        (project / "net/parts/__init__.py").write_text("")
    assert is_symbolic(value_of(analyse("main.py"), "y"))


def test_a_nearer_module_of_the_same_name_comes_first(project: Path) -> None:
    write(project, utils="x = 1\n", examples__utils=LAYERS, examples__main="import utils\ny = utils.x\ny")
    assert is_symbolic(value_of(analyse("examples/main.py"), "y"))


def test_nothing_is_taken_from_above_the_root_of_a_project(project: Path) -> None:
    write(project, helpers=LAYERS, tool__scripts__main="import helpers\ny = helpers.x\ny")
    (project / "tool/setup.py").write_text("")
    assert not is_symbolic(value_of(analyse("tool/scripts/main.py"), "y"))


def test_a_helper_that_does_not_name_keras_is_read(project: Path) -> None:
    write(project, helpers="def flip(t):\n    return t[:, ::-1]\n")
    write(project, main=LAYERS + "from helpers import flip\ny = flip(x)\ny")
    assert is_symbolic(value_of(analyse("main.py"), "y"))


@pytest.mark.parametrize(
    "read", ["from names import *\nDense", "import names as n\nn.Dense", "from names import Dense\nDense"]
)
def test_names_of_a_star_import_are_handed_on(project: Path, read: str) -> None:
    write(project, names="from keras.layers import *\n", main=read)
    assert paths_of(analyse("main.py"), read.partition("\n")[2]) == {"keras.layers.Dense"}


def test_modules_that_import_each_other_are_run_once(project: Path) -> None:
    write(project, one="import two\nx = two.make()\n", two=f"import one\n{LAYERS}def make():\n    return x\n")
    write(project, main="import one\ny = one.x\ny")
    assert is_symbolic(value_of(analyse("main.py"), "y"))


def test_a_file_that_uses_a_function_shows_what_it_is_called_with(project: Path) -> None:
    write(project, helpers="import tensorflow as tf\ndef half(t):\n    return tf.abs(t) / 2\n")
    write(project, main=LAYERS + "from helpers import half\ny = half(x)\n")
    users = Surroundings([Path("helpers.py")]).users_of([Path("helpers.py")])
    assert users == [project / "main.py"]
    assert is_symbolic(value_of(analyse("helpers.py", users), "t"))
    assert not is_symbolic(value_of(analyse("helpers.py"), "t"))


def test_files_that_import_what_imports_a_file_use_it_too(project: Path) -> None:
    write(project, net__ops="", net__blocks="from .ops import f\n", examples__run="from net import blocks\n")
    (project / "setup.py").write_text("")
    users = Surroundings([Path("net/ops.py")]).users_of([Path("net/ops.py")])
    assert users == [project / "examples/run.py", project / "net/blocks.py"]


def test_one_file_of_a_project_is_migrated_as_with_all_of_them(project: Path) -> None:
    write(project, helpers="import tensorflow as tf\ndef half(t):\n    return tf.abs(t) / 2\n")
    write(project, main=LAYERS + "from helpers import half\ny = half(x)\n")
    (alone,) = migrate([load(Path("helpers.py"))])
    together = migrate([load(Path("helpers.py")), load(Path("main.py"))])[0]
    assert alone.changed
    assert alone.document.source == together.document.source


def test_a_file_that_gets_keras_from_another_one_is_migrated(project: Path) -> None:
    write(project, net__backend="from keras import backend as K\n")
    write(
        project, net__losses="from .backend import K\n\n\ndef loss(a, b):\n    return K.mean(K.abs(a - b))\n"
    )
    (outcome,) = migrate([load(Path("net/losses.py"))])
    assert outcome.document.source == (
        "import keras\n\n\ndef loss(a, b):\n    return keras.ops.mean(keras.ops.abs(a - b))\n"
    )


@pytest.mark.parametrize(
    "user",
    [
        "from models import *\nprint(K.epsilon())",
        "import models\nmodels.K",
        "from models import K\nK.epsilon()",
    ],
)
def test_a_name_that_another_file_takes_is_kept(project: Path, user: str) -> None:
    write(project, models="from keras import backend as K\n\ndef f(a):\n    return K.exp(a)\n", main=user)
    (outcome,) = migrate([load(Path("models.py"))])
    assert "keras.ops.exp(a)" in outcome.document.source
    assert "from keras import backend as K" in outcome.document.source


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a.b as c, d\n", [(0, "a.b"), (0, "d")]),
        ("from .a import (b,  # first\n    c)\n", [(1, "a"), (1, "a.b"), (1, "a.c")]),
        ("    from .. import b as c\n", [(2, "b")]),
        ("from a import *\n", [(0, "a")]),
        ("print('import a')\n", []),
    ],
)
def test_imports_are_read_from_the_text(text: str, names: list[tuple[int, str]]) -> None:
    assert list(imported_names(text)) == names


def test_a_notebook_that_uses_a_function_shows_what_it_is_called_with(project: Path) -> None:
    write(project, helpers="import tensorflow as tf\n\n\ndef half(t):\n    return tf.abs(t) / 2\n")
    code = [LAYERS + "from helpers import half\n", "y = half(x)\n"]
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}
        for text in code
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (project / "demo.ipynb").write_text(json.dumps(notebook))
    (outcome,) = migrate([load(Path("helpers.py"))])
    assert "keras.ops.abs(t) / 2" in outcome.document.source


def test_a_function_of_another_module_becomes_a_layer_that_calls_it(project: Path) -> None:
    write(project, act="from keras import backend as K\n\n\ndef swish(x):\n    return x * K.sigmoid(x)\n")
    write(project, main=LAYERS + "import act\ny = keras.layers.Lambda(act.swish)(x)\n")
    outcomes = migrate([load(Path("main.py")), load(Path("act.py"))])
    assert "class Swish(keras.layers.Layer):" in outcomes[0].document.source
    assert "return act.swish(inputs)" in outcomes[0].document.source
    assert "def swish(x):" in outcomes[1].document.source
