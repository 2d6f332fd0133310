"""Requirements that forbid Keras 3: in lists for pip, Poetry and conda, in notebooks, in `setup.py`."""

import json
import tomllib
from pathlib import Path

import pytest

from keras_upgrade.documents import DocumentError, discover, load, loads
from keras_upgrade.engine import Outcome, migrate


def listed(text: str, name: str = "requirements.txt") -> Outcome:
    outcome = migrate([loads(text, "requirements", Path(name))])[0]
    assert outcome.failures == []
    again = migrate([outcome.document])[0]
    assert again.applied == []
    assert [r.finding.message for r in again.left] == [r.finding.message for r in outcome.left]
    return outcome


def advised(outcome: Outcome) -> list[tuple[int, str]]:
    """The line of each advice, and the requirement that it is about."""
    return [(r.position.line, r.finding.message.split("`")[1]) for r in outcome.left]


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
    "keras>=2.2,<3.0.0\n": "keras>=3\n",
    "tensorflow==2\n": "tensorflow>=2.16\n",
    "tensorflow-macos==2.12 ; sys_platform == 'darwin'\n": "tensorflow>=2.16 ; sys_platform == 'darwin'\n",
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


def test_versions_with_a_hash_are_for_the_tool_that_wrote_them() -> None:
    text = "keras==2.3.1 \\\n    --hash=sha256:0123\ntensorflow==1.15.0 --hash=sha256:4567\n"
    outcome = listed(text)
    assert outcome.document.source == text
    assert advised(outcome) == [(1, "keras==2.3.1"), (3, "tensorflow==1.15.0")]
    assert outcome.left[0].finding.message.endswith("write `keras>=3`.")


def changed(before: str, after: str, *pairs: tuple[str, str]) -> None:
    """That what became of `before` is `after`, which differs from it in the pairs only."""
    for old, new in pairs:
        assert before.count(old) == 1
        before = before.replace(old, new)
    assert after == before


PROJECT = """\
# keras==2.3.1 is what it was written for
[build-system]
requires = ["setuptools", 'tensorflow==1.15']

[project]
name = "keras"  # not a requirement
version = "2.3.1"
description = \"\"\"
dependencies = ["keras==2.3.1"]
\"\"\"
requires-python = ">=3.6,<3.8"
dependencies = [
    "keras==2.3.1",  # the old one
    'tensorflow-gpu>=1.14,<2.0 ; sys_platform == "linux"',
    "tensorflow (>=2.10,<2.16)",
    "keras-applications==1.0.8", # ]
    "tensorflow-hub>=0.8", "keras\\u002dgpu==2.3",
    "Keras_Preprocessing"
]
optional-dependencies.addons = ["tensorflow-addons", "keras-applications==1.0"]

[tool.lists."project.optional-dependencies"]
old = ["keras==2.2.0"]

[dependency-groups]
test = [{include-group = "keras==2.0.1"}, "tensorflow-cpu<2.16"]

[[tool.other]]
dependencies = ["keras==2.1.1"]
when = 1979-05-27 07:32:00
many = [1.5, [{a = "b#"}], '''keras==2.1.2''', true]
"""


def test_pyproject() -> None:
    outcome = listed(PROJECT, "pyproject.toml")
    changed(
        PROJECT,
        outcome.document.source,
        ("'tensorflow==1.15'", "'tensorflow>=2.16'"),
        ('    "keras==2.3.1",', '    "keras>=3",'),
        ("tensorflow-gpu>=1.14,<2.0 ;", "tensorflow>=2.16 ;"),
        ("tensorflow (>=2.10,<2.16)", "tensorflow>=2.16"),
        ('    "keras-applications==1.0.8", # ]\n', ""),
        ('    "Keras_Preprocessing"\n', ""),
        ("tensorflow-cpu<2.16", "tensorflow-cpu>=2.16"),
    )
    assert advised(outcome) == [
        (11, ">=3.6,<3.8"),
        (18, "tensorflow-addons"),
        (18, "keras-applications==1.0"),
    ]
    assert tomllib.loads(outcome.document.source)["project"]["dependencies"] == [
        "keras>=3",
        'tensorflow>=2.16 ; sys_platform == "linux"',
        "tensorflow>=2.16",
        "tensorflow-hub>=0.8",
        "keras-gpu==2.3",
    ]


def test_extras_of_a_project() -> None:
    text = '[project.optional-dependencies]\r\n"a.b" = [ "keras[x]~=2.2.4", ]\r\n'
    outcome = listed(text, "pyproject.toml")
    changed(text, outcome.document.source, ("keras[x]~=2.2.4", "keras[x]>=3"))


