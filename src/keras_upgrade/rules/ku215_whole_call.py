"""KU215 whole-call: calls that became another call, or an expression

`ThresholdedReLU(theta)` is `ReLU(threshold=theta)` today, whose first argument is another one (SILENT), and
`SyncBatchNormalization()` is `BatchNormalization(synchronized=True)`. The helpers of `keras.utils.conv_utils` that put the
arguments of layers into one form are private: what they did is written out.

**Since** Keras 3.0.

**Error**

    ImportError: cannot import name 'ThresholdedReLU' from 'keras.layers'
    AttributeError: module 'keras.layers' has no attribute 'ThresholdedReLU'
    ImportError: cannot import name 'conv_utils' from 'keras.utils'

**Fix.** The whole call is written anew, with the old default where none was given.

**Not fixed.** Functions whose arguments would be computed twice. The classes themselves, where they are passed on or derived from.

```python before
import numpy as np
from keras.layers import ThresholdedReLU
from keras.models import Sequential

model = Sequential([ThresholdedReLU(0.5, input_shape=(3,)), ThresholdedReLU()])
result = model.predict(np.array([[0.4, 0.6, 1.5]]))
```

```python after
import numpy as np
import keras
from keras.models import Sequential

model = Sequential([keras.layers.ReLU(threshold=0.5, input_shape=(3,)), keras.layers.ReLU(threshold=1.0)])
result = model.predict(np.array([[0.4, 0.6, 1.5]]))
```

```python before
from keras.layers import Layer
from keras.utils import conv_utils

class Window(Layer):
    def __init__(self, size, padding='SAME'):
        super(Window, self).__init__()
        self.size = conv_utils.normalize_tuple(size, 2, 'size')
        self.padding = conv_utils.normalize_padding(padding)

result = [Window(3).size, Window([2, 1]).size, Window(1).padding]
```

```python after
from keras.layers import Layer

class Window(Layer):
    def __init__(self, size, padding='SAME'):
        super(Window, self).__init__()
        self.size = (size,) * 2 if isinstance(size, int) else tuple(size)
        self.padding = padding.lower()

result = [Window(3).size, Window([2, 1]).size, Window(1).padding]
```

```python unchanged
import keras
import numpy as np

model = keras.Sequential([keras.Input((3,)), keras.layers.ReLU(0.5), keras.layers.BatchNormalization()])
result = model.predict(np.array([[0.4, 0.6, 1.5]]))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.arguments import call_row
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.templates import rewrite_call

CODE = "KU215"
PHASE = NAMES
ERRORS = (
    r"(cannot import name|has no attribute) '(ThresholdedReLU|SyncBatchNormalization)'",
    r"(cannot import name|has no attribute) 'conv_utils'",
)


def check(context: Context) -> Iterator[Finding]:
    """Calls for which the table has a whole call."""
    for call, callee in context.calls():
        row = call_row(callee.path)
        if row is None:
            continue
        written = context.source.segment(call.func)
        edits = rewrite_call(context.source, call, row.old, row.new, row.variants, context.spell)
        if edits is None:
            yield Finding(
                CODE,
                context.span(call.func),
                f"`{written}` is `{row.new}` today; these arguments do not fit it. {row.note}".rstrip(),
            )
            continue
        yield Finding(
            CODE,
            context.span(call.func),
            f"`{written}` is not there in Keras 3",
            Fix(edits, f"`{written}(...)` → `{row.new}`", imports=context.imports_for(row, edits)),
            subject=f"`{callee.name}`",
        )
