"""What is ruled out on bytes: never a file that has anything to say."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keras_upgrade import engine
from keras_upgrade.documents import Unread, load
from keras_upgrade.relevance import relevant

MODEL = "from keras.layers import Dense\nlayer = Dense(output_dim=3)\n"
PLAIN = "import os\n\nprint(os.getcwd())\n"


def names(found: set[Path]) -> set[str]:
    return {path.name for path in found}


def write(folder: Path, **texts: str) -> list[Path]:
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.py")
        paths[-1].write_text(text)
    return paths


def test_what_names_keras_is_relevant_and_the_rest_is_not(tmp_path: Path) -> None:
    paths = write(tmp_path, model=MODEL, plain=PLAIN, shouts="# KERAS\n", tensors="import TensorFlow\n")
    assert names(relevant(paths)) == {"model.py", "shouts.py", "tensors.py"}


def test_importers_are_relevant_however_far_away(tmp_path: Path) -> None:
    paths = write(
        tmp_path, model=MODEL, one="from model import layer\n", two="import one\n", other="import os\n"
    )
    assert names(relevant(paths)) == {"model.py", "one.py", "two.py"}


def test_a_file_around_hands_keras_on(tmp_path: Path) -> None:
    write(tmp_path, model=MODEL)
    paths = write(tmp_path, script="from model import layer\nlayer.kernel\n")
    assert names(relevant(paths)) == {"script.py"}


def test_helpers_of_programs_are_relevant_if_they_use_what_is_gone(tmp_path: Path) -> None:
    helper = "from scipy.misc import imread\n"
    paths = write(tmp_path, model=f"import images, texts\n{MODEL}", images=helper, texts=PLAIN, alone=helper)
    assert names(relevant(paths)) == {"model.py", "images.py"}


def test_notebooks_import_too(tmp_path: Path) -> None:
    write(tmp_path, model=MODEL)
    notebook = tmp_path / "book.ipynb"
    cells = [
        {
            "cell_type": "code",
            "source": ["import os\n", "from model import layer\n"],
            "metadata": {},
            "outputs": [],
        }
    ]
    notebook.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    assert names(relevant([notebook])) == {"book.ipynb"}


def test_other_letters_are_not_ruled_out(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_bytes(b"# coding: utf-7\nimport +AGsAZQByAGEAcw-\n")
    wide = tmp_path / "wide.py"
    wide.write_bytes("import keras\n".encode("utf-16"))
    notebook = tmp_path / "book.ipynb"
    notebook.write_text('{"cells": [{"cell_type": "code", "source": "import \\u006beras"}]}')
    assert relevant([path, wide, notebook]) == {path, wide, notebook}


def test_what_cannot_be_read_is_left_to_be_reported(tmp_path: Path) -> None:
    assert relevant([tmp_path / "missing.py"]) == {tmp_path / "missing.py"}


def test_a_ruled_out_file_is_read_when_something_is_asked_for(tmp_path: Path) -> None:
    (path,) = write(tmp_path, plain=PLAIN)
    document = Unread(path)
    before = document.is_read
    assert document.source == PLAIN
    assert (before, document.is_read) == (False, True)
    assert document.to_bytes() == path.read_bytes()


LINES = st.sampled_from(
    [
        "import a", "import b", "import c", "from a import layer", "from b import layer", "from c import *",
        "import numpy as np",
        "from keras.layers import Dense", "layer = Dense(output_dim=3)", "x = np.float(3)", "from keras import backend as K",
        "y = K.exp(1.0)", "import os", "from scipy.misc import imread", "def f(x):\n    return imread(x)",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(LINES, max_size=6), min_size=3, max_size=3))
def test_ruling_out_changes_no_findings(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("project")
    paths = write(folder, **{name: "\n".join(lines) + "\n" for name, lines in zip("abc", files, strict=True)})
    wanted = relevant(paths)
    everything = engine.check([load(path) for path in paths])
    sparing = engine.check([load(path) if path in wanted else Unread(path) for path in paths])
    assert [outcome.left for outcome in sparing] == [outcome.left for outcome in everything]
