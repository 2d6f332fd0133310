"""The calls of `K.function`, and the learning phase as an input of them: all that most programs ask of this folder."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.rules.context import Context

FUNCTION = "keras.backend.function"


def function_objects(context: Context) -> Iterator[ast.Call]:
    """The calls of `K.function`."""
    for call, callee in context.calls():
        if callee.path == FUNCTION:
            yield call


def is_phase_of_function(context: Context, call: ast.Call) -> bool:
    """Whether a call of `K.learning_phase` is one of the inputs of `K.function`."""
    for outer in context.module.ancestors(call):
        if isinstance(outer, ast.Call):
            api = context.module.api(outer.func)
            return api is not None and api.path == FUNCTION
        if not isinstance(outer, (ast.List, ast.Tuple, ast.BinOp, ast.keyword)):
            return False
    return False
