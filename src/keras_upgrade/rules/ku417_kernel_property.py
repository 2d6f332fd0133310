"""KU417 kernel-property: layers that derive from `Dense`, `Conv2D` or `Embedding` and make its weights themselves

The weights `kernel` of dense and convolutional layers and `embeddings` of `Embedding` are properties now, which can only be
read, and only when the layer is built. A `build` of one's own that assigns them raises.

**Since** Keras 3.0.

**Error**

    AttributeError: property 'kernel' of 'Scaled' object has no setter
    AttributeError: You must build the layer before accessing `kernel`.

**Fix.** `build` assigns the attribute behind the property, `_kernel` or `_embeddings`, and reads that; elsewhere nothing changes.
`save` of such a layer keeps the weights of the Keras class alone: further ones need `save_own_variables` and
`load_own_variables`.

**Not fixed.** Values that are no weights, made by `build` from the kernel: compute them in `call`.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

class Scaled(Dense):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer='ones', name='kernel')
        self.bias = None
        self.rows = K.int_shape(self.kernel)[0]
        self.built = True

    def call(self, inputs):
        return K.dot(inputs, self.kernel) / self.rows

result = Sequential([Scaled(3, input_shape=(2,))]).predict(np.ones((1, 2)))
```

```python after
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential

class Scaled(Dense):
    def build(self, input_shape):
        self._kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer='ones', name='kernel')
        self.bias = None
        self.rows = self._kernel.shape[0]
        self.built = True

    def call(self, inputs):
        return keras.ops.matmul(inputs, self.kernel) / self.rows

result = Sequential([Scaled(3, input_shape=(2,))]).predict(np.ones((1, 2)))
```

```python unchanged
import keras

class Plain(keras.layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], 2), initializer='ones', name='kernel')

    def call(self, inputs):
        return keras.ops.matmul(inputs, self.kernel)

result = Plain()(keras.ops.ones((1, 2)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Class
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import attribute_of, classes_of, first_parameter, method
from keras_upgrade.syntax.walking import walk

CODE = "KU417"
PHASE = STRUCTURE
WORDS = {"class"}
ERRORS = (
    r"property '(kernel|embeddings)' of '\w+' object has no setter",
    r"You must build the layer before accessing `(kernel|embeddings)`",
)

_PROPERTIES = {
    **dict.fromkeys(("Dense", "EinsumDense"), "kernel"),
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), "kernel"),
    **dict.fromkeys(("Convolution1D", "Convolution2D", "Convolution3D"), "kernel"),
    "Embedding": "embeddings",
}
_WEIGHT_MAKERS = ("add_weight", "add_variable")


def check(context: Context) -> Iterator[Finding]:
    """Assignments of those attributes in `build`."""
    for cls in classes_of(context, Kind.LAYER):
        base = next((base for base in cls.ancestors() if isinstance(base, Api)), None)
        name = _PROPERTIES.get(base.name, "") if base is not None else ""
        build = method(cls, "build")
        if name and build is not None:
            yield from _of_build(context, cls, build, name)


def _of_build(context: Context, cls: Class, build: ast.FunctionDef, name: str) -> Iterator[Finding]:
    owner = first_parameter(build)
    uses = [
        node for node in walk(build) if isinstance(node, ast.Attribute) and attribute_of(node, owner) == name
    ]
    stores = [node for node in uses if isinstance(node.ctx, ast.Store)]
    if not stores:
        return
    message = f"`{name}` of a layer that derives from a layer of Keras can only be read"
    if not all(_is_weight(context, node) for node in stores):
        yield Finding(
            CODE,
            context.span(stores[0]),
            f"{message}: compute in `call` what `build` makes of it here.",
            subject=f"`{cls.node.name}` layer",
        )
        return
    edits = [
        Edit(context.source.end(node) - len(name), context.source.end(node), f"_{name}") for node in uses
    ]
    others = _further_weights(cls.node, len(stores))
    yield Finding(
        CODE,
        context.span(stores[0]),
        message,
        Fix(
            sorted(edits),
            f"`{owner}.{name}` → `{owner}._{name}` in `build`",
            Safety.REVIEW if others else Safety.SAFE,
        ),
        subject=f"`{cls.node.name}` layer",
        assumption="the layer is not saved, or `save_own_variables` is to keep its further weights"
        if others
        else "",
    )


def _is_weight(context: Context, target: ast.Attribute) -> bool:
    statement = context.module.statement(target)
    value = statement.value if isinstance(statement, ast.Assign) else None
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in _WEIGHT_MAKERS
    )


def _further_weights(cls: ast.ClassDef, known: int) -> bool:
    """Whether the class makes other weights than these and a bias."""
    made = [
        node
        for node in walk(cls)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr in _WEIGHT_MAKERS
    ]
    bias = [
        node for node in made if any(isinstance(t, ast.Attribute) and t.attr == "bias" for t in node.targets)
    ]
    return len(made) - len(bias) > known
