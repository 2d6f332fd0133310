"""KU207 kernel-by-position: `Conv2D(32, 3, 3)`

In Keras 1 the rows and columns of a kernel were arguments of their own, and standalone Keras up to 2.3 still took
`Conv2D(32, 3, 3)` for a kernel of 3 by 3. Now the third argument is the stride: the layer skips most of the image, and
its output is smaller. SILENT. As keywords the two were `nb_row=3, nb_col=3`.

**Since** TensorFlow 2.0, when leaving standalone Keras.

**Fix.** The sizes become one tuple: `Conv2D(32, (3, 3))`.

**Not fixed.** Programs that need no other change for Keras 3: there it is meant as it is today. `tf.keras`, where the
third argument has been the stride from the beginning; sizes that are no plain whole numbers, in a program without
arguments that only Keras 1 had (`border_mode=`, `subsample=`).

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


def block(x, filters, rows=3, columns=3):
    return Convolution2D(filters, rows, columns, border_mode='same')(x)


image = Input((8, 8, 1))
features = Convolution2D(4, nb_row=5, nb_col=5)(image)
result = Model(image, block(features, 2)).output_shape
assert result == (None, 4, 4, 2)
```

```python after
from keras.layers import Convolution2D, Input
from keras.models import Model


def block(x, filters, rows=3, columns=3):
    return Convolution2D(filters, (rows, columns), padding='same')(x)


image = Input((8, 8, 1))
features = Convolution2D(4, kernel_size=(5, 5))(image)
result = Model(image, block(features, 2)).output_shape
assert result == (None, 4, 4, 2)
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

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.patterns import pattern
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import argument_span, keyword_of, remove_arguments, value_text

CODE = "KU207"
PHASE = STRUCTURE
WORDS = {
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Convolution2D",
    "Convolution2DTranspose",
    "Convolution3D",
    "SeparableConv2D",
    "SeparableConvolution2D",
}
ERRORS = (
    r"The `kernel_size` argument must be a tuple of .* integers",
    r"Conv\w*\.__init__\(\) missing 1 required positional argument: 'kernel_size'",
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


_KEYWORDS = {2: ("nb_row", "nb_col"), 3: ("kernel_dim1", "kernel_dim2", "kernel_dim3")}
"""What Keras 1 called the sizes."""

_KERAS1 = pattern(r"\b(?:border_mode|subsample|nb_filter|dim_ordering|nb_row|W_regularizer)\s*=")
"""Arguments that convolutions had in Keras 1 only."""


def check(context: Context) -> Iterator[Finding]:
    """Convolutions whose kernel is given by several numbers."""
    if not context.standalone or not context.migrating:
        return  # a program for Keras 3 means a stride
    for call, callee in context.calls():
        count = _SIZES.get(callee.name)
        if count is None or not callee.path.startswith("keras.layers.") or callee.package != "keras":
            continue
        keywords = [keyword_of(call, name) for name in _KEYWORDS[count]]
        named = [keyword for keyword in keywords if keyword is not None]
        sizes = call.args[1:]
        if len(named) == count and not sizes:
            yield _named(context, call, callee.name, named)
        elif len(sizes) == count and _are_sizes(context, sizes):
            yield _finding(context, call, callee.name, sizes)


def _are_sizes(context: Context, arguments: list[ast.expr]) -> bool:
    """Whether these are numbers, or a program for Keras 1 gives them."""
    if all(isinstance(argument, ast.Constant) and type(argument.value) is int for argument in arguments):
        return True
    single = not any(isinstance(argument, (ast.Starred, ast.Tuple, ast.List)) for argument in arguments)
    return single and _KERAS1.search(context.original) is not None


def _named(context: Context, call: ast.Call, name: str, sizes: list[ast.keyword]) -> Finding:
    source = context.source
    texts = [value_text(source, call, size) for size in sizes]
    new = f"kernel_size=({', '.join(texts)})"
    span = argument_span(source, call, sizes[0])
    old = ", ".join(f"{size.arg}={text}" for size, text in zip(sizes, texts, strict=True))
    return Finding(
        CODE,
        context.span(call.func),
        f"`{name}({old})`: the sizes are one tuple now",
        Fix(
            [Edit(span.start, span.end, new), *remove_arguments(source, call, sizes[1:])],
            f"`{name}`: `{old}` → `{new}`",
        ),
        subject=f"`{name}` arguments",
    )


def _finding(context: Context, call: ast.Call, name: str, sizes: list[ast.expr]) -> Finding:
    source = context.source
    start, end = source.start(sizes[0]), source.end(sizes[-1])
    old = source.text[start:end]
    # These are names, and arguments, of Keras 1, in which the numbers can be nothing else.
    old_names = name.startswith(("Convolution", "SeparableConvolution"))
    certain = old_names or _KERAS1.search(context.original) is not None
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
