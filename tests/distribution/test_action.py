"""The steps of the GitHub Action, run on a pull request without GitHub."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from .commands import NEW, OLD, REPOSITORY, run
from .workflow import Result, Runner

pytestmark = pytest.mark.slow

INSTALL = "Install keras-upgrade"
PACKAGE = ("src", "pyproject.toml", "README.md", "LICENSE", "action.yml")
ENV = {"GIT_CONFIG_GLOBAL": "", "GIT_CONFIG_NOSYSTEM": "1"} | {
    f"GIT_{role}_{what}": "tester" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}


def git(folder: Path, *words: str) -> None:
    run("git", *words, cwd=folder, env=ENV)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner that has the action installed, from a checkout of this repository in a folder with a blank."""
    folder = tmp_path_factory.mktemp("a runner")
    action, temporary, empty = folder / "action", folder / "temp", folder / "empty"
    for path in (action, temporary, empty):
        path.mkdir()
    for name in PACKAGE:
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy2
        copy(REPOSITORY / name, action / name)
    made = Runner(action, temporary, {"actions/setup-python": {"python-path": sys.executable}})
    result = made.run(empty, {})
    assert result.failed == [], result.log
    assert result.outputs == {"status": "0"}
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A checkout, as shallow as that of `actions/checkout`, of a pull request that adds `new file.py`."""
    origin, folder = tmp_path / "origin", tmp_path / "workspace"
    origin.mkdir()
    git(origin, "init", "--quiet", "--initial-branch=main")
    (origin / "old.py").write_text(OLD)
    (origin / "gone.py").write_text(OLD)
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "-m", "old")
    git(origin, "switch", "--quiet", "-c", "pull")
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": [OLD]}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (origin / "book.ipynb").write_text(json.dumps(book, indent=1))
    (origin / "new file.py").write_text(OLD)
    (origin / "notes.txt").write_text(OLD)
    (origin / "gone.py").unlink()
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "-m", "new")
    run("git", "clone", "--quiet", "--depth=1", "--branch=pull", origin.as_uri(), str(folder), env=ENV)
    return folder


def use(runner: Runner, workspace: Path, base: str = "", **inputs: str) -> Result:
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return runner.run(workspace, given, base, skip=(INSTALL,))


def annotated(result: Result) -> set[str]:
    """The files with annotations."""
    lines = [line for line in result.log.splitlines() if line.startswith(("::error ", "::warning "))]
    return {line.partition("file=")[2].partition(",")[0] for line in lines}


def test_findings_annotate_the_files_and_fail_the_job(runner: Runner, workspace: Path) -> None:
    result = use(runner, workspace)
    assert (result.failed, result.outputs) == (["Check"], {"status": "1"})
    assert annotated(result) == {"old.py", "new file.py", "book.ipynb"}
    assert "file=old.py,line=5,endLine=5,col=12," in result.log
    assert "title=KU301" in result.log
    assert result.summary.startswith(
        "### keras-upgrade: 6 fixable, 0 to review, 0 for you, 0 unknown names, in 3 of 3 files\n"
    )
    assert "KU301 backend-function" in result.summary


def test_only_the_files_of_the_pull_request(runner: Runner, workspace: Path) -> None:
    result = use(runner, workspace, base="main", only_changed="true")
    assert annotated(result) == {"new file.py", "book.ipynb"}
    assert annotated(
        use(runner, workspace, base="main", only_changed="true", paths="book.ipynb\nold.py")
    ) == {"book.ipynb"}


def test_a_pull_request_of_other_files(runner: Runner, workspace: Path) -> None:
    result = use(runner, workspace, base="main", only_changed="true", paths="notes.txt")
    assert (result.failed, result.log, result.summary) == ([], "There is no file to check.\n", "")


def test_right_files_pass(runner: Runner, workspace: Path) -> None:
    (workspace / "new file.py").write_text(NEW)
    result = use(runner, workspace, paths="\nnew file.py\n\n")
    assert (result.failed, result.outputs, annotated(result)) == ([], {"status": "0"}, set())


def test_findings_need_not_fail_the_job_but_errors_do(runner: Runner, workspace: Path) -> None:
    result = use(runner, workspace, fail_on="error")
    assert (result.failed, result.outputs) == ([], {"status": "1"})
    assert annotated(result) == {"old.py", "new file.py", "book.ipynb"}
    (workspace / "broken.py").write_text("from keras import (\n")
    result = use(runner, workspace, fail_on="error")
    assert (result.failed, result.outputs) == (["Check"], {"status": "2"})


def test_options_are_handed_on(runner: Runner, workspace: Path) -> None:
    result = use(runner, workspace, args="--exclude old.py\n  --exclude *.ipynb")
    assert annotated(result) == {"new file.py"}


def test_inputs_are_never_run(runner: Runner, workspace: Path) -> None:
    attack = '$(touch hacked)`touch hacked`"; touch hacked; "'
    for name in ("paths", "args", "fail-on", "only-changed"):
        runner.run(workspace, {name: attack}, skip=(INSTALL,))
    assert not (workspace / "hacked").exists()


def test_a_version_can_be_chosen(workspace: Path, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\n[ "$2" = venv ] || { echo "called: $*"; exit 1; }\nmkdir -p "$3/bin"; cp "$0" "$3/bin/python"\n'
    )
    python.chmod(0o755)
    result = Runner(REPOSITORY, tmp_path, {"actions/setup-python": {"python-path": str(python)}}).run(
        workspace, {"version": "1.2"}
    )
    assert (result.failed, result.outputs) == ([INSTALL], {"status": ""})
    assert result.log == "called: -m pip install --quiet --disable-pip-version-check keras-upgrade==1.2\n"
