"""The parameter `training` of a layer's `call`: whether it is there, and how it comes in."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.documents.spans import Edit
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import LAYERS, classes_of, method, method_of

TRAINING = "training"


def is_told_of_training(context: Context, node: ast.AST) -> bool:
    """Whether a function around the node, up to the method, has `training` among its parameters."""
    return any(
        parameter.arg == TRAINING
        for function in enclosing_functions(context.module, node)
        for parameter in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    )


def new_training(context: Context, node: ast.AST) -> Edit | None:
    """`training=None` for the `call` of a layer that the node stands in; None where it is no such method."""
    found = method_of(context, node)
    if found is None or found[1].name != "call":
        return None
    cls, function = found
    if not any(method(item, "call") is function for item in classes_of(context, *LAYERS) if item.node is cls):
        return None
    if function.args.vararg is not None or function.args.kwonlyargs or not function.args.args:
        return None
    last: ast.expr | ast.arg = (
        function.args.defaults[-1] if function.args.defaults else function.args.args[-1]
    )
    if isinstance(last, ast.arg) and last.annotation is not None:
        last = last.annotation
    end = context.source.end(last)
    return Edit(end, end, f", {TRAINING}=None")
