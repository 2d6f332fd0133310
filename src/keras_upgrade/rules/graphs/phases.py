"""The learning phase as an input of `K.function`."""

from __future__ import annotations

import ast

from keras_upgrade.rules.context import Context

FUNCTION = "keras.backend.function"


def is_phase_of_function(context: Context, call: ast.Call) -> bool:
    """Whether a call of `K.learning_phase` is one of the inputs of `K.function`."""
    for outer in context.module.ancestors(call):
        if isinstance(outer, ast.Call):
            api = context.module.api(outer.func)
            return api is not None and api.path == FUNCTION
        if not isinstance(outer, (ast.List, ast.Tuple, ast.BinOp, ast.keyword)):
            return False
    return False
