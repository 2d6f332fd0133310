"""KU207 kernel-by-position: `Conv2D(32, 3, 3)`

In Keras 1 the rows and columns of a kernel were arguments of their own, and standalone Keras up to 2.3 still took
`Conv2D(32, 3, 3)` for a kernel of 3 by 3. Now the third argument is the stride: the layer skips most of the image, and
its output is smaller. SILENT.

**Since** TensorFlow 2.0, when leaving standalone Keras.

**Fix.** The sizes become one tuple: `Conv2D(32, (3, 3))`. Sizes that are not written as numbers do so where the
program gives its convolutions arguments that only Keras 1 knew by their names (`border_mode`, `subsample`, `bias`).

**Not fixed.** Programs that need no other change for Keras 3: there it is meant as it is today. `tf.keras`, where the
third argument has been the stride from the beginning; variables in programs for Keras 2, which may well be a kernel
and its stride.

```python before
from keras.layers.convolutional import Conv2D, Convolution2D
from keras.models import Sequential

model = Sequential()
model.add(Convolution2D(4, 3, 3, padding='same', input_shape=(8, 8, 1)))
model.add(Conv2D(2, 3, 5, activation='relu'))
result = model.output_shape
```

```python after
from keras.layers import Conv2D, Convolution2D
from keras.models import Sequential

model = Sequential()
model.add(Convolution2D(4, (3, 3), padding='same', input_shape=(8, 8, 1)))
model.add(Conv2D(2, (3, 5), activation='relu'))
result = model.output_shape
```

```python before
from keras.layers import Convolution2D, Input
from keras.models import Model


def block(x, rows=3, cols=3):
    return Convolution2D(4, rows, cols, border_mode='same')(x)


inputs = Input((8, 8, 1))
model = Model(inputs, block(block(inputs), cols=5))
result = model.count_params()
assert result == (3 * 3 * 1 + 1) * 4 + (3 * 5 * 4 + 1) * 4
```

```python after
from keras.layers import Convolution2D, Input
from keras.models import Model


def block(x, rows=3, cols=3):
    return Convolution2D(4, (rows, cols), padding='same')(x)


inputs = Input((8, 8, 1))
model = Model(inputs, block(block(inputs), cols=5))
result = model.count_params()
assert result == (3 * 3 * 1 + 1) * 4 + (3 * 5 * 4 + 1) * 4
```

```python unchanged
from tensorflow.keras.layers import Conv2D
from tensorflow.keras.models import Sequential

result = Sequential([Conv2D(4, 3, 2, input_shape=(8, 8, 1))]).count_params()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context

CODE = "KU207"
PHASE = STRUCTURE
ERRORS = (
    r"'Keyword argument not understood:', '(border_mode|subsample)'",
    r"The `kernel_size` argument must be a tuple of .* integers",
)

_SIZES = {
    "Conv2D": 2,
    "Convolution2D": 2,
    "Conv2DTranspose": 2,
    "Convolution2DTranspose": 2,
    "SeparableConv2D": 2,
    "SeparableConvolution2D": 2,
    "Conv3D": 3,
    "Convolution3D": 3,
}
"""The layers, and how many numbers describe a kernel of them."""
_KERAS1 = frozenset(
    [
        "border_mode",
        "subsample",
        "bias",
        "init",
        "dim_ordering",
        "W_regularizer",
        "b_regularizer",
        "W_constraint",
        "b_constraint",
    ]
)
"""Arguments of convolutions that Keras 2 called by other names."""


def check(context: Context) -> Iterator[Finding]:
    """Convolutions whose kernel is given by several numbers."""
    if not context.standalone or not context.migrating:
        return  # a program for Keras 3 means a stride
    for call, callee in context.calls():
        count = _SIZES.get(callee.name)
        if count is None or not callee.path.startswith("keras.layers.") or callee.package != "keras":
            continue
        sizes = call.args[1:]
        if len(sizes) != count:
            continue
        numbers = all(_is_number(size) for size in sizes)
        old_style = all(map(_may_be_number, sizes)) and _is_of_keras1(context.original)
        if numbers or old_style:
            yield _finding(context, call, callee.name, sizes, certain=old_style)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _may_be_number(node: ast.expr) -> bool:
    return _is_number(node) or isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp))


@lru_cache(maxsize=32)
def _is_of_keras1(text: str) -> bool:
    """Whether a program, as it was given, calls convolutions as only Keras 1 did: with it, all sizes are numbers."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return False
    return any(
        keyword.arg in _KERAS1
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in _SIZES
        for keyword in call.keywords
    )


def _finding(context: Context, call: ast.Call, name: str, sizes: list[ast.expr], *, certain: bool) -> Finding:
    source = context.source
    start, end = source.start(sizes[0]), source.end(sizes[-1])
    old = source.text[start:end]
    # These are names of Keras 1, in which the numbers can be nothing else.
    certain = certain or name.startswith(("Convolution", "SeparableConvolution"))
    return Finding(
        CODE,
        context.span(call.func),
        f"`{name}(..., {old})`: the second of these numbers is the stride now (SILENT)",
        Fix(
            [Edit(start, start, "("), Edit(end, end, ")")],
            f"`{name}`: `{old}` → `({old})`",
            Safety.SAFE if certain else Safety.REVIEW,
        ),
        subject=f"`{name}` arguments",
        assumption=""
        if certain
        else "the program was written for standalone Keras up to 2.3, where these numbers "
        "were the sizes of the kernel, not for `keras` 2.4 to 2.15",
    )
