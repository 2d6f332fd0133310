"""KU402 gru-reset-after: `GRU` of standalone Keras

The `GRU` layer of standalone Keras (up to 2.3) applied the reset gate before the matrix product. The layer of Keras 3,
as that of TensorFlow 2, applies it after, which has one more bias vector: another number of parameters, and weights
that do not fit. SILENT.

**Since** TensorFlow 2.0, when leaving standalone Keras.

**Fix.** `reset_after=False` keeps the layer as it was.

**Not fixed.** Layers that say `reset_after=` themselves, and those of `tf.keras`. `CuDNNGRU` always was as `GRU` is today.

```python before
from keras.layers import GRU
from keras.models import Sequential
from keras.optimizers import RMSprop

model = Sequential()
model.add(GRU(4, input_shape=(None, 3)))
model.compile(optimizer=RMSprop(lr=0.1), loss='mae')
result = model.count_params()
```

```python after
from keras.layers import GRU
from keras.models import Sequential
from keras.optimizers import RMSprop

model = Sequential()
model.add(GRU(4, input_shape=(None, 3), reset_after=False))
model.compile(optimizer=RMSprop(learning_rate=0.1), loss='mae')
result = model.count_params()
```

```python unchanged
from tensorflow.keras.layers import GRU
from tensorflow.keras.models import Sequential

result = Sequential([GRU(4, input_shape=(None, 3))]).count_params()
```
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import append_argument, keyword_of

CODE = "KU402"
PHASE = STRUCTURE
WORDS = {"GRU", "GRUCell"}
ERRORS = (r"shape mismatch.*gru", r"Layer .*gru.* expected \d+ variables")


def check(context: Context) -> Iterator[Finding]:
    """`GRU` layers of a program for standalone Keras."""
    if not context.migrating or not context.standalone or "CuDNNGRU" in context.original:
        return
    for call, callee in context.calls():
        if callee.name not in ("GRU", "GRUCell") or callee.package != "keras" or "layers" not in callee.path:
            continue
        if keyword_of(call, "reset_after") is not None or any(k.arg is None for k in call.keywords):
            continue
        yield Finding(
            CODE,
            context.span(call.func),
            f"`{callee.name}` of standalone Keras had `reset_after=False`, which is True now (SILENT)",
            Fix(
                [append_argument(context.source, call, "reset_after=False")],
                f"`{callee.name}`: `reset_after=False`",
                Safety.REVIEW,
            ),
            subject=f"`{callee.name}` arguments",
            assumption="the program was written for standalone Keras up to 2.3, not for `keras` 2.4 to 2.15",
        )
