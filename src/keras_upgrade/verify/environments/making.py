"""Makes environments in the user's cache."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from keras_upgrade.verify.environments.cache import folder_of, python_in
from keras_upgrade.verify.environments.interpreters import (
    Environment,
    EnvironmentMissing,
    Interpreter,
    as_keras2,
    as_keras3,
    keras3_problem,
    probe,
)
from keras_upgrade.verify.environments.pythons import base_python
from keras_upgrade.verify.environments.recipes import RECIPES, Recipe
from keras_upgrade.verify.environments.surroundings import is_of_an_environment

type Confirm = Callable[[str], bool]
"""Asks the user; gives whether they agree."""
type Tell = Callable[[str], None]
"""Shows a line about what goes on."""

_DAY = 24 * 60 * 60.0


def create(name: str, confirm: Confirm, tell: Tell | None = None) -> Environment:
    """Makes the environment of a recipe in the user's cache.

    It is built under another name, so that what has its name is whole.

    Args:
        name: the key of the recipe in `RECIPES`.
        confirm: asks the user first.
        tell: shows what goes on.

    Raises:
        EnvironmentMissing: the user does not agree, there is no Python for it, or it cannot be installed.
    """
    recipe, folder = RECIPES[name], folder_of(name)
    base = base_python(recipe)
    question = (
        f"Make an environment with {recipe.title} (Python {base.python_version}, about {recipe.size:g} GB) in "
        f"{folder}? This installs {', '.join(recipe.wanted)}"
    )
    if not confirm(question):
        raise EnvironmentMissing(f"an environment with {recipe.title} was not made", recipe=name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _clear_stale(folder.parent)
        free = shutil.disk_usage(folder.parent).free
    except OSError as error:
        raise EnvironmentMissing(f"{folder.parent} cannot be used ({error.strerror or error})") from error
    if free < recipe.size * 1e9:
        raise EnvironmentMissing(
            f"the disk is too full for {recipe.title}: {folder.parent} has {free / 1e9:.1f} GB left, and "
            f"about {recipe.size:g} GB are needed",
            "Free some, or set XDG_CACHE_HOME to a folder on another disk",
        )
    return _build(recipe, base, folder, tell or (lambda _: None))


def _build(recipe: Recipe, base: Interpreter, folder: Path, tell: Tell) -> Environment:
    partial = folder.with_name(f".{folder.name}.{os.getpid()}-{os.urandom(4).hex()}.partial")
    try:
        _install(recipe, base, partial, tell)
        python = python_in(partial)
        if python is None:
            raise EnvironmentMissing(
                f"{recipe.title} was not installed: there is no interpreter in {partial}"
            )
        _checked(recipe, python)
        _move(recipe, partial, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EnvironmentMissing(f"{recipe.title} could not be installed ({reason})") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    final = python_in(folder)
    assert final is not None
    return _checked(recipe, final)


def _checked(recipe: Recipe, python: Path) -> Environment:
    """The environment, if it is what the recipe says."""
    try:
        interpreter = probe(python)
    except EnvironmentMissing as error:
        raise EnvironmentMissing(f"{recipe.title} was not installed: {error.message}") from None
    found = as_keras2(interpreter)  # with tf_keras, that of Keras 3 is one, too
    if recipe.side == "keras3":
        problem = keras3_problem(interpreter) or ("" if found else "has no tf_keras")
        found = as_keras3(interpreter)
    else:
        problem = "" if found else "has no Keras 2"
    if problem or found is None:
        raise EnvironmentMissing(f"{recipe.title} was not installed: {python} {problem}")
    return found


def _install(recipe: Recipe, base: Interpreter, folder: Path, tell: Tell) -> None:
    """Fills a folder with uv, or with the interpreter's own tools."""
    uv = shutil.which("uv")
    python = str(base.executable)
    tell(f"Making an environment with {recipe.title}")
    if uv is not None:
        _run([uv, "venv", "--quiet", "--no-project", "-p", python, str(folder)], recipe)
        installer = [uv, "pip", "install", "--quiet", "-p", str(python_in(folder))]
    else:
        _run([python, "-m", "venv", str(folder)], recipe)
        installer = [
            str(python_in(folder)),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
    tell(f"Installing {', '.join(recipe.wanted)}")
    _run([*installer, *recipe.packages], recipe)
    if recipe.alone:
        _run([*installer, "--no-deps", *recipe.alone], recipe)


def _run(command: Sequence[str], recipe: Recipe) -> None:
    """Runs one step, and leaves no process of it behind, whatever happens."""
    kept = {name: value for name, value in os.environ.items() if not is_of_an_environment(name)}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=kept,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate()
        except BaseException:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        text = said.decode("utf-8", "replace")
        raise EnvironmentMissing(f"{recipe.title} could not be installed: {_reason(text)}", _advice(text))


def _reason(text: str) -> str:
    """What an installer gives as the cause: of uv the lines from `error` on, of pip those marked as errors."""
    lines = [line.strip(" \t│├╰─▶×") for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(error|caused by)\b|no solution", line, re.IGNORECASE)]
    return " ".join(errors or lines[-3:])[:500] or "the installer failed without a word"


def _advice(text: str) -> str:
    if re.search(r"no space left|disk quota", text, re.IGNORECASE):
        return "The disk is full: free some, or set XDG_CACHE_HOME to a folder on another disk"
    if re.search(r"resolve|connect|network|timed out|dns|fetch", text, re.IGNORECASE):
        return "Packages come from the network: check the connection and run the command again"
    return ""


def _move(recipe: Recipe, partial: Path, folder: Path) -> None:
    """Gives a finished environment its name, also inside its scripts, which begin with its path."""
    for script in sorted((partial / "bin").glob("*")):
        if script.is_file() and not script.is_symlink():
            data = script.read_bytes()
            if b"\0" not in data and os.fsencode(partial) in data:
                script.write_bytes(data.replace(os.fsencode(partial), os.fsencode(folder)))
    try:
        partial.rename(folder)
    except OSError:
        made = python_in(folder)
        with suppress(EnvironmentMissing):
            if made is not None:
                _checked(recipe, made)  # another process has made it meanwhile
                return
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)


def _clear_stale(folder: Path) -> None:
    """Removes what builds that were killed have left behind."""
    for partial in folder.glob(".*.partial"):
        owner = re.search(r"\.(\d+)-\w+\.partial$", partial.name)
        with suppress(OSError):
            if time.time() - partial.stat().st_mtime > _DAY or not (owner and _is_alive(int(owner[1]))):
                shutil.rmtree(partial, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
