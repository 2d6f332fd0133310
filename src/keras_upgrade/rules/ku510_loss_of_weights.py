"""KU510 loss-of-weights: a penalty on weights that is added to a layer from outside

`layer.add_loss(lambda: regularizer(layer.kernel))` gave a layer that was made already, one of a pretrained model for instance, a
regularizer. `add_loss` of Keras 3 takes tensors only, and only within `call`; a weight has its regularizer itself.

**Since** Keras 3.0.

**Error**

    ValueError: `add_loss()` can only be called from inside `build()` or `call()`, on a tensor input. Received invalid value: <function ...

**Fix.** `layer.kernel.regularizer = regularizer`.

**Not fixed.** Losses that are more than one function of one weight: write a regularizer that computes them.

```python before
import numpy as np
from keras import regularizers
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones'), Dense(1, kernel_initializer='ones')])
for layer in model.layers:
    # weight decay
    layer.add_loss(lambda layer=layer: regularizers.l2(0.1)(layer.kernel))
model.compile('sgd', 'mse')
result = float(model.evaluate(np.ones((2, 3)), np.ones((2, 1)), verbose=0))
```

```python after
import numpy as np
from keras import regularizers
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones'), Dense(1, kernel_initializer='ones')])
for layer in model.layers:
    # weight decay
    layer.kernel.regularizer = regularizers.l2(0.1)
model.compile('sgd', 'mse')
result = float(model.evaluate(np.ones((2, 3)), np.ones((2, 1)), verbose=0))
```

```python unchanged
import keras


class Penalized(keras.layers.Layer):
    def call(self, x):
        self.add_loss(keras.regularizers.l2(0.1)(x))
        return x


layer = Penalized()
layer(keras.ops.ones((1, 2)))
result = float(layer.losses[0])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import method_of

CODE = "KU510"
PHASE = STRUCTURE
WORDS = {"add_loss"}
ERRORS = (r"`add_loss\(\)` can only be called from inside `build\(\)` or `call\(\)`",)
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
    }
)


def check(context: Context) -> Iterator[Finding]:
    """Calls of `add_loss`, outside of layers, with a function of a weight."""
    for call in context.module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "add_loss" or len(call.args) != 1:
            continue
        statement = context.module.parent(call)
        place = method_of(context, call)
        inside = place is not None and place[1].name in ("call", "build")
        argument = call.args[0]
        if isinstance(argument, ast.Lambda) and not _needs_arguments(argument):
            penalty = _penalty(argument.body)
        elif isinstance(argument, ast.Call) and _is_weight_of_layer(argument) and not inside:
            penalty = _penalty(argument)
        else:
            continue
        alone = isinstance(statement, ast.Expr) and not call.keywords
        yield _finding(context, call, penalty if alone else None)


def _needs_arguments(function: ast.Lambda) -> bool:
    """Whether a function takes anything but names that are bound to themselves: `lambda layer=layer: ...`."""
    given = function.args
    names = [argument.arg for argument in given.args]
    defaults = [default.id if isinstance(default, ast.Name) else "" for default in given.defaults]
    return names != defaults or bool(given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs)


def _penalty(body: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The function and the weight of `regularizer(layer.kernel)`."""
    if not isinstance(body, ast.Call) or len(body.args) != 1 or body.keywords:
        return None
    weight = body.args[0]
    return (body.func, weight) if isinstance(weight, (ast.Name, ast.Attribute)) else None


def _is_weight_of_layer(call: ast.Call) -> bool:
    """Whether a call is surely one of a function of a weight: it names the weight of a layer."""
    weight = call.args[0] if len(call.args) == 1 else None
    return isinstance(weight, ast.Attribute) and weight.attr in _WEIGHTS


def _finding(context: Context, call: ast.Call, penalty: tuple[ast.expr, ast.expr] | None) -> Finding:
    source = context.source
    message = "`add_loss` takes no functions of weights in Keras 3: a weight has its regularizer itself"
    if penalty is None:
        return Finding(
            CODE,
            context.span(call),
            f"{message}. Set `weight.regularizer` to a function that computes this loss.",
        )
    function, weight = (source.segment(part) for part in penalty)
    text = f"{weight}.regularizer = {function}"
    return Finding(
        CODE,
        context.span(call),
        message,
        Fix(
            [Edit(source.start(call), source.end(call), text)],
            f"`{source.segment(call.func)}(...)` → `{text}`",
            Safety.REVIEW,
        ),
        assumption=f"`{weight}` is a weight without a regularizer of its own, and is trained",
    )
