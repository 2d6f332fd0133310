"""The package, built once, and an environment that has it and nothing else."""

import os
import sys
from pathlib import Path

import pytest

from .commands import REPOSITORY, UV, run


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(*UV, "build", "--quiet", "--out-dir", str(folder), str(REPOSITORY))
    return folder


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    """The wheel."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment into which only the wheel was installed."""
    folder = tmp_path_factory.mktemp("environment")
    run(*UV, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(*UV, "pip", "install", "--quiet", "--python", str(programs / "python"), str(wheel))
    return programs
