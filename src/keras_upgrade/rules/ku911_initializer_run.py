"""KU911 initializer-run: weights that a session initialized again

To start over with a model, programs ran the initializers of its variables in the session:
`layer.kernel.initializer.run(session=K.get_session())`. Variables of Keras 3 have values from the start, and no operation
that initializes them.

**Since** Keras 3.0 (TensorFlow 2.0 in eager mode).

**Error**

    AttributeError: 'Variable' object has no attribute 'initializer'

**Fix.** The weight is assigned what the layer's initializer gives. An initializer of Keras 3 gives the same values each
time; `clone()` is one with a seed of its own, if it has none by the user.

**Not fixed.** `variable.initializer` of variables that are not weights of a layer by name.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(2, input_shape=(2,), kernel_initializer='ones')])
model.set_weights([np.zeros((2, 2)), np.ones(2)])

session = K.get_session()
for layer in model.layers:
    if hasattr(layer, 'kernel_initializer'):
        layer.kernel.initializer.run(session=session)
result = [w.tolist() for w in model.get_weights()]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(2, input_shape=(2,), kernel_initializer='ones')])
model.set_weights([np.zeros((2, 2)), np.ones(2)])

for layer in model.layers:
    if hasattr(layer, 'kernel_initializer'):
        layer.kernel.assign(layer.kernel_initializer.clone()(layer.kernel.shape))
result = [w.tolist() for w in model.get_weights()]
```

```python unchanged
import keras


class Job:
    def run(self, session=None):
        return session


class Weight:
    initializer = Job()


class Layer:
    kernel = Weight()


layer = Layer()
result = layer.kernel.initializer.run(session=[1])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.models import is_layer
from keras_upgrade.analysis.values import UNKNOWN, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU911"
PHASE = NAMES
WORDS = {"initializer"}
ERRORS = (r"'\w*Variable' object has no attribute 'initializer'",)
_WEIGHTS = frozenset(
    {
        "kernel",
        "bias",
        "recurrent_kernel",
        "depthwise_kernel",
        "pointwise_kernel",
        "embeddings",
        "gamma",
        "beta",
        "moving_mean",
        "moving_variance",
    }
)


def check(context: Context) -> Iterator[Finding]:
    """Statements that run the initializer of a layer's weight."""
    for call in context.module.calls:
        weight = _weight(call)
        if weight is not None and isinstance(context.module.parent(call), ast.Expr):
            owner = options(context.value(weight.value))
            if all(is_layer(option) for option in owner) or _is_of_model(context, weight.value):
                yield _finding(context, call, weight)


def _weight(call: ast.Call) -> ast.Attribute | None:
    """`layer.kernel` of `layer.kernel.initializer.run(...)`."""
    run = call.func
    if not isinstance(run, ast.Attribute) or run.attr != "run" or len(call.args) + len(call.keywords) > 1:
        return None
    initializer = run.value
    if not isinstance(initializer, ast.Attribute) or initializer.attr != "initializer":
        return None
    weight = initializer.value
    return weight if isinstance(weight, ast.Attribute) and weight.attr in _WEIGHTS else None


def _is_of_model(context: Context, node: ast.expr) -> bool:
    """Whether something that nothing is known of is an item of `model.layers`."""
    if not isinstance(node, ast.Name) or any(o is not UNKNOWN for o in options(context.value(node))):
        return False
    loops = [outer for outer in context.module.ancestors(node) if isinstance(outer, ast.For)]
    return any(
        isinstance(loop.target, ast.Name)
        and loop.target.id == node.id
        and isinstance(loop.iter, ast.Attribute)
        and loop.iter.attr == "layers"
        for loop in loops
    )


def _finding(context: Context, call: ast.Call, weight: ast.Attribute) -> Finding:
    layer, text = (context.source.segment(node) for node in (weight.value, weight))
    new = f"{text}.assign({layer}.{weight.attr}_initializer.clone()({text}.shape))"
    span = context.span(call)
    written = context.source.segment(call)
    return Finding(
        CODE,
        span,
        "variables have values from the start: what initializes them is not an operation",
        Fix([Edit(span.start, span.end, new)], f"`{written}` → `{new}`"),
        subject=f"`{text}`",
    )
