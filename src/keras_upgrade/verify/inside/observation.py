"""The kinds of the values in a line that failed, for the analysis to go on with.

Only names and attributes of names are looked at, and attributes without running code of the program.
"""

from __future__ import annotations

import ast
import inspect
import sys
from types import FrameType
from typing import Any, Iterator

_MISSING = object()


def observe(error: BaseException, is_own: Any) -> list[list[Any]]:
    """What the names in the failing line stand for.

    Args:
        error: what was raised.
        is_own: tells whether a file belongs to the program.

    Returns:
        Triples: the function, the expression, the kind of its value.
    """
    frame = _own_frame(error, is_own)
    if frame is None:
        return []
    found = []
    for node in _expressions(frame):
        kind = _kind(_value(node, frame))
        if kind is not None:
            found.append([frame.f_code.co_name, _text(node), kind])
    return found


def _own_frame(error: BaseException, is_own: Any) -> FrameType | None:
    """The innermost frame of the program's own code."""
    found, step = None, error.__traceback__
    while step is not None:
        if is_own(step.tb_frame.f_code.co_filename):
            found = step.tb_frame
        step = step.tb_next
    return found


def _expressions(frame: FrameType) -> Iterator[ast.expr]:
    """The names and attributes in the function (or the cell) of a frame: what failed once may fail elsewhere in it."""
    try:
        lines, _ = inspect.findsource(frame.f_code)
        tree = ast.parse("".join(lines))
    except (OSError, TypeError, SyntaxError, IndentationError):
        return
    scope: ast.AST = tree
    for node in ast.walk(tree):
        is_function = isinstance(node, (ast.FunctionDef, ast.Lambda))
        if is_function and getattr(node, "name", "<lambda>") == frame.f_code.co_name:
            if getattr(node, "lineno", 0) <= frame.f_lineno:
                scope = node
    seen = set()
    for node in ast.walk(scope):
        if isinstance(node, (ast.Name, ast.Attribute)) and _text(node) not in seen:
            seen.add(_text(node))
            yield node


def _text(node: ast.expr) -> str:
    """`a.b.c`; empty for attributes of anything but names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = _text(node.value)
        return owner + "." + node.attr if owner else ""
    return ""


def _value(node: ast.expr, frame: FrameType) -> Any:
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id, _MISSING))
    if not isinstance(node, ast.Attribute) or not _text(node):
        return _MISSING
    owner = _value(node.value, frame)
    if owner is _MISSING:
        return _MISSING
    held = getattr(owner, "__dict__", {})
    return held.get(node.attr, _MISSING) if isinstance(held, dict) else _MISSING


def _kind(value: Any) -> dict[str, Any] | None:
    """The kind of a value, in the words of `analysis/observed.py`."""
    keras, tensorflow = sys.modules.get("keras"), sys.modules.get("tensorflow")
    if value is _MISSING or keras is None or tensorflow is None or isinstance(value, type):
        return None
    if isinstance(value, getattr(keras, "KerasTensor", ())):
        return {"kind": "symbolic tensor"}
    if isinstance(value, (tensorflow.Tensor, tensorflow.Variable)):
        return {"kind": "tensor"}
    if isinstance(value, keras.Model):
        name = "keras.Sequential" if isinstance(value, keras.Sequential) else "keras.Model"
        layers = [_kind(layer) for layer in value.layers] if isinstance(value, keras.Sequential) else []
        return {"kind": name, "layers": layers}
    for owner, prefix in (
        (keras.layers.Layer, "keras.layers."),
        (keras.optimizers.Optimizer, "keras.optimizers."),
    ):
        if isinstance(value, owner):
            return {"kind": prefix + _public(value, owner), "arguments": _arguments(value)}
    return None


def _public(value: Any, owner: type) -> str:
    """The name of the class of Keras that a layer or optimizer is an instance of."""
    known = [cls.__name__ for cls in type(value).__mro__ if cls.__module__.startswith("keras.")]
    return known[0] if known else owner.__name__


def _arguments(value: Any) -> dict[str, Any]:
    """What a layer or optimizer was made with, as far as it is plain."""
    try:
        config = value.get_config()
    except Exception:  # the program's own class: without its arguments then
        return {}
    return {name: part for name, part in config.items() if isinstance(part, (bool, int, float, str))}