POETRY = """\
[tool.poetry]
name = "mine"
[tool.poetry.dependencies]
python = "~3.7"
tensorflow-gpu = "^1.15"  # the old one
keras = {version = "^2.3.1", optional = true}
tf-nightly = [
  {version = "~2.2", python = "<3.8"},
  {version = "2.18", python = ">=3.8"},
]
numpy = "^1.16"
h5py = "2.10.0"
keras-applications = "*"
[tool.poetry.group.dev.dependencies.tensorflow-cpu]
version = "==1.15"
markers = "sys_platform == 'linux'"
[tool.poetry.extras]
old = ["keras"]
[tool.poetry.source]
keras = "^2.3.1"
"""


def test_poetry() -> None:
    outcome = listed(POETRY, "pyproject.toml")
    changed(
        POETRY,
        outcome.document.source,
        ('tensorflow-gpu = "^1.15"', 'tensorflow = ">=2.16"'),
        ('keras = {version = "^2.3.1"', 'keras = {version = ">=3"'),
        ('"==1.15"', '">=2.16"'),
    )
    assert advised(outcome) == [
        (4, 'python = "~3.7"'),
        (8, 'tf-nightly = "~2.2"'),
        (12, 'h5py = "2.10.0"'),
        (13, 'keras-applications = "*"'),
    ]


POETRY_VERSIONS = {
    "^1.15": ">=2.16",
    "~2.15.1": ">=2.16",
    "2.15": ">=2.16",
    "1.*": ">=2.16",
    ">=1.15 <2.0": ">=2.16",
    "^1.15 || ~2.3": ">=2.16",
    "^2.1.0": None,
    "~2": None,
    "2.*": None,
    "*": None,
    "2.16.1": None,
    "^1.15 || ^2.18": None,
    ">=2.4,<3.0": None,
}


@pytest.mark.parametrize("before", POETRY_VERSIONS)
def test_versions_of_poetry(before: str) -> None:
    text = "[tool.poetry.dependencies]\ntensorflow = '{}'\n"
    outcome = listed(text.format(before), "pyproject.toml")
    assert outcome.document.source == text.format(POETRY_VERSIONS[before] or before)
    assert outcome.left == []


@pytest.mark.parametrize(
    "more", ["tensorflow = '>=2.16'\n", "[tool.poetry.extras]\ngpu = ['tensorflow-gpu']\n"]
)
def test_a_name_that_others_depend_on_is_not_changed(more: str) -> None:
    text = f"[tool.poetry.dependencies]\ntensorflow-gpu = '^1.15'\n{more}"
    outcome = listed(text, "pyproject.toml")
    assert outcome.document.source == text
    assert advised(outcome) == [(2, 'tensorflow-gpu = "^1.15"')]


SETUP_CFG = """\
[metadata]
name = keras
description = a text
    keras==2.3.1
[options]
python_requires = >=3.6,<3.8
packages = find:
install_requires =
    keras==2.3.1
    # keras==2.2.0
    keras-applications==1.0.8
    tensorflow-gpu>=1.14,<2.0; sys_platform == "linux"
    numpy
tests-require = tensorflow==1.15; pytest; keras-preprocessing
[options.extras_require]
cpu = tensorflow-cpu==1.15
[flake8]
ignore =
    keras==2.0.1
"""


def test_setup_cfg() -> None:
    outcome = listed(SETUP_CFG, "setup.cfg")
    changed(
        SETUP_CFG,
        outcome.document.source,
        ("=\n    keras==2.3.1\n    #", "=\n    keras>=3\n    #"),
        ("    keras-applications==1.0.8\n", ""),
        ("tensorflow-gpu>=1.14,<2.0;", "tensorflow>=2.16;"),
        ("= tensorflow==1.15;", "= tensorflow>=2.16;"),
        ("tensorflow-cpu==1.15", "tensorflow-cpu>=2.16"),
    )
    assert advised(outcome) == [(6, ">=3.6,<3.8"), (13, "keras-preprocessing")]


ENVIRONMENT = """\
# conda env create -f environment.yml
name: keras==2.3.1
channels:
  - conda-forge
  - keras=2.0
dependencies:   # all of them
  - python=3.6
  - tensorflow=1.15   # the old one
  - "keras==2.3.1"
  - 'tensorflow-gpu >=1.14,<2.0'
  - anaconda::tensorflow==1.10.0
  - keras 2.2.*
  - tensorflow=1.13.1=gpu_py36h3991807_0
  - tensorflow-gpu
  - tensorflow=2
  - keras-applications=1.0.8
  - tensorflow-base=1.13.1=py36_1
  - numpy=1.16.4=py36h7e9f1db_0
  - pillow=6.0.0=py36h34e0f95_0
  - pip
  - pip:
    # for pip
    - keras==2.3.0
    - tensorflow~=1.15.0 ; python_version < '3.8'
    - git+https://github.com/keras-team/keras-contrib.git#egg=keras
    - -r requirements.txt
    - keras-preprocessing
  - h5py
variables:
  - keras==2.0.1
prefix: /home/me/keras
"""


