"""KU308 batch-size-in-shape: the batch size of a KerasTensor is None

`tf.shape(x)[0]` and `K.shape(x)[0]` of a symbolic tensor were tensors too, and could stand in a shape. In Keras 3
`keras.ops.shape(x)[0]` of a KerasTensor is None while the model is built.

**Since** Keras 3.0.

**Error**

    TypeError: Failed to convert elements of (None, 5, 1) to Tensor.
    ValueError: Cannot convert a partially known TensorShape

**Fix.** -1 in the shape that `reshape` is given, where the other sizes are known.

**Not fixed.** Shapes of other functions (`keras.ops.zeros`, `keras.ops.tile`): such a tensor has to be made in the `call` of
a layer, where the batch size is known. In `call` and in losses nothing changes.

```python before
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Conv1D, Input
from tensorflow.keras.models import Model

x = Input((6, 2))
y = tf.reshape(x, (tf.shape(x)[0], 4, 3))
batch = tf.shape(x)[0]
z = tf.reshape(y, [batch, 12])
model = Model(x, z)
result = model.predict(np.arange(24.0).reshape((2, 6, 2)))
```

```python after
import numpy as np
import keras
from keras.layers import Conv1D, Input
from keras.models import Model

x = Input((6, 2))
y = keras.ops.reshape(x, (-1, 4, 3))
batch = keras.ops.shape(x)[0]
z = keras.ops.reshape(y, [-1, 12])
model = Model(x, z)
result = model.predict(np.arange(24.0).reshape((2, 6, 2)))
```

```python unchanged
import keras
import numpy as np


class Fold(keras.layers.Layer):
    def call(self, x):
        return keras.ops.reshape(x, (keras.ops.shape(x)[0], 4, 3))


x = keras.Input((6, 2))
model = keras.Model(x, Fold()(x))
result = model.predict(np.arange(24.0).reshape((2, 6, 2)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Tensor, holds_symbolic, is_symbolic, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU308"
PHASE = STRUCTURE
WORDS = {"broadcast_to", "full", "ones", "reshape", "tile", "zeros"}
ERRORS = (
    r"Failed to convert elements of \(.*None.*\) to Tensor",
    r"Cannot convert a partially known TensorShape",
)
_SHAPED = {"reshape": 1, "broadcast_to": 1, "zeros": 0, "ones": 0, "full": 0, "tile": 1}
"""The functions of `keras.ops` that are given a shape, and where."""


def check(context: Context) -> Iterator[Finding]:
    """Shapes with the batch size of a KerasTensor in them."""
    for call, callee in context.calls():
        position = _SHAPED.get(callee.name) if callee.path.startswith("keras.ops.") else None
        if position is None:
            continue
        keyword = keyword_of(call, "newshape") or keyword_of(call, "shape")
        shape = keyword.value if keyword else call.args[position] if len(call.args) > position else None
        if isinstance(shape, (ast.Tuple, ast.List)):
            unknown = [item for item in shape.elts if _is_batch_size(context, item)]
            if unknown:
                yield _finding(context, call, callee.name, shape, unknown)


def _finding(
    context: Context, call: ast.Call, name: str, shape: ast.Tuple | ast.List, unknown: list[ast.expr]
) -> Finding:
    item = unknown[0]
    text = context.source.segment(item)
    message = f"`{text}` of a KerasTensor is None while the model is built"
    free = len(unknown) == 1 and not any(isinstance(other, ast.UnaryOp) for other in shape.elts)
    if name != "reshape" or not free or not (call.args and is_symbolic(context.value(call.args[0]))):
        return Finding(
            CODE,
            context.span(item),
            f"{message}: make the tensor in the `call` of a layer, where the batch size is known.",
        )
    edit = Edit(context.source.start(item), context.source.end(item), "-1")
    return Finding(
        CODE,
        context.span(item),
        message,
        Fix([edit], f"`{text}` → `-1` in the shape for `reshape`"),
        subject="shapes",
    )


def _is_batch_size(context: Context, node: ast.expr) -> bool:
    """Whether an expression is `shape(x)[0]` of a KerasTensor, or a name for it."""
    made = [option.node for option in options(context.value(node)) if isinstance(option, Tensor)]
    maker = made[0] if len(made) == 1 and isinstance(node, ast.Name) else node
    if not isinstance(maker, ast.Subscript) or not isinstance(maker.value, ast.Call):
        return False
    index, callee = maker.slice, context.module.api(maker.value.func)
    return (
        isinstance(index, ast.Constant)
        and index.value == 0
        and callee is not None
        and callee.path in ("keras.ops.shape", "tensorflow.shape")
        and any(holds_symbolic(context.value(argument)) for argument in maker.value.args)
    )
