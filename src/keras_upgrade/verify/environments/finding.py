"""Finds the environments that there are: named by the user, active, of the project, made before."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from keras_upgrade.verify.environments.cache import folder_of, python_in
from keras_upgrade.verify.environments.interpreters import (
    Environment,
    EnvironmentMissing,
    as_keras2,
    as_keras3,
    keras3_problem,
    probe,
)
from keras_upgrade.verify.environments.making import Confirm, Tell, create
from keras_upgrade.verify.environments.recipes import KERAS2, RECIPES, names

_PROJECT_FOLDERS = (".venv", "venv", "env")


def keras3(
    python: str | None = None,
    programs: Sequence[Path] = (),
    confirm: Confirm | None = None,
    tell: Tell | None = None,
) -> Environment:
    """The environment to run programs on Keras 3 in.

    It is the one that the user names; else the first with Keras 3 and TensorFlow of: the active environment, that of
    the project, the one that the tool made before; else one that is made now, if the user agrees.

    Args:
        python: an interpreter, or the folder of a virtual environment.
        programs: what is to be run; the project's environment is looked for around it.
        confirm: asks whether to make an environment; without it, none is made.
        tell: shows what goes on while one is made.

    Raises:
        EnvironmentMissing: there is none.
    """
    if python is not None:
        interpreter = probe(_named(python, "--python"))
        problem = keras3_problem(interpreter)
        if problem:
            hint = "Install Keras 3 and TensorFlow there, or leave --python out to let an environment be found or made"
            raise EnvironmentMissing(f"--python: {interpreter.python} {problem}", hint)
        return as_keras3(interpreter)
    looked: dict[str, None] = {}
    for candidate in _candidates(programs):
        try:
            interpreter = probe(candidate)
        except EnvironmentMissing as error:
            looked[error.message] = None
            continue
        problem = keras3_problem(interpreter)
        if not problem:
            return as_keras3(interpreter)
        looked[f"{candidate} {problem}"] = None
    message = "no environment with Keras 3 and TensorFlow was found"
    if looked:
        message += f" ({'; '.join(looked)})"
    if confirm is None:
        hint = "Activate one, name one with --python, or let one be made with --yes"
        raise EnvironmentMissing(message, hint, "keras3")
    return create("keras3", confirm, tell)


def keras2(
    name: str = KERAS2,
    beside: Environment | None = None,
    confirm: Confirm | None = None,
    tell: Tell | None = None,
) -> Environment:
    """The environment to run programs on Keras 2 in.

    Args:
        name: one of `names()`, or an interpreter, or the folder of a virtual environment.
        beside: the environment of the Keras 3 side; with tf_keras in it, it is the default.
        confirm: asks whether to make an environment; without it, none is made.
        tell: shows what goes on while one is made.

    Raises:
        EnvironmentMissing: there is none.
    """
    if name not in names():
        return _named_keras2(name)
    recipe = "keras3" if name == KERAS2 else name
    candidates = [beside.python] if name == KERAS2 and beside is not None else []
    for candidate in (*candidates, python_in(folder_of(recipe))):
        if candidate is None:
            continue
        with suppress(EnvironmentMissing):
            found = as_keras2(probe(candidate))
            if found is not None:
                return found
    if confirm is None:
        what = "tf_keras, the code of Keras 2," if name == KERAS2 else RECIPES[name].title
        where = f" in {beside.python}" if candidates and beside is not None else ""
        hint = "Let an environment be made with --yes"
        if candidates and beside is not None:
            hint = f"Install tf_keras there (pip install tf_keras=={_minor(beside)}.*), or l{hint[1:]}"
        raise EnvironmentMissing(f"{what} is not installed{where}", hint, recipe)
    made = create(recipe, confirm, tell)
    found = as_keras2(probe(made.python))
    assert found is not None, "every recipe has a Keras 2"
    return found


def _minor(environment: Environment) -> str:
    """TensorFlow's version there, which tf_keras goes by: `2.21`."""
    return re.sub(r".*TensorFlow (\d+\.\d+).*", r"\1", environment.label)


def _named_keras2(name: str) -> Environment:
    known = ", ".join(names())
    if not Path(name).exists() and shutil.which(name) is None:
        raise EnvironmentMissing(
            f"--against: there is no Keras 2 environment {name}", f"Give one of {known}, or an interpreter"
        )
    interpreter = probe(_named(name, "--against"))
    found = as_keras2(interpreter)
    if found is None:
        raise EnvironmentMissing(
            f"--against: {interpreter.python} has neither Keras 2 with TensorFlow nor tf_keras",
            f"Give another interpreter, or one of {known}",
        )
    return found


def _named(word: str, option: str) -> Path:
    """The interpreter that the user names."""
    path = Path(os.path.abspath(os.path.expanduser(word)))
    if path.is_dir():
        python = python_in(path)
        if python is None:
            raise EnvironmentMissing(
                f"{option}: the folder {word} is no virtual environment", "Give the path of a python"
            )
        return python
    if path.exists():
        return path
    found = shutil.which(word)
    if found is None or os.sep in word:
        raise EnvironmentMissing(f"{option}: {word} does not exist", "Give the path of a python")
    return Path(os.path.abspath(found))


def _candidates(programs: Sequence[Path]) -> Iterator[Path]:
    """The interpreters that may have Keras 3, best first, each once."""
    seen: set[str] = set()
    for python in _all_candidates(programs):
        # Not its real path: a virtual environment's interpreter is a link to that of another one.
        path = os.path.abspath(python)
        if path not in seen:
            seen.add(path)
            yield Path(path)


def _all_candidates(programs: Sequence[Path]) -> Iterator[Path]:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        active = python_in(Path(os.environ[name])) if os.environ.get(name) else None
        if active is not None:
            yield active
    if sys.executable:
        yield Path(sys.executable)
    for folder in _project_folders(programs):
        for name in _PROJECT_FOLDERS:
            if _is_trusted(folder / name):
                python = python_in(folder / name)
                if python is not None:
                    yield python
    made = python_in(folder_of("keras3"))
    if made is not None:
        yield made


def _project_folders(programs: Sequence[Path]) -> Iterator[Path]:
    """The folders of the programs and those above them, as far as they can belong to the project."""
    home = Path.home()
    for program in programs or (Path(),):
        start = Path(os.path.abspath(program))
        for folder in (start, *start.parents):
            if folder.is_file():
                continue
            yield folder
            if (folder / ".git").exists() or folder == home:
                break


def _is_trusted(folder: Path) -> bool:
    """Whether it is a virtual environment that this user, or the system, has put there.

    Anyone could leave one in a shared folder such as /tmp, and its interpreter would run with the user's rights.
    """
    try:
        owner = folder.stat().st_uid
    except OSError:
        return False
    marked = (folder / "pyvenv.cfg").exists() or (folder / "conda-meta").exists()
    return marked and (not hasattr(os, "getuid") or owner in (os.getuid(), 0))
