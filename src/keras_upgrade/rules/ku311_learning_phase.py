"""KU311 learning-phase: `K.learning_phase()` where `training` is None

Layers of Keras 2 asked the learning phase when they were not told whether they train: `if training is None: training =
K.learning_phase()`. Keras 3 has no learning phase; a layer gets `training` from the call of the layer or model around it.

**Since** Keras 3.0.

**Error**

    AttributeError: module 'keras.backend' has no attribute 'learning_phase'

**Fix.** In `call`, where `training` is what Keras passes on, the question goes; elsewhere the answer is `False`, as it was
outside of training. A bare `K.learning_phase()` in such a `call` is its parameter `training`.

**Not fixed.** `K.learning_phase()` in code that is not told whether it trains: the rule KU301 advises there; as an input
of `K.function` it is KU306's.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Layer


class Noisy(Layer):
    def call(self, inputs, training=None):
        if training is None:
            training = K.learning_phase()

        return K.in_train_phase(inputs + 1.0, inputs, training=training)


result = [K.eval(Noisy()(K.ones((2,)), training=flag)) for flag in (True, False)]
```

```python after
import numpy as np
import keras
from keras.layers import Layer


class Noisy(Layer):
    def call(self, inputs, training=None):
        return inputs + 1.0 if training else inputs


result = [keras.ops.convert_to_numpy(Noisy()(keras.ops.ones((2,)), training=flag)) for flag in (True, False)]
```

```python unchanged
import keras


class Noisy(keras.layers.Layer):
    def call(self, inputs, training=None):
        if training is None:
            training = False
        return inputs + 1.0 if training else inputs


result = keras.ops.convert_to_numpy(Noisy()(keras.ops.ones((2,))))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import LAYERS, classes_of, method
from keras_upgrade.syntax.edits import remove_statement

CODE = "KU311"
PHASE = NAMES
WORDS = {"learning_phase", "symbolic_learning_phase"}
ERRORS = (r"has no attribute '(symbolic_)?learning_phase'",)

_PHASES = ("keras.backend.learning_phase", "keras.backend.symbolic_learning_phase")


def check(context: Context) -> Iterator[Finding]:
    """Questions for the learning phase where there is a parameter that tells."""
    for call, callee in context.calls():
        if callee.path not in _PHASES or call.args or call.keywords:
            continue
        statement = context.module.statement(call)
        parameter, told = _parameter(context, call)
        if not parameter:
            continue
        if told and isinstance(statement, ast.Assign) and _asks_if_none(context, statement, call, parameter):
            yield _removed(context, statement, call)
        elif told or _asks_if_none(context, statement, call, parameter):
            yield _replaced(
                context, call, parameter if told and not _is_assigned(statement, parameter) else "False"
            )


def _parameter(context: Context, call: ast.Call) -> tuple[str, bool]:
    """The parameter `training` around a call, if there is one, and whether it is that of the `call` of a layer."""
    functions = list(enclosing_functions(context.module, call))
    for function in functions:
        names = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
        if "training" in names:
            told = any(method(cls, "call") is function for cls in classes_of(context, *LAYERS))
            return "training", told
    return "", False


def _asks_if_none(context: Context, statement: ast.stmt, call: ast.Call, parameter: str) -> bool:
    """Whether the phase only stands in for a parameter that is None, in an `if` or an `... if ... else ...`."""
    if not _is_assigned(statement, parameter) or not isinstance(statement, ast.Assign):
        return False
    outer = context.module.parent(statement)
    if statement.value is call:
        alone = isinstance(outer, ast.If) and outer.body == [statement] and not outer.orelse
        return alone and isinstance(outer, ast.If) and _is_none(outer.test, parameter)
    value = statement.value
    return isinstance(value, ast.IfExp) and value.body is call and _is_none(value.test, parameter)


def _is_assigned(statement: ast.stmt, parameter: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id == parameter for target in targets)


def _is_none(test: ast.expr, name: str) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id == name
        and isinstance(test.ops[0], (ast.Is, ast.Eq))
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value is None
    )


def _removed(context: Context, statement: ast.Assign, call: ast.Call) -> Finding:
    outer = context.module.parent(statement)
    asking = outer if isinstance(outer, ast.If) and statement.value is call else statement
    block = context.module.body_of(asking)
    limit = context.module.document.span_of(context.module.cell_of(asking))
    edit = remove_statement(context.source, asking, sole=len(block) == 1, limit=limit)
    return Finding(
        CODE,
        context.span(call),
        "Keras 3 tells a layer whether it trains",
        Fix([edit], "`training` is what Keras passes on"),
    )


def _replaced(context: Context, call: ast.Call, text: str) -> Finding:
    written = context.source.segment(call)
    return Finding(
        CODE,
        context.span(call),
        "there is no learning phase in Keras 3",
        Fix([Edit(context.source.start(call), context.source.end(call), text)], f"`{written}` → `{text}`"),
    )
