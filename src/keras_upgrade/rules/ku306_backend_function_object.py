"""KU306 backend-function-object: `K.function` gives way to a model

`K.function(inputs, outputs)` made a function from arrays to arrays out of tensors of the graph: the usual way to see
what a layer inside of a model gives. In Keras 3 a model does that: `keras.Model(inputs, outputs)`.

**Since** Keras 3.0.

**Error**

    AttributeError: module 'keras.backend' has no attribute 'function'

**Fix.** `K.function([inputs], [outputs])` becomes `keras.Model(inputs, outputs)`, and its calls become
`predict_on_batch`, which gives NumPy arrays of the whole batch at once, as before. A `K.learning_phase()` among the
inputs becomes `training=` of the call. Where outputs are computed with variables, and where the function is passed on,
it becomes a Python function that takes and gives lists.

**Not fixed.** Functions with updates other than an optimizer's, inputs that are not known where the function is made, a
learning phase that is set for the whole program. Gradients are the matter of KU307.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense, Dropout
from keras.models import Sequential

model = Sequential([
    Dense(3, input_shape=(2,), kernel_initializer='ones'),
    Dropout(0.5),
    Dense(1, kernel_initializer='ones'),
])
x = np.ones((4, 2))

# the features, and all that comes after them
get_features = K.function([model.layers[0].input], [model.layers[0].output])
get_all = K.function([model.input, K.learning_phase()], [layer.output for layer in model.layers])
features = get_features([x])[0]
result = [features, get_all([x, 0])]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Dropout
from keras.models import Sequential

model = Sequential([
    Dense(3, input_shape=(2,), kernel_initializer='ones'),
    Dropout(0.5),
    Dense(1, kernel_initializer='ones'),
])
x = np.ones((4, 2))

# the features, and all that comes after them
get_features = keras.Model(model.inputs[0], model.layers[0].output)
get_all = keras.Model(model.inputs[0], [layer.output for layer in model.layers])
features = get_features.predict_on_batch(x)
result = [features, get_all.predict_on_batch(x)]
```

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

a, b = Input((2,)), Input((2,))
code = Dense(3, kernel_initializer='ones')(a)
model = Model([a, b], [Dense(1, kernel_initializer='ones')(code), Dense(2, kernel_initializer='ones')(b)])
x = np.arange(6.0).reshape(3, 2)


def apply(function, *arrays):
    return [array.tolist() for array in function(list(arrays))]


inner = K.function([a, b, K.learning_phase()], [code, K.sum(code, axis=-1) + K.sum(b, axis=-1)])
first, total = inner([x, x, 1])
result = [first, total, apply(K.function(model.inputs, model.outputs), x, x)]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Model

a, b = Input((2,)), Input((2,))
code = Dense(3, kernel_initializer='ones')(a)
model = Model([a, b], [Dense(1, kernel_initializer='ones')(code), Dense(2, kernel_initializer='ones')(b)])
x = np.arange(6.0).reshape(3, 2)


def apply(function, *arrays):
    return [array.tolist() for array in function(list(arrays))]


inner = keras.Model([a, b], [code, keras.ops.sum(code, axis=-1) + keras.ops.sum(b, axis=-1)])
first, total = [y.numpy() for y in inner([x, x], training=True)]
result = [first, total, apply(keras.Model(model.inputs, model.outputs).predict_on_batch, x, x)]
```

```python unchanged
import numpy as np
import keras

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, kernel_initializer='ones')])
features = keras.Function(model.inputs, model.outputs)


class K:
    @staticmethod
    def function(inputs, outputs):
        return lambda arrays: [outputs for _ in inputs]


result = K.function([1], 2)([3]) + [features([np.ones((1, 2))])[0].shape[0]]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.phases import function_objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.rules.graphs.objects import FunctionObject

CODE = "KU306"
PHASE = STRUCTURE
WORDS = {"function"}
ERRORS = (
    r"module '[\w.]*keras[\w.]*\.backend' has no attribute 'function'",
    r"cannot import name 'function' from '[\w.]*keras[\w.]*\.backend",
)

TRAINS = "the model has no BatchNormalization: with `training=True` it would update its averages"
_SEVERAL = "the list of outputs has more than one tensor, so that the model gives a list"


def check(context: Context) -> Iterator[Finding]:
    """Calls of `K.function` without gradients."""
    for site in function_objects(context):
        if not takes_gradients(context, site):
            yield _finding(context, site)


def takes_gradients(context: Context, site: ast.Call) -> bool:
    """Whether gradients or updates are among what a function object computes."""
    from keras_upgrade.rules.graphs.modes import Mode, modes_of  # noqa: PLC0415

    modes = modes_of(context)
    statement = context.module.statement(site)
    given = [*site.args[1:], *(k.value for k in site.keywords if k.arg in ("outputs", "updates"))]
    if any(modes.mode(node, statement) is Mode.GRADIENT for node in given):
        return True
    return any(k.arg == "updates" for k in site.keywords) or len(site.args) > 2


def _finding(context: Context, site: ast.Call) -> Finding:
    from keras_upgrade.rules.graphs.objects import CannotRewriteError, read  # noqa: PLC0415

    written = context.source.segment(site.func)
    message = f"`{written}` is gone: a model gives the tensors inside of it"
    try:
        made = read(context, site)
        fix, assumption = _fix(context, made)
    except CannotRewriteError as problem:
        advice = (
            f"`{written}` is gone. Make a model of its inputs and outputs, `keras.Model(inputs, outputs)`, and call "
            f"that, with `training=` in place of the learning phase (not done: {problem})"
        )
        return Finding(CODE, context.span(site.func), advice, subject=f"`{written}`")
    return Finding(CODE, context.span(site.func), message, fix, subject=f"`{written}`", assumption=assumption)


def _fix(context: Context, made: FunctionObject) -> tuple[Fix, str]:
    from keras_upgrade.rules.graphs.gradients import GradientFunction  # noqa: PLC0415
    from keras_upgrade.rules.graphs.models import ModelFunction  # noqa: PLC0415

    written = context.source.segment(made.site.func)
    model = ModelFunction(made)
    if model.fits:
        edits = model.edits()
        assumptions = [*([TRAINS] if model.trains else []), *([_SEVERAL] if model.counts else [])]
        new = context.spell("keras.Model")
        change = f"`{written}` → `{new}`" + (" and `predict_on_batch()`" if model.predicts else "")
        safety = Safety.REVIEW if assumptions else Safety.SAFE
        return Fix(edits, change, safety, context.needed_imports), "; ".join(assumptions)
    function = GradientFunction(made).write()
    change = f"`{written}` → `def {function.name}()` on real tensors"
    safety = Safety.REVIEW if function.trains else Safety.SAFE
    return Fix(function.edits, change, safety, function.imports), TRAINS if function.trains else ""
