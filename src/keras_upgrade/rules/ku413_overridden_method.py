"""KU413 overridden-method: methods that Keras does not call any more

A class that derives from a Keras class defines methods for Keras to call. Keras 1 asked layers for
`get_output_shape_for`; optimizers up to Keras 2 were asked for `get_updates`, or `_resource_apply_dense`.

**Since** Keras 2.0 for layers, Keras 3.0 for optimizers.

**Error**

    AttributeError: 'Widen' object has no attribute 'get_output_shape_for'
    NotImplementedError: `update_step` must be implemented by optimizer subclasses.

**Fix.** `get_output_shape_for` is `compute_output_shape`.

**Not fixed.** Optimizers: `build(self, variables)` makes their variables, `update_step(self, gradient, variable,
learning_rate)` changes one, and both have to be written anew.

```python before
from keras.engine.topology import Layer

class Widen(Layer):
    def call(self, x):
        return x

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], 2 * input_shape[1])

    def width(self):
        return self.get_output_shape_for((None, 3))[1]

result = Widen().width()
```

```python after
from keras.layers import Layer

class Widen(Layer):
    def call(self, x):
        return x

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 2 * input_shape[1])

    def width(self):
        return self.compute_output_shape((None, 3))[1]

result = Widen().width()
```

```python unchanged
class Shaped:
    def get_output_shape_for(self, input_shape):
        return input_shape

    def get_updates(self):
        return []


result = Shaped().get_output_shape_for((1, 2))
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
from keras_upgrade.rules.shared.classes import LAYERS, classes_of, method
from keras_upgrade.syntax.edits import name_span

CODE = "KU413"
PHASE = NAMES
ERRORS = (
    r"`update_step` must be implemented by optimizer subclasses",
    r"object has no attribute 'get_output_shape_for'",
)
_OLD_SHAPE, _SHAPE = "get_output_shape_for", "compute_output_shape"
_OF_OPTIMIZERS = ("get_updates", "_resource_apply_dense", "_resource_apply_sparse", "_create_slots")


def check(context: Context) -> Iterator[Finding]:
    """The old methods in classes that derive from layers and optimizers."""
    for cls in classes_of(context, *LAYERS):
        old = method(cls, _OLD_SHAPE)
        if old is not None and method(cls, _SHAPE) is None:
            yield _renamed(context, cls, old)
    for cls in classes_of(context, Kind.OPTIMIZER):
        for name in _OF_OPTIMIZERS:
            defined = method(cls, name)
            if defined is not None:
                yield Finding(
                    CODE,
                    name_span(context.source, defined),
                    f"Keras 3 does not call `{name}` of an optimizer: write `build(self, variables)` and "
                    "`update_step(self, gradient, variable, learning_rate)`",
                    subject=f"`{cls.node.name}`",
                )


def _renamed(context: Context, cls: Class, old: ast.FunctionDef) -> Finding:
    span = name_span(context.source, old)
    edits = [Edit(span.start, span.end, _SHAPE)]
    for node in ast.walk(cls.node):
        if isinstance(node, ast.Attribute) and node.attr == _OLD_SHAPE:
            end = context.source.end(node)
            edits.append(Edit(end - len(_OLD_SHAPE), end, _SHAPE))
    return Finding(
        CODE,
        span,
        f"Keras asks a layer for `{_SHAPE}`",
        Fix(edits, f"`{_OLD_SHAPE}` → `{_SHAPE}`"),
        subject=f"`{cls.node.name}`",
    )
