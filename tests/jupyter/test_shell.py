"""The magics in IPython without a notebook, and what loading them costs."""

# mypy: disable-error-code="no-untyped-call"

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

import keras_upgrade

PAGE = Path(__file__).parents[2] / "docs" / "working" / "jupyter.md"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A plain session of IPython in an empty folder, with the extension as cell 1."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "keras", None)  # what is tested here needs no Keras
    session = InteractiveShell()
    session.run_cell("%load_ext keras_upgrade", store_history=True)
    yield session
    assert session.history_manager is not None
    session.history_manager.end_session()


def test_the_session_is_checked(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("from keras import backend as K", store_history=True)
    shell.run_cell("x = K.sum(K.ones(3))", store_history=True)
    capsys.readouterr()
    assert shell.run_cell("%keras_upgrade", store_history=True).success
    assert capsys.readouterr().out.startswith("In [3], line 1: KU301 [fix] `keras.backend.sum` is gone\n")


def test_code_that_is_not_kept_is_migrated_too(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_cell("from keras import backend as K", store_history=True)
    capsys.readouterr()
    assert shell.run_cell("%%keras3\nx = K.exp(2)", store_history=False).success
    assert capsys.readouterr().out.startswith("- x = K.exp(2)\n+ import keras\n+ x = keras.ops.exp(2)\n")


def test_the_new_code_comes_to_the_next_prompt(shell: InteractiveShell) -> None:
    shell.run_cell("from keras import backend as K", store_history=True)
    shell.run_cell("%%keras3 --replace\nx = K.exp(2)", store_history=True)
    assert shell.rl_next_input == "import keras\nx = keras.ops.exp(2)"


def test_cells_see_the_modules_of_the_working_folder(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "helpers.py").write_text("from keras import backend as K\n")
    shell.run_cell("%%keras3\nfrom helpers import K\nx = K.exp(2)", store_history=True)
    assert "keras.ops.exp(2)" in capsys.readouterr().out


def test_the_settings_of_the_project_hold(
    shell: InteractiveShell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.keras-upgrade]\nignore = ["KU301"]\n')
    shell.run_cell("from keras import backend as K\nx = K.exp(2)", store_history=True)
    capsys.readouterr()
    shell.run_cell("%keras_upgrade", store_history=True)
    assert capsys.readouterr().out.startswith("Nothing found in the 3 cells")
    shell.run_cell("%keras_upgrade --isolated", store_history=True)
    assert "KU301 [fix]" in capsys.readouterr().out


def test_the_page_of_the_website_shows_what_happens(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(ipython|text)\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)
    assert blocks[0] == ("ipython", "%load_ext keras_upgrade")  # which the session has done
    shown = 0
    for language, block in blocks[1:]:
        if language == "ipython":
            capsys.readouterr()
            shell.run_cell(block, store_history=True)
        else:
            assert capsys.readouterr().out == f"{block}\n"
            shown += 1
    assert shown == 2


def test_an_internal_error_is_one_sentence(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("keras_upgrade.engine.check", broken)
    shell.run_cell("%keras_upgrade", store_history=True)
    captured = capsys.readouterr()
    assert "internal error: RuntimeError: a defect; please report it" in captured.out + captured.err
    assert "Traceback" not in captured.out + captured.err


def test_the_help_of_ipython_lists_the_options(shell: InteractiveShell) -> None:
    magic = shell.find_cell_magic("keras3")
    assert magic is not None
    assert "--replace" in str(magic.__doc__)
    assert "Shows the code below as it has to be on Keras 3" in str(magic.__doc__)


def test_importing_the_package_imports_no_ipython() -> None:
    code = "import sys, keras_upgrade; print([m for m in sys.modules if m.split('.')[0] in ('IPython', 'typing')])"
    where = {
        **os.environ,
        "PYTHONPATH": str(Path(keras_upgrade.__file__).parents[1]),
    }  # -S: no installed packages
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, env=where, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
