"""KU423 schedule-step: learning rate schedules of one's own get the step as a whole number

A schedule was called with the step as a float in Keras 2; in Keras 3 it is the integer that the optimizer counts.

**Since** Keras 3.0.

**Error**

    TypeError: Value passed to parameter 'x' has DataType int64 not in list of allowed values: bfloat16, float16, float32, float64, complex64, complex128
    InvalidArgumentError: cannot compute Mul as input #1(zero-based) was expected to be a int64 tensor but is a float tensor

**Fix.** `__call__` begins with `step = keras.ops.cast(step, "float32")`.

**Not fixed.** Schedules that cast the step themselves need nothing.

```python before
import numpy as np
import tensorflow as tf

class Warmup(tf.keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate, steps):
        self.rate = rate
        self.steps = steps

    def __call__(self, step):
        return self.rate * tf.math.minimum(tf.math.rsqrt(step + 1), step * self.steps ** -1.5)

model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
model.compile(tf.keras.optimizers.SGD(Warmup(0.5, 4)), 'mse')
result = model.fit(np.ones((8, 2)), np.ones((8, 1)), batch_size=2, epochs=2, verbose=0).history['loss']
```

```python after
import numpy as np
import tensorflow as tf
import keras

class Warmup(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate, steps):
        self.rate = rate
        self.steps = steps

    def __call__(self, step):
        step = keras.ops.cast(step, "float32")
        return self.rate * tf.math.minimum(tf.math.rsqrt(step + 1), step * self.steps ** -1.5)

model = keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
model.compile(keras.optimizers.SGD(Warmup(0.5, 4)), 'mse')
result = model.fit(np.ones((8, 2)), np.ones((8, 1)), batch_size=2, epochs=2, verbose=0).history['loss']
```

```python unchanged
import tensorflow as tf
import keras

class Warmup(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        rate = tf.cast(step, tf.float32) * 0.5
        return rate

class Constant(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.5

result = [Warmup()(3), Constant()(3)]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Class
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import is_keras3, method
from keras_upgrade.syntax.blocks import is_docstring
from keras_upgrade.syntax.edits import statement_lines
from keras_upgrade.syntax.walking import walk

CODE = "KU423"
PHASE = STRUCTURE
WORDS = {"class"}
ERRORS = (
    r"Value passed to parameter 'x' has DataType int64",
    r"was expected to be a int64 tensor but is a float tensor",
)

_BASE = "LearningRateSchedule"
_NUMBERS = frozenset({"int", "float"})


def check(context: Context) -> Iterator[Finding]:
    """Schedules of the user's that compute with the step."""
    if is_keras3(context):
        return
    seen: set[ast.ClassDef] = set()
    for cls in context.module.classes:
        call = method(cls, "__call__")
        if call is None or cls.node in seen or not _is_schedule(cls):
            continue
        seen.add(cls.node)
        if len(call.args.args) == 2 and _computes_with(context, call, call.args.args[1].arg):
            finding = _finding(context, cls, call)
            if finding is not None:
                yield finding


def _is_schedule(cls: Class) -> bool:
    return any(
        isinstance(base, Api) and base.path.startswith("keras.") and base.name == _BASE
        for base in cls.ancestors()
    )


def _computes_with(context: Context, call: ast.FunctionDef, step: str) -> bool:
    """Whether the step is used as it is, not only within a cast, or as what another schedule is called with."""
    uses = [node for node in walk(call) if isinstance(node, ast.Name) and node.id == step]
    loads = [node for node in uses if isinstance(node.ctx, ast.Load)]
    if len(loads) < len(uses) and any(_is_cast(context, node) for node in loads):
        return False  # `step = tf.cast(step, tf.float32)`
    return any(not _is_cast(context, node) for node in loads)


def _is_cast(context: Context, node: ast.Name) -> bool:
    outer = context.module.parent(node)
    if isinstance(outer, ast.Compare):
        return True
    if not isinstance(outer, ast.Call):
        return False
    callee = context.module.api(outer.func)
    if callee is None:
        return True
    return callee.name in ("cast", "convert_to_tensor", "to_float") or (
        callee.package == "builtins" and callee.name in _NUMBERS
    )


def _finding(context: Context, cls: Class, call: ast.FunctionDef) -> Finding | None:
    source = context.source
    body = [item for item in call.body if not is_docstring(item)]
    step = call.args.args[1].arg
    if not body or statement_lines(source, body[0]) is None:
        return None
    start = source.start(body[0])
    line = f'{step} = {context.spell("keras.ops.cast")}({step}, "float32")\n{source.indentation(body[0])}'
    return Finding(
        CODE,
        context.span(body[0]),
        f"`{step}` is a whole number in Keras 3",
        Fix([Edit(start, start, line)], f"`{step}` cast to float", imports=context.needed_imports),
        subject=f"`{cls.node.name}` schedule",
    )
