"""The tool's folder in the user's cache, and where in it the environments are."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """The tool's folder in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(cache):
        base = Path(cache)
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path.home() / ".cache"
    return base / "keras-upgrade"


def folder_of(name: str) -> Path:
    """Where the environment of a recipe is, once it is made."""
    return cache_folder() / "envs" / name


def python_in(folder: Path) -> Path | None:
    """The interpreter of a virtual environment."""
    for below in ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe"):
        if (folder / below).exists():
            return folder / below
    return None
