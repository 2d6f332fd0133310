"""KU302 loss-from-metrics: loss functions called from `keras.metrics`

Keras 2 offered the loss functions in `keras.metrics` too, and programs called them from there. In Keras 3 they
belong to `keras.losses`; several names of `keras.metrics` are gone, others are kept as aliases.

**Since** Keras 3.0.

**Error**

    AttributeError: module 'keras.metrics' has no attribute 'mse'

**Fix.** The call goes to the function of that name in `keras.losses`, which gives the same numbers.

```python before
import numpy as np
from keras import backend as K
from keras import metrics

y = K.constant(np.array([[0.0, 1.0]]))
p = K.constant(np.array([[0.2, 0.6]]))
result = K.get_value(metrics.binary_crossentropy(y, p))
```

```python after
import numpy as np
import keras

y = keras.ops.convert_to_tensor(np.array([[0.0, 1.0]]), dtype="float32")
p = keras.ops.convert_to_tensor(np.array([[0.2, 0.6]]), dtype="float32")
result = keras.ops.convert_to_numpy(keras.losses.binary_crossentropy(y, p))
```

```python unchanged
def metrics(y, p):
    return abs(y - p)


result = metrics(1.0, 2.0)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge import surface
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU302"
PHASE = NAMES
ERRORS = (r"module '[\w.]*keras[\w.]*\.metrics' has no attribute",)


def check(context: Context) -> Iterator[Finding]:
    """Calls of loss functions that are spelled with `metrics`."""
    for call, callee in context.calls():
        module, _, name = callee.path.rpartition(".")
        if module != "keras.metrics" or not name[:1].islower() or name in ("get", "serialize", "deserialize"):
            continue
        if not surface.exists(f"keras.losses.{name}") or not context.spelled_here(call.func):
            continue
        written = context.source.segment(call.func)
        new = context.spell(f"keras.losses.{name}")
        yield Finding(
            CODE,
            context.span(call.func),
            f"`{name}` is a loss function, of `keras.losses` in Keras 3",
            Fix(
                [Edit(context.source.start(call.func), context.source.end(call.func), new)],
                f"`{written}` → `{new}`",
                imports=context.needed_imports,
            ),
            subject="`metrics` calls",
        )
