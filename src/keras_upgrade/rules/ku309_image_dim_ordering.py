"""KU309 image-dim-ordering: `K.image_dim_ordering() == 'th'`

Keras 1 asked for the order of the axes of images with `image_dim_ordering`, and called the orders 'th' and 'tf'.

**Since** Keras 2.0 warned; gone in 2.3.

**Error**

    AttributeError: module 'keras.backend' has no attribute 'image_dim_ordering'

**Fix.** `keras.config.image_data_format()`, which is compared with "channels_first" and "channels_last".

**Not fixed.** Calls whose result is not compared at once.

```python before
from keras import backend as K

rows, columns = 28, 28
if K.image_dim_ordering() == 'th':
    input_shape = (1, rows, columns)
else:
    input_shape = (rows, columns, 1)
axis = 1 if 'tf' != K.image_dim_ordering() else 3
result = [input_shape, axis]
assert result == [(28, 28, 1), 3]
```

```python after
import keras

rows, columns = 28, 28
if keras.config.image_data_format() == 'channels_first':
    input_shape = (1, rows, columns)
else:
    input_shape = (rows, columns, 1)
axis = 1 if 'channels_last' != keras.config.image_data_format() else 3
result = [input_shape, axis]
assert result == [(28, 28, 1), 3]
```

```python unchanged
from keras import backend as K

result = K.image_data_format() == 'channels_first'
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU309"
PHASE = NAMES
WORDS = {"image_dim_ordering"}
ERRORS = (r"has no attribute 'image_dim_ordering'",)
_PATH = "keras.backend.image_dim_ordering"
_ORDERS = {"th": "channels_first", "tf": "channels_last"}


def check(context: Context) -> Iterator[Finding]:
    """Calls of `image_dim_ordering`."""
    for call, callee in context.calls():
        if callee.path == _PATH:
            yield _finding(context, call)


def _finding(context: Context, call: ast.Call) -> Finding:
    source = context.source
    written = source.segment(call)
    new = f"{context.spell('keras.config.image_data_format')}()"
    order = _compared_with(context, call)
    if order is None:
        return Finding(
            CODE,
            context.span(call),
            f"`{written}` is gone: `{new}` says 'channels_first' for 'th' and 'channels_last' for 'tf'",
        )
    quote = source.text[source.start(order)]
    text = f"{quote}{_ORDERS[str(order.value)]}{quote}"
    edits = [
        Edit(source.start(call), source.end(call), new),
        Edit(source.start(order), source.end(order), text),
    ]
    return Finding(
        CODE,
        context.span(call),
        f"`{written}` is gone",
        Fix(edits, f"`{written}` → `{new}`", imports=context.needed_imports),
        subject="backend functions",
    )


def _compared_with(context: Context, call: ast.Call) -> ast.Constant | None:
    """The text that the call's result is compared with."""
    outer = context.module.parent(call)
    if not isinstance(outer, ast.Compare) or len(outer.comparators) != 1:
        return None
    other = outer.comparators[0] if outer.left is call else outer.left
    return other if isinstance(other, ast.Constant) and other.value in _ORDERS else None
