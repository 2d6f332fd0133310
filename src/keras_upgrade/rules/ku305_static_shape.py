"""KU305 static-shape: shapes are tuples

The shape of a KerasTensor is a plain tuple of numbers and None. In Keras 2 it was a `TensorShape` (of `Dimension`s, in
TensorFlow 1) with methods of its own, and tensors had `get_shape()` and `_keras_shape`. The shapes that `build` and
`compute_output_shape` are given are tuples as well.

**Since** Keras 3.0.

**Error**

    AttributeError: 'KerasTensor' object has no attribute 'get_shape'
    AttributeError: 'tuple' object has no attribute 'as_list'
    AttributeError: 'int' object has no attribute 'value'

**Fix.** `list(x.shape)` for `x.get_shape().as_list()`, `len(x.shape)` for `x.shape.ndims`, `x.shape[1]` for
`x.shape[1].value`, and `x.shape` for `x.get_shape()` and `x._keras_shape`.

**Not fixed.** Tensors of TensorFlow, such as those in `call`: they have all of it still.

```python before
from keras.layers import Dense, Input, Reshape
from keras.models import Model

inputs = Input((4, 6))
x = Dense(8)(inputs)
rows, columns = x.get_shape().as_list()[1:]
flat = Reshape((rows * columns,))(x)
model = Model(inputs, flat)
result = [x.shape.as_list(), len(x.get_shape()), x.get_shape().ndims, model.output_shape]
```

```python after
from keras.layers import Dense, Input, Reshape
from keras.models import Model

inputs = Input((4, 6))
x = Dense(8)(inputs)
rows, columns = list(x.shape)[1:]
flat = Reshape((rows * columns,))(x)
model = Model(inputs, flat)
result = [list(x.shape), len(x.shape), len(x.shape), model.output_shape]
```

```python before
from keras import backend as K
from keras.layers import Input, Layer

class Scale(Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name='scale', shape=input_shape.as_list()[1:], initializer='ones')
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.scale

inputs = Input((5,))
outputs = Scale()(inputs)
result = K.int_shape(outputs)
```

```python after
from keras.layers import Input, Layer

class Scale(Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name='scale', shape=list(input_shape)[1:], initializer='ones')
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.scale

inputs = Input((5,))
outputs = Scale()(inputs)
result = outputs.shape
```

```python unchanged
import keras
import tensorflow as tf

class Rows(keras.layers.Layer):
    def call(self, inputs):
        return inputs * inputs.shape.as_list()[1]

result = [Rows()(keras.ops.ones((2, 3))), tf.ones((2, 3)).shape.as_list()]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Class, Result, Tensor, Unknown, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.walking import walk

CODE = "KU305"
PHASE = NAMES
WORDS = {"_keras_shape", "as_list", "get_shape", "ndims", "rank", "value"}
ERRORS = (
    r"'KerasTensor' object has no attribute '(get_shape|_keras_shape)'",
    r"'tuple' object has no attribute '(as_list|ndims|rank|dims|is_fully_defined|num_elements)'",
    r"'(int|NoneType)' object has no attribute 'value'",
)

_SHAPE_METHODS = ("build", "compute_output_shape")


def check(context: Context) -> Iterator[Finding]:
    """What is asked of the shapes of KerasTensors and is not in a tuple."""
    given = _given_shapes(context)
    for node in context.module.nodes(ast.Attribute):
        if node.attr == "get_shape" and _is_symbolic(context.value(node.value)):
            call = context.module.parent(node)
            if isinstance(call, ast.Call) and call.func is node:
                yield _renamed(context, node, context.source.end(call))
        elif node.attr == "_keras_shape" and _may_be_keras_tensor(context.value(node.value)):
            yield _renamed(context, node, context.source.end(node))
        elif node.attr in ("ndims", "rank") and _is_shape(context, node.value, given):
            yield _wrapped(context, node.value, context.source.end(node), "len", node)
        elif node.attr == "as_list" and _is_shape(context, node.value, given):
            call = context.module.parent(node)
            if isinstance(call, ast.Call) and call.func is node:
                yield _wrapped(context, node.value, context.source.end(call), "list", node)
        elif node.attr == "value" and isinstance(node.value, ast.Subscript):
            if _is_shape(context, node.value.value, given) and not isinstance(node.value.slice, ast.Slice):
                yield _dimension(context, node)


def _may_be_keras_tensor(value: Value) -> bool:
    """Whether nothing is known of a value that speaks against a tensor, which alone has a `_keras_shape`."""
    return all(isinstance(option, (Tensor, Unknown)) for option in options(value))


def _is_symbolic(value: Value) -> bool:
    return all(isinstance(option, Tensor) and option.symbolic for option in options(value))


def _is_shape(context: Context, node: ast.expr, given: set[ast.expr]) -> bool:
    """Whether an expression is the shape of a KerasTensor, or one that a layer's method is given."""
    if node in given:
        return True
    return all(
        isinstance(option, Result)
        and option.of == "Tensor.shape"
        and option.owner is not None
        and _is_symbolic(option.owner)
        for option in options(context.value(node))
    )


def _given_shapes(context: Context) -> set[ast.expr]:
    """The uses of the shape in the methods of layers that are given one, unless they make something else of it."""
    found: set[ast.expr] = set()
    for cls in context.module.classes:
        if not _is_layer(cls):
            continue
        for method in cls.node.body:
            if (
                isinstance(method, ast.FunctionDef)
                and method.name in _SHAPE_METHODS
                and len(method.args.args) > 1
            ):
                name = method.args.args[1].arg
                uses = [n for n in walk(method) if isinstance(n, ast.Name) and n.id == name]
                if all(isinstance(use.ctx, ast.Load) for use in uses):
                    found.update(uses)
    return found


def _is_layer(cls: Class) -> bool:
    paths = [getattr(base, "path", "") for base in cls.ancestors()]
    return any(kind_of(path) in (Kind.LAYER, Kind.MODEL) for path in paths if path)


def _renamed(context: Context, node: ast.Attribute, end: int) -> Finding:
    start = context.source.end(node) - len(node.attr)
    old = context.source.text[start:end]
    return Finding(
        CODE,
        context.span(node),
        f"a KerasTensor has no `{node.attr}`",
        Fix([Edit(start, end, "shape")], f"`.{old}` → `.shape`"),
        subject="static shapes",
    )


def _wrapped(context: Context, shape: ast.expr, end: int, function: str, node: ast.Attribute) -> Finding:
    source = context.source
    start, stop = source.start(shape), source.end(shape)
    old = source.text[stop:end]
    return Finding(
        CODE,
        context.span(node),
        f"a shape is a tuple, and has no `{node.attr}`",
        Fix([Edit(start, start, f"{function}("), Edit(stop, end, ")")], f"`{old}` → `{function}(...)`"),
        subject="static shapes",
    )


def _dimension(context: Context, node: ast.Attribute) -> Finding:
    start, end = context.source.end(node.value), context.source.end(node)
    return Finding(
        CODE,
        context.span(node),
        "the dimensions of a shape are plain numbers, without `value`",
        Fix([Edit(start, end, "")], "`.value` of a dimension removed"),
        subject="static shapes",
    )
