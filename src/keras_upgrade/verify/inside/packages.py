"""Packages that exist in some places only (`google.colab`, IPython), as stubs whose functions do nothing.

They are found only if the real package is not there, and not by a program that asks whether it is: one that imports
`google.colab` inside of `try`, or looks for it with `find_spec`, gets the true answer.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import linecache
import sys
from types import FrameType, ModuleType
from typing import Any, Sequence

from . import notes

_STUBS = ("google", "google.colab", "IPython", "IPython.display")
_RESULTS: dict[str, Any] = {"google.colab.files.upload": {}}


def install() -> None:
    """Let `import` find the stubs, after everything else."""
    sys.meta_path.append(_Finder())


class _Nothing:
    """Something of a stub: it can be called, and has any attribute."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, *_: Any, **__: Any) -> Any:
        notes.note("skipped", f"{self._path}(): does nothing here")
        return _RESULTS.get(self._path)

    def __getattr__(self, name: str) -> Any:
        return _attribute(self._path, name)


class _Stub(ModuleType):
    """A module that has any attribute."""

    def __getattr__(self, name: str) -> Any:
        return _attribute(self.__name__, name)


def _attribute(path: str, name: str) -> _Nothing:
    if name.startswith("__"):
        raise AttributeError(f"{path} has no attribute {name}")
    return _Nothing(f"{path}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the stubs."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """A stub of this name; none if the program only asks whether there is such a module."""
        if fullname not in _STUBS and not fullname.startswith("google.colab."):
            return None
        if _is_a_question(sys._getframe(1)):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """A new stub; `google` is an empty package, as others may have modules in it."""
        return ModuleType("google") if spec.name == "google" else _Stub(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is in it."""


def _is_a_question(frame: FrameType | None) -> bool:
    """Whether an import comes from a `find_spec`, or from the body of a `try` that is prepared for its failure."""
    while frame is not None and "importlib" in frame.f_code.co_filename:
        if frame.f_code.co_name == "find_spec" and frame.f_code.co_filename.endswith(("util.py", "util>")):
            return True
        frame = frame.f_back
    if frame is None:
        return False
    source = "".join(linecache.getlines(frame.f_code.co_filename, frame.f_globals))
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    return any(
        isinstance(node, ast.Try)
        and node.handlers
        and any(_starts_at(part, frame.f_lineno) for part in node.body)
        for node in ast.walk(tree)
    )


def _starts_at(statement: ast.stmt, line: int) -> bool:
    return any(isinstance(node, ast.stmt) and node.lineno == line for node in ast.walk(statement))
