"""KU426 weight-as-condition: `if self.bias:`

A variable of TensorFlow 1 was always true, so that layers asked `if self.bias:` for whether they have the weight. A
variable of Keras 3 has no truth value.

**Since** Keras 3.0 (TensorFlow 2 asked for the number in it).

**Error**

    TypeError: A Keras Variable cannot be used as a boolean.
    ValueError: condition of if statement expected to be `tf.bool` scalar, got Tensor(...)

**Fix.** The question becomes `is not None`, where the layer gives the attribute a weight or None.

**Not fixed.** Attributes that may be something else than a weight or None.

```python before
import numpy as np
from keras.engine import Layer


class Shifted(Layer):
    def __init__(self, use_bias=True, **kwargs):
        super(Shifted, self).__init__(**kwargs)
        self.use_bias = use_bias

    def build(self, input_shape):
        if self.use_bias:
            self.bias = self.add_weight(shape=(input_shape[1],), initializer='ones', name='bias')
        else:
            self.bias = None
        super(Shifted, self).build(input_shape)

    def call(self, x):
        if self.bias:
            x += self.bias
        return x if not self.bias else x * 2

    def compute_output_shape(self, input_shape):
        return input_shape


from keras.models import Sequential

models = [Sequential([Shifted(use_bias, input_shape=(2,))]) for use_bias in (True, False)]
result = [model.predict(np.ones((1, 2))) for model in models]
assert [output.tolist() for output in result] == [[[4.0, 4.0]], [[1.0, 1.0]]]
```

```python after
import numpy as np
from keras.layers import Layer


class Shifted(Layer):
    def __init__(self, use_bias=True, **kwargs):
        super(Shifted, self).__init__(**kwargs)
        self.use_bias = use_bias

    def build(self, input_shape):
        if self.use_bias:
            self.bias = self.add_weight(shape=(input_shape[1],), initializer='ones', name='bias')
        else:
            self.bias = None
        super(Shifted, self).build(input_shape)

    def call(self, x):
        if self.bias is not None:
            x += self.bias
        return x if self.bias is None else x * 2

    def compute_output_shape(self, input_shape):
        return input_shape


from keras.models import Sequential

models = [Sequential([Shifted(use_bias, input_shape=(2,))]) for use_bias in (True, False)]
result = [model.predict(np.ones((1, 2))) for model in models]
assert [output.tolist() for output in result] == [[[4.0, 4.0]], [[1.0, 1.0]]]
```

```python unchanged
import keras


class Scaled(keras.layers.Layer):
    def build(self, input_shape):
        self.bias = True
        self.scale = self.add_weight(shape=(), initializer='ones')

    def call(self, x):
        return x * self.scale if self.bias else x


result = Scaled()(keras.ops.ones((1, 2)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Class
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import attribute_of, first_parameter, kind_of_class
from keras_upgrade.syntax.walking import walk

CODE = "KU426"
PHASE = NAMES
WORDS = {"class"}
ERRORS = (
    r"A Keras Variable cannot be used as a boolean",
    r"condition of if statement expected to be `tf.bool` scalar",
)

_MAKERS = frozenset({"add_weight", "add_variable"})
_VARIABLES = frozenset({"keras.backend.variable", "keras.Variable"})


def check(context: Context) -> Iterator[Finding]:
    """Weights of layers whose truth value is asked for."""
    for cls in context.module.classes:
        if kind_of_class(cls) in (Kind.LAYER, Kind.MODEL):
            weights = _weights(context, cls)
            for function in _methods(cls) if weights else ():
                for node in _tested(function):
                    if _own_attribute(function, node) in weights:
                        yield _finding(context, node)


def _methods(cls: Class) -> list[ast.FunctionDef]:
    return [item for item in cls.node.body if isinstance(item, ast.FunctionDef)]


def _own_attribute(function: ast.FunctionDef, node: ast.expr) -> str:
    return attribute_of(node, first_parameter(function))


def _weights(context: Context, cls: Class) -> set[str]:
    """The attributes to which the methods of the class assign weights, and beside them None only."""
    weights: set[str] = set()
    others: set[str] = set()
    for function in _methods(cls):
        for statement in walk(function):
            if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                continue
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for name in filter(None, (_own_attribute(function, target) for target in targets)):
                if _makes_weight(context, function, statement.value):
                    weights.add(name)
                elif not isinstance(statement.value, ast.Constant) or statement.value.value is not None:
                    others.add(name)
    return weights - others


def _makes_weight(context: Context, function: ast.FunctionDef, value: ast.expr | None) -> bool:
    if not isinstance(value, ast.Call):
        return False
    if _own_attribute(function, value.func) in _MAKERS:
        return True
    callee = context.module.api(value.func)
    return callee is not None and callee.path in _VARIABLES


def _tested(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """The operands of conditions; those of a `not` together with it."""
    for node in walk(function):
        if isinstance(node, (ast.If, ast.IfExp, ast.While, ast.Assert)):
            yield from _operands(node.test)


def _operands(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from _operands(value)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _operands(test.operand)
    else:
        yield test


def _finding(context: Context, node: ast.expr) -> Finding:
    source = context.source
    text = source.segment(node)
    outer = context.module.parent(node)
    negated = isinstance(outer, ast.UnaryOp)
    place = outer if isinstance(outer, ast.UnaryOp) else node
    new = f"{text} is None" if negated else f"{text} is not None"
    return Finding(
        CODE,
        context.span(node),
        f"`{text}` is a variable, which has no truth value",
        Fix([Edit(source.start(place), source.end(place), new)], f"`{source.segment(place)}` → `{new}`"),
        subject="conditions",
    )
