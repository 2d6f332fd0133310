"""Requirements that forbid Keras 3: in lists for pip, in notebooks, in `setup.py`."""

import json
from pathlib import Path

import pytest

from keras_upgrade.documents import DocumentError, discover, load, loads
from keras_upgrade.engine import Outcome, migrate


def listed(text: str) -> Outcome:
    outcome = migrate([loads(text, "requirements", Path("requirements.txt"))])[0]
    assert outcome.failures == []
    return outcome


LINES = {
    "tensorflow==1.15.0\n": "tensorflow>=2.16\n",
    "tensorflow-gpu\n": "tensorflow>=2.16\n",
    "Tensorflow_GPU>=1.4,<2.0  # old\n": "tensorflow>=2.16  # old\n",
    "tensorflow[and-cuda]==2.15.*\n": "tensorflow[and-cuda]>=2.16\n",
    "tensorflow-cpu<=2.10\n": "tensorflow-cpu>=2.16\n",
    "tensorflow==2.0.0-beta1\n": "tensorflow>=2.16\n",
    "keras==2.3.1 ; python_version < '3.8'\n": "keras>=3 ; python_version < '3.8'\n",
    "Keras~=2.2.4\r\nnumpy\r\n": "keras>=3\r\nnumpy\r\n",
    "# Keras\nkeras-applications==1.0.8\nKeras_Preprocessing>=1.0\npillow\n": "# Keras\npillow\n",
    "keras-preprocessing": "",
}


@pytest.mark.parametrize("before", LINES)
def test_lines(before: str) -> None:
    outcome = listed(before)
    assert outcome.document.source == LINES[before]
    assert listed(outcome.document.source).document.source == LINES[before]
    assert all(report.finding.assumption for report in outcome.applied)


RIGHT = """\
tensorflow
tensorflow>=2.4
tensorflow==2.16.1
tensorflow~=2.18
tensorflow!=2.17
keras>=2.4
keras==3.3.3
tf-keras==2.15
keras-tuner==1.0.1
numpy<2
numpy==2.0.1
h5py>=2.9
-r other.txt
git+https://github.com/keras-team/keras.git
keras @ https://example.org/keras-2.3.1.zip
# keras==2.3.1
"""


def test_right_lines_stay() -> None:
    outcome = listed(RIGHT)
    assert outcome.document.source == RIGHT
    assert outcome.left == []


def test_what_does_not_go_with_tensorflow_is_advised() -> None:
    outcome = listed("keras>=3\nnumpy==1.16.4\nh5py<3\nprotobuf~=3.19.0\ntensorflow-addons\n")
    assert [(r.position.line, r.finding.code) for r in outcome.left] == [(n, "KU908") for n in (2, 3, 4, 5)]
    assert "`numpy>=1.26`" in outcome.left[0].finding.message


def notebook(*cells: str) -> list[str]:
    content = {
        "cells": [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell}
            for cell in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    outcome = migrate([loads(json.dumps(content), "notebook")])[0]
    assert outcome.failures == []
    return [cell.source for cell in outcome.document.cells]


CELLS = {
    "!pip install tensorflow==1.15 keras==2.3.1": '!pip install "tensorflow>=2.16" "keras>=3"',
    "%pip install -q 'keras<3' pillow\nx = 1": "%pip install -q 'keras>=3' pillow\nx = 1",
    "  !pip3 install -U keras-applications h5py": "  !pip3 install -U h5py",
    "!python -m pip install tensorflow-gpu==2.0.0-rc1": '!python -m pip install "tensorflow>=2.16"',
    "%tensorflow_version 1.x\nimport keras": "import keras",
    "try:\n  %tensorflow_version 2.x\nexcept Exception:\n  pass": None,
    "!echo keras==2.3.1": "!echo keras==2.3.1",
    "x = 'pip install keras==2.3.1'": "x = 'pip install keras==2.3.1'",
    "!pip install keras": "!pip install keras",
}


@pytest.mark.parametrize("before", CELLS)
def test_cells(before: str) -> None:
    assert notebook("import keras", before)[1] == (CELLS[before] or before)


def test_files_are_found_and_written(tmp_path: Path) -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "notes.txt", "a.py"):
        (tmp_path / name).write_bytes(
            b"\xef\xbb\xbfkeras==2.3.1\r\n" if name.endswith(".txt") else b"import keras\n"
        )
    found = [path for path in discover([tmp_path]) if isinstance(path, Path)]
    assert [path.name for path in found] == [
        "a.py",
        "dev-requirements.txt",
        "requirements-dev.txt",
        "requirements.txt",
    ]
    outcomes = migrate([load(path) for path in found])
    assert [outcome.document.to_bytes() for outcome in outcomes[1:]] == [b"\xef\xbb\xbfkeras>=3\r\n"] * 3
    with pytest.raises(DocumentError):
        load(tmp_path / "notes.txt")
