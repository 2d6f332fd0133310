"""The interpreters that environments can be made of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from keras_upgrade.verify.environments import interpreters
from keras_upgrade.verify.environments.interpreters import EnvironmentMissing, Interpreter, numbers, probe
from keras_upgrade.verify.environments.recipes import Recipe


def base_python(recipe: Recipe) -> Interpreter:
    """An interpreter of a version that the recipe takes.

    Raises:
        EnvironmentMissing: there is none.
    """
    for version in recipe.pythons:
        for python in _installed(version):
            with suppress(EnvironmentMissing):  # a shim of pyenv for a version that is not switched on, say
                found = probe(python)
                if found.python_version.startswith(f"{version}."):
                    return found
    wanted = " or ".join(recipe.pythons)
    raise EnvironmentMissing(
        f"{recipe.title} needs Python {wanted}, which is not installed",
        f"Install it (uv python install {recipe.pythons[0]}, or pyenv install {recipe.pythons[0]}) and run the "
        "command again",
    )


def _installed(version: str) -> Iterator[Path]:
    """Where a Python of this minor version may be."""
    found = shutil.which(f"python{version}")
    if found is not None:
        yield Path(found)
    if sys.version_info[:2] == numbers(version) and sys.executable:
        yield Path(sys.executable)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(
        pyenv.glob(f"{version}.*/bin/python"), key=lambda path: numbers(path.parts[-3]), reverse=True
    )
    uv = shutil.which("uv")
    if uv is not None:
        with suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(
                [uv, "python", "find", "--no-project", version],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=interpreters.PATIENCE,
                check=False,
            )
            line = done.stdout.decode("utf-8", "replace").strip()
            if done.returncode == 0 and line:
                yield Path(line)
