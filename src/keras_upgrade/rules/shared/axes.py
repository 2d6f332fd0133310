"""How many axes a tensor has, as far as the text tells."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.values import Result, Seq, Tensor, Value, options
from keras_upgrade.rules.context import Context

_WEIGHT_MAKERS = ("add_weight", "add_variable")


def has_more_than_two(context: Context, node: ast.expr) -> bool:
    """Whether a tensor may have three axes or more, by the way it was made: not where nothing is known of it."""
    if isinstance(node, ast.Call) and _name(context, node) == "expand_dims" and node.args:
        known = _axes(context, node.args[0])
        return known is None or known > 1
    made = [_made(context, option) for option in options(context.value(node))]
    return any(axes is not None and axes > 2 for axes in made)


def _axes(context: Context, node: ast.expr) -> int | None:
    found = {_made(context, option) for option in options(context.value(node))}
    return found.pop() if len(found) == 1 else None


def _made(context: Context, value: Value) -> int | None:
    """The axes of a weight whose shape is written out, or of what a new axis was given to."""
    if isinstance(value, Result) and value.of.endswith(_WEIGHT_MAKERS) and value.arguments is not None:
        shape = value.arguments.keywords.get("shape", next(iter(value.arguments.positional), None))
        return len(shape.items) if isinstance(shape, Seq) and shape.rest is None else None
    if isinstance(value, Tensor) and isinstance(value.node, ast.Call) and value.module is context.module:
        if _name(context, value.node) == "expand_dims" and value.node.args:
            inner = _axes(context, value.node.args[0])
            return None if inner is None else inner + 1
    return None


def _name(context: Context, call: ast.Call) -> str:
    callee = context.module.api(call.func)
    return callee.name if callee is not None else ""
