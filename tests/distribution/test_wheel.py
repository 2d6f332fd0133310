"""The wheel holds what it needs and nothing else, and works wherever it is installed."""

import sys
import tarfile
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest

from keras_upgrade import __version__

from .commands import NEW, OLD, REPOSITORY, UV, run

pytestmark = pytest.mark.slow

VERSION = f"keras-upgrade {__version__}\n"


def test_the_wheel_holds_the_package_and_its_data_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    source = REPOSITORY / "src"
    files = {
        path.relative_to(source).as_posix()
        for path in (source / "keras_upgrade").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == files
    assert "keras_upgrade/py.typed" in names
    assert any(name.startswith("keras_upgrade/knowledge/") and not name.endswith(".py") for name in names)


def test_the_source_distribution_holds_what_building_and_testing_need(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "src/keras_upgrade/py.typed",
        "tests/test_readme.py",
    } <= names
    assert not any(name.startswith((".venv", "demo-out", "dist")) for name in names)


def test_it_works_in_an_environment_of_its_own(environment: Path, tmp_path: Path) -> None:
    command = str(environment / "keras-upgrade")
    file = tmp_path / "old.py"
    file.write_text(OLD)
    assert run(command, "--version", cwd=tmp_path).stdout == VERSION
    assert "keras.ops" in run(command, "explain", "KU301", cwd=tmp_path).stdout
    assert (
        "KU301 [fix] `keras.backend.sum` is gone"
        in run(command, "check", "old.py", cwd=tmp_path, status=1).stdout
    )
    run(command, "fix", "old.py", cwd=tmp_path)
    assert file.read_text() == NEW
    assert run(
        str(environment / "python"), "-m", "keras_upgrade", "check", "old.py", cwd=tmp_path
    ).stdout == ("nothing found in 1 file, 0 unknown names\n")


def test_what_it_needs_is_installed_with_it(environment: Path) -> None:
    python = str(environment / "python")
    listed = run(*UV, "pip", "list", "--quiet", "--python", python, "--format=freeze").stdout
    direct = {requirement.partition(">")[0] for requirement in requires("keras-upgrade") or ()}
    assert {"keras-upgrade", *direct} <= {line.partition("==")[0] for line in listed.split()}
    run(*UV, "pip", "check", "--quiet", "--python", python)


def test_uvx_runs_it(wheel: Path, tmp_path: Path) -> None:
    uvx = (*UV, "tool", "run", "--quiet", "--python", sys.executable)
    assert run(*uvx, "--from", str(wheel), "keras-upgrade", "--version", cwd=tmp_path).stdout == VERSION


def test_pipx_runs_it(wheel: Path, tmp_path: Path) -> None:
    pipx = (sys.executable, "-m", "pipx", "run", "--quiet", "--python", sys.executable)
    homes = {"PIPX_HOME": str(tmp_path / "pipx")}
    done = run(*pipx, "--spec", str(wheel), "keras-upgrade", "--version", cwd=tmp_path, env=homes)
    assert done.stdout == VERSION
