"""KU304 random-on-symbolic: random numbers in the shape of a KerasTensor

Random functions need a shape of numbers. While a functional model is built, the batch size is not known yet
(`keras.ops.shape(x)[0]` is None), so that noise in the shape of a KerasTensor can only be drawn in the `call` of a
layer, where the tensor is real.

**Since** Keras 3.0.

**Error**

    ValueError: Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor.

**Fix.** The call goes into a layer of its own, which gets the tensors that the shape is taken from.

**Not fixed.** Calls that read tensors by other expressions than names.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Input, Lambda
from keras.models import Model

width = 3
x = Input(shape=(width,))
noise = K.random_normal(shape=(K.shape(x)[0], width), stddev=0.0)
model = Model(x, Lambda(lambda pair: pair[0] + K.abs(pair[1]))([x, noise]))
result = model.predict(np.ones((2, 3)))
```

```python after
import numpy as np
import keras
from keras.layers import Input
from keras.models import Model

width = 3
x = Input(shape=(width,))


@keras.saving.register_keras_serializable()
class RandomNormal(keras.layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def call(self, x):
        return keras.random.normal(shape=(keras.ops.shape(x)[0], self.width), stddev=0.0)

    def get_config(self):
        config = super().get_config()
        config.update({"width": self.width})
        return config


noise = RandomNormal(width)(x)


@keras.saving.register_keras_serializable()
class CustomLayer(keras.layers.Layer):
    def call(self, pair):
        return pair[0] + keras.ops.abs(pair[1])


model = Model(x, CustomLayer()([x, noise]))
result = model.predict(np.ones((2, 3)))
```

```python unchanged
import keras


class Noise(keras.layers.Layer):
    def call(self, x):
        return x + 0.0 * keras.random.normal(shape=keras.ops.shape(x))


x = keras.Input((3,))
fixed = keras.random.normal(shape=(2, keras.ops.shape(x)[1]))
result = tuple(keras.Model(x, Noise()(x)).output.shape)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import outermost_statement
from keras_upgrade.analysis.values import (
    Api,
    Class,
    Function,
    Instance,
    ModuleValue,
    Tensor,
    holds_symbolic,
    is_symbolic,
    options,
)
from keras_upgrade.documents.spans import Edit, apply_edits
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import camel_case, definition_edit, free_name, in_style_of, insertion_point
from keras_upgrade.syntax.classes import LayerClass
from keras_upgrade.syntax.walking import children, walk

CODE = "KU304"
PHASE = STRUCTURE
ERRORS = (r"Attempt to convert a value \(None\) with an unsupported type",)

_RANDOM = ("keras.random.", "keras.backend.random_", "tensorflow.random.", "tensorflow.random_")


def check(context: Context) -> Iterator[Finding]:
    """Calls of random functions whose arguments depend on a KerasTensor."""
    for call, callee in context.calls():
        if callee.path.startswith(_RANDOM) and callee.name[:1].islower() and _depends(context, call):
            yield _finding(context, call, callee)


def _depends(context: Context, call: ast.Call) -> bool:
    """Whether an argument needs a KerasTensor's values or its batch size; other sizes are known."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    pending: list[ast.AST] = [value for value in values if holds_symbolic(context.value(value))]
    while pending:
        node = pending.pop()
        if _is_known_size(context, node):
            continue
        if isinstance(node, ast.Name) and is_symbolic(context.value(node)):
            return True
        pending.extend(children(node))
    return False


def _is_known_size(context: Context, node: ast.AST) -> bool:
    """`keras.ops.shape(x)[1]`: a number while the model is built, unlike the batch size."""
    if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Call)):
        return False
    api = context.module.api(node.value.func)
    return (
        api is not None
        and api.name == "shape"
        and isinstance(node.slice, ast.Constant)
        and node.slice.value != 0
    )


def _finding(context: Context, call: ast.Call, callee: Api) -> Finding:
    message = f"`{callee.name}` cannot draw numbers in the shape of a KerasTensor outside of a layer"
    tensors, constants = _names(context, call)
    if not tensors:
        advice = f"{message}: call it in the `call` of a layer that gets the tensor."
        return Finding(CODE, context.span(call), advice, subject="random numbers")
    name = free_name(
        camel_case(f"random_{callee.name}".replace("random_random", "random")),
        context.module.names(),
        "Layer",
    )
    source = context.source
    start, end = source.start(call), source.end(call)
    edits = [Edit(source.start(n), source.start(n), "self.") for n in _uses(call) if n.id in constants]
    text = apply_edits(source.original[start:end], edits, start)
    parameter = tensors[0] if len(tensors) == 1 else "inputs"
    body = [f"{', '.join(tensors)} = inputs"] if len(tensors) > 1 else []
    lines = "\n".join(f"    {line}" for line in [*body, f"return {_dedented(source.original, start, text)}"])
    layer = LayerClass(
        name=name,
        base=context.spell("keras.layers.Layer"),
        decorator=context.spell("keras.saving.register_keras_serializable") + "()",
        attributes=constants,
        methods=[f"def call(self, {parameter}):\n{lines}"],
    )
    text_of_layer = in_style_of(source, layer.render())
    statement = outermost_statement(context.module, call)
    limit = context.module.document.span_of(context.module.cell_of(statement))
    given = tensors[0] if len(tensors) == 1 else f"[{', '.join(tensors)}]"
    return Finding(
        CODE,
        context.span(call),
        message,
        Fix(
            [
                definition_edit(source, insertion_point(source, statement, limit), text_of_layer, limit),
                Edit(start, end, f"{name}({', '.join(constants)})({given})"),
            ],
            f"`{source.segment(call.func)}` → `class {name}({context.spell('keras.layers.Layer')})`",
            imports=context.needed_imports,
        ),
        subject="random numbers",
    )


def _uses(call: ast.Call) -> list[ast.Name]:
    return [node for node in walk(call) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]


def _names(context: Context, call: ast.Call) -> tuple[list[str], list[str]]:
    """The names of KerasTensors and those of plain values that the call reads."""
    tensors: dict[str, None] = {}
    constants: dict[str, None] = {}
    for node in sorted(_uses(call), key=lambda n: (n.lineno, n.col_offset)):
        value = context.value(node)
        if is_symbolic(value):
            tensors[node.id] = None
        elif not any(
            isinstance(o, (Api, Function, Class, ModuleValue, Instance, Tensor)) for o in options(value)
        ):
            constants[node.id] = None
    return list(tensors), list(constants)


def _dedented(text: str, start: int, call: str) -> str:
    """A call of several lines, moved from where it stood to behind `return` in a method."""
    column = start - (text.rfind("\n", 0, start) + 1)
    first, *rest = call.split("\n")
    shift = len("        return ") - column
    moved = [" " * max(len(line) - len(line.lstrip()) + shift, 0) + line.lstrip() for line in rest]
    return "\n".join([first, *moved])
