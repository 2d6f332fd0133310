"""The program's own modules: told from others, and compiled with guards on their loops."""

from __future__ import annotations

import ast
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from typing import Any

from . import loops

_roots: list[str] = []


def install(root: str, *, guard_loops: bool) -> None:
    """Tell where the program's files are, and guard the loops of the modules imported from there."""
    _roots.append(os.path.realpath(root))
    if not guard_loops:
        return

    def find(path: str) -> Any:
        if not is_own(path) or not os.path.isdir(path):
            raise ImportError
        return FileFinder(path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (_GuardingLoader, [".py"]))

    sys.path_hooks.insert(0, find)
    sys.path_importer_cache.clear()


def is_own(path: str) -> bool:
    """Whether a file or folder belongs to the program; compiled libraries name theirs (`h5py/h5f.pyx`) by paths of the
    place where they were built.
    """
    full = os.path.realpath(path)
    return any(full == root or full.startswith(root + os.sep) for root in _roots) and os.path.exists(full)


class _GuardingLoader(SourceFileLoader):
    """Imports a module with guards on its loops; never from or into a cache."""

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        tree = ast.parse(data, str(path))
        guarded = loops.guard(tree, os.path.basename(str(path)))
        return compile(guarded, str(path), "exec", dont_inherit=True, optimize=_optimize)
