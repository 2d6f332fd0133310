"""Our hooks, run by the real pre-commit on a repository with a module and a notebook."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .commands import NEW, OLD, REPOSITORY, run

pytestmark = pytest.mark.slow

HELPERS = "from keras import backend as K\n"
CELL = "from helpers import K\ntotal = K.sum(K.ones((2,)))"
ADVICE = "from keras import backend as K\n\n\ndef slope(y, x):\n    return K.gradients(y, x)\n"
PACKAGE = ("src", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


@dataclass
class Project:
    """A repository that uses the hooks."""

    folder: Path
    env: dict[str, str]

    def git(self, *words: str, cwd: Path | None = None) -> str:
        """Runs git."""
        return run("git", *words, cwd=cwd or self.folder, env=self.env).stdout.strip()

    def hook(self, name: str, *, status: int) -> str:
        """Runs a hook on all files; gives what it prints."""
        command = (sys.executable, "-m", "pre_commit", "run", name, "--all-files", "--color=never")
        return run(*command, cwd=self.folder, env=self.env, status=status).stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A repository whose hooks come from a clone of this one as it is now."""
    folder = tmp_path_factory.mktemp("pre_commit")
    env = {"PRE_COMMIT_HOME": str(folder / "cache"), "GIT_CONFIG_GLOBAL": "", "GIT_CONFIG_NOSYSTEM": "1"}
    env |= {f"GIT_{role}_{what}": "tester" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    project = Project(folder / "project", env)
    hooks = folder / "hooks"
    for path in (hooks, project.folder):
        path.mkdir()
        project.git("init", "--quiet", cwd=path)
    for name in PACKAGE:
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy2
        copy(REPOSITORY / name, hooks / name)
    project.git("add", "--all", cwd=hooks)
    project.git("commit", "--quiet", "-m", "hooks", cwd=hooks)
    revision = project.git("rev-parse", "HEAD", cwd=hooks)
    used = [{"id": "keras-upgrade-check"}, {"id": "keras-upgrade-fix"}]
    config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": used}]}
    (project.folder / ".pre-commit-config.yaml").write_text(json.dumps(config))
    return project


@pytest.fixture(autouse=True)
def _old_files(project: Project) -> None:
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": [CELL]}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    files = {
        "helpers.py": HELPERS,
        "size.py": OLD,
        "book.ipynb": json.dumps(book),
        "train": f"#!/usr/bin/env python\n{OLD}",
    }
    for name, content in files.items():
        (project.folder / name).write_text(content)
    (project.folder / "train").chmod(0o755)
    (project.folder / "notes.txt").write_text(OLD)
    project.git("add", "--all")


def test_check_finds_and_changes_nothing(project: Project) -> None:
    told = project.hook("keras-upgrade-check", status=1)
    assert "- exit code: 1" in told
    assert "size.py:5:12 KU301 [fix] `keras.backend.sum` is gone" in told
    assert "book.ipynb: cell 0:2:9 KU301 [fix] `keras.backend.sum` is gone" in told
    assert "train:6:12 KU301" in told
    assert "notes.txt" not in told
    assert "modified" not in told
    assert project.git("diff", "--stat") == ""


def test_fix_mends_and_passes_the_second_time(project: Project) -> None:
    told = project.hook("keras-upgrade-fix", status=1)
    assert "- files were modified by this hook" in told
    assert (project.folder / "size.py").read_text() == NEW
    assert (project.folder / "train").read_text() == f"#!/usr/bin/env python\n{NEW}"
    (cell,) = json.loads((project.folder / "book.ipynb").read_text())["cells"]
    assert "total = keras.ops.sum(keras.ops.ones((2,)))" in "".join(cell["source"])
    for hook in ("keras-upgrade-fix", "keras-upgrade-check"):
        assert "Passed" in project.hook(hook, status=0)


def test_advices_are_for_check_not_for_fix(project: Project) -> None:
    project.git("rm", "--quiet", "-rf", "--cached", ".")
    (project.folder / "slope.py").write_text(ADVICE)
    (project.folder / "legacy.py").write_text(OLD)
    (project.folder / "pyproject.toml").write_text('[tool.keras-upgrade]\nexclude = ["legacy*"]\n')
    project.git("add", "slope.py", "legacy.py", ".pre-commit-config.yaml")
    assert "Passed" in project.hook("keras-upgrade-fix", status=0)
    told = project.hook("keras-upgrade-check", status=1)
    assert "slope.py:5:12 KU307 [advice]" in told
    assert "legacy.py" not in told
