"""Drawings of models, blank where the programs that draw them (pydot, Graphviz) are not installed."""

from __future__ import annotations

import functools
import os
import tempfile
from typing import Any, Callable

from . import files, notes

Function = Callable[..., Any]


class BlankGraph:
    """What `model_to_dot` gives: a graph of nothing, in any format."""

    def create(self, *_: Any, format: str = "ps", **__: Any) -> bytes:  # noqa: A002 (pydot's name)
        """The drawing, as bytes."""
        if format == "svg":
            return b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"></svg>'
        path = os.path.join(tempfile.mkdtemp(), "graph.png")
        files.write_png(path)
        with open(path, "rb") as file:
            return file.read()

    def write(self, path: Any, *_: Any, **__: Any) -> bool:
        """Write the drawing to a file."""
        files.write_png(str(path))
        return True

    def to_string(self) -> str:
        """The graph, in Graphviz's language."""
        return "digraph G {\n}\n"

    def __getattr__(self, name: str) -> Any:
        kind, _, form = name.partition("_")
        if kind == "create" and form:
            return functools.partial(self.create, format=form)
        if kind == "write" and form:
            return self.write
        raise AttributeError(name)


def _plot_model(original: Function) -> Function:
    @functools.wraps(original)
    def plot_model(*args: Any, **kwargs: Any) -> Any:
        try:
            drawn = original(*args, **kwargs)
        except (ImportError, OSError):
            drawn = None
        path = str(kwargs.get("to_file", args[1] if len(args) > 1 else "model.png"))
        if drawn is None and not os.path.exists(path):
            files.write_png(path)
            _note()
        return drawn

    return plot_model


def _model_to_dot(original: Function) -> Function:
    @functools.wraps(original)
    def model_to_dot(*args: Any, **kwargs: Any) -> Any:
        try:
            graph = original(*args, **kwargs)
        except (ImportError, OSError):
            graph = None
        if graph is None:
            _note()
        return BlankGraph() if graph is None else graph

    return model_to_dot


def _note() -> None:
    notes.note("replaced", "drawing of a model: a blank image, as pydot or Graphviz is not installed")


# By the name of the function: what makes the stand-in from the original.
STAND_INS: dict[str, Callable[[Function], Function]] = {
    "plot_model": _plot_model,
    "model_to_dot": _model_to_dot,
}
