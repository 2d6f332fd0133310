"""Working copies: a program runs in a copy of its project, so that what it writes does not land in the user's tree."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

LARGEST_PROJECT = 300 << 20
"""Bytes: of a larger project only the program's own folder is copied, and the Python files of the rest."""
LARGEST_COPY = 2 << 30
"""Bytes: what one working copy may take; of what does not fit in, the largest files are left out, and said to be."""

_SKIPPED = frozenset(("__pycache__", "node_modules", "site-packages"))


def make(base: Path, program: Path, target: Path, overrides: Mapping[Path, bytes]) -> list[str]:
    """Copies a project.

    Args:
        base: the project's folder.
        program: the program that is to run in the copy; below `base`.
        target: the folder to make.
        overrides: contents to write in place of some of its files, by their paths below `base`.

    Returns:
        What was left out, in words.

    Raises:
        OSError: the copy cannot be written, for example because the disk is full.
    """
    own = Path(os.path.abspath(program)).parent
    folders, files = _contents(base)
    links = [folder for folder in folders if folder.is_symlink() and folder != base]
    wanted = _wanted(files, own)
    fitting = _fitting(wanted)
    for folder in (own, *folders):
        if folder.is_relative_to(own) or wanted is files:  # also empty ones: programs write into them
            (target / folder.relative_to(base)).mkdir(parents=True, exist_ok=True)
    for path in fitting:
        copy = target / path.relative_to(base)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        if os.access(path, os.X_OK):
            copy.chmod(0o700)
    for path, content in overrides.items():
        copy = target / path.relative_to(base)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
    return [
        *(f"{folder.relative_to(base)} (a link to a folder): not in the working copy" for folder in links),
        *_left_out(base, {path: size for path, size in wanted.items() if path not in fitting}),
    ]


def _wanted(files: dict[Path, int], own: Path) -> dict[Path, int]:
    """All files, or, of a large project, what the program is likely to need."""
    if sum(files.values()) <= LARGEST_PROJECT:
        return files
    return {path: size for path, size in files.items() if path.suffix == ".py" or path.is_relative_to(own)}


def _fitting(files: Mapping[Path, int]) -> frozenset[Path]:
    """The files that there is room for."""
    fitting, room = [], LARGEST_COPY
    for path, size in sorted(files.items(), key=lambda entry: entry[1]):
        room -= size
        if room < 0:
            break
        fitting.append(path)
    return frozenset(fitting)


def _left_out(base: Path, files: Mapping[Path, int]) -> list[str]:
    """What to say of files that are left out: a line for each, or for each folder with many."""
    by_folder: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in sorted(files):
        by_folder[path.parent].append(path)
    lines = []
    for folder, paths in by_folder.items():
        size = f"{sum(files[path] for path in paths) / (1 << 30):.1f} GB"
        name = str(paths[0].relative_to(base))
        if len(paths) > 1:
            name = f"{len(paths)} large files of {folder.relative_to(base)}"
        lines.append(f"{name} ({size}): not in the working copy")
    return lines


def _contents(base: Path) -> tuple[list[Path], dict[Path, int]]:
    """The folders of a project and its regular files with their sizes, without what is hidden, environments, caches."""
    found: list[Path] = []
    files: dict[Path, int] = {}
    for folder, folders, names in os.walk(base):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _SKIPPED and not name.startswith(".") and not _is_environment(Path(folder, name))
        )
        found += [Path(folder), *(Path(folder, name) for name in folders if Path(folder, name).is_symlink())]
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and os.access(path, os.R_OK):
                files[path] = path.stat().st_size
    return found, files


def _is_environment(folder: Path) -> bool:
    """Whether it is a virtual environment, whatever its name: `env` may well be a package of the program."""
    return any((folder / name).exists() for name in ("pyvenv.cfg", "conda-meta", "bin/activate"))
