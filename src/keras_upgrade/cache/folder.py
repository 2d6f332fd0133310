"""Where the cache of a project is, and for which version of the tool it holds."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from keras_upgrade import __version__

NAME = ".keras_upgrade_cache"
_ROOTS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of keras-upgrade; it may be deleted.\n"
_KEPT = 3
"""Databases of so many versions of the tool are kept."""


def folder_for(base: Path) -> Path:
    """The folder of the cache for files below `base`: beside the project that they belong to."""
    full = Path(os.path.abspath(base))
    root = next((f for f in (full, *full.parents) if any((f / name).exists() for name in _ROOTS)), full)
    return root / NAME


def make(folder: Path) -> None:
    """Makes the folder, marked so that neither Git nor a backup takes it.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")


def database(folder: Path) -> Path:
    """The database for this version of the tool, of Python, and of the tool's own code."""
    return folder / f"{version()[:16]}.db"


def tidy(folder: Path) -> None:
    """Takes away what versions have left that are not used any more."""
    with suppress(OSError):
        found = sorted(folder.glob("*.db"), key=lambda path: -path.stat().st_mtime)
        for path in found[_KEPT:]:
            path.unlink(missing_ok=True)


def version() -> str:
    """Stands for what decides on the findings besides the files: another one means other findings."""
    parts = [__version__, sys.version, *_code(os.path.dirname(os.path.dirname(__file__)))]
    return blake2b("\n".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _code(folder: str) -> Iterator[str]:
    """The state of each file of the tool: whoever changes it while working on it must not get old answers."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _code(entry.path)
            else:
                status = entry.stat()
                yield f"{entry.path} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