def test_conda() -> None:
    outcome = listed(ENVIRONMENT, "environment.yml")
    changed(
        ENVIRONMENT,
        outcome.document.source,
        ("- python=3.6", "- python=3.12"),
        ("- tensorflow=1.15 ", "- tensorflow>=2.16 "),
        ('"keras==2.3.1"', '"keras>=3"'),
        ("tensorflow-gpu >=1.14,<2.0", "tensorflow>=2.16"),
        ("anaconda::tensorflow==1.10.0", "anaconda::tensorflow>=2.16"),
        ("keras 2.2.*", "keras>=3"),
        ("tensorflow=1.13.1=gpu_py36h3991807_0", "tensorflow>=2.16"),
        ("  - keras-applications=1.0.8\n", ""),
        ("- keras==2.3.0", "- keras>=3"),
        ("- tensorflow~=1.15.0 ;", "- tensorflow>=2.16 ;"),
        ("    - keras-preprocessing\n", ""),
    )
    assert advised(outcome) == [
        (16, "tensorflow-base=1.13.1=py36_1"),
        (17, "numpy=1.16.4=py36h7e9f1db_0"),
        (18, "pillow=6.0.0=py36h34e0f95_0"),
    ]
    assert all(report.finding.assumption for report in outcome.applied)


PYTHONS = {
    "python=3.6": "python=3.12",
    "python==3.7.3": "python=3.12",
    "python=3.7.3=h8c8aaf0_1": "python=3.12",
    "python 3.6": "python=3.12",
    "python>=3.6,<3.8": "python=3.12",
    "python=3.6|3.7": "python=3.12",
    "python=2.7": "python=3.12",
    "python=3": "python=3",
    "python>=3.6": "python>=3.6",
    "python=3.10": "python=3.10",
    "python": "python",
}


@pytest.mark.parametrize("before", PYTHONS)
def test_python_of_conda(before: str) -> None:
    text = "dependencies:\n- {}\n- tensorflow\n"
    assert listed(text.format(before), "environment.yaml").document.source == text.format(PYTHONS[before])


LEFT_ALONE = {
    "environment.yml": (
        "dependencies:\n- python=3.6\n- tensorboardx=1.0\n# keras\n",
        "dependencies:\n- tensorflow>=2.16\n- keras=3.3\n- python=3.11\n- keras-tuner=1.0\n- numpy<2\n",
        "jobs:\n  dependencies:\n  - keras==2.3.1\n",
        "keras: [\n- keras==2.3.1\n",
    ),
    "pyproject.toml": (
        '[project]\nname = "keras"\nrequires-python = "<3.8"\ndependencies = ["tensorflow-hub"]\n',
        '[project]\nrequires-python = ">=3.6"\ndependencies = ["keras>=3", "tensorflow>=2.16,<3"]\n',
        '[project]\ndependencies = ["keras==2.3.1"\n',
        '[tool.poetry.dependencies]\nkeras = {git = "https://github.com/keras-team/keras.git", tag = "2.3.1"}\n',
    ),
    "setup.cfg": (
        "[tool:pytest]\naddopts = keras==2.3.1\n",
        "[options]\npython_requires = >=3.6, <4\ninstall_requires =\n  keras>=3\n  tensorflow\n",
    ),
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in LEFT_ALONE for text in LEFT_ALONE[name]])
def test_what_is_right_or_not_a_requirement_stays(name: str, text: str) -> None:
    outcome = listed(text, name)
    assert outcome.document.source == text
    assert outcome.left == []


def test_a_list_does_not_become_empty() -> None:
    text = "dependencies:\n- keras\n- pip:\n  - keras-applications\n"
    outcome = listed(text, "environment.yml")
    assert outcome.document.source == text
    assert advised(outcome) == [(4, "keras-applications")]


def test_python_of_setup() -> None:
    text = (
        "from setuptools import setup\n\nsetup(python_requires='>=3.6,<3.8', install_requires=['keras>=3'])\n"
    )
    outcome = migrate([loads(text)])[0]
    assert outcome.document.source == text
    assert advised(outcome) == [(3, "'>=3.6,<3.8'")]


def test_only_these_files_are_read(tmp_path: Path) -> None:
    read = ["environment.yaml", "environment.yml", "pyproject.toml", "setup.cfg"]
    others = ["Pipfile", "poetry.lock", "ci.yml", "environment.toml", "my.yaml", "setup.toml", "tox.ini"]
    for name in read + others:
        (tmp_path / name).write_text("keras==2.3.1\n")
    assert [path.name for path in discover([tmp_path]) if isinstance(path, Path)] == read
    for name in others:
        with pytest.raises(DocumentError, match="nor a list of requirements"):
            load(tmp_path / name)


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
