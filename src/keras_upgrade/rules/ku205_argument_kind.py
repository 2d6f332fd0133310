"""KU205 argument-kind: arguments of another type than Keras 3 takes

Keras 2 converted what it was given: a NumPy integer or a float for the number of units, a number for a shape with one
axis, the name of one metric for a list of them. Keras 3 takes a Python `int`, a tuple, a list.

**Since** Keras 3.0.

**Error**

    ValueError: Received an invalid value for `units`, expected a positive integer. Received: units=46
    ValueError: `output_dim` must be a positive integer. Received: output_dim=784 (of type int64).
    ValueError: Cannot convert '784' to a shape.
    ValueError: Expected `metrics` argument to be a list, tuple, or dict. Received instead: metrics=mae

**Fix.** `int(...)` around what NumPy or a division computes; where the size has a name, around what the name is given.
`(784)` becomes `(784,)`, `metrics='mae'` becomes `metrics=['mae']`.

**Not fixed.** Sizes of which the program does not show what they are; `BinaryAccuracy(threshold=0)`, which needs another
end of the model.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

shape = (2, 3)
labels = np.array([0, 3, 1])
num_classes = np.max(labels) + 1
model = Sequential()
model.add(Dense(np.prod(shape), input_shape=(4,)))
model.add(Dense(num_classes))
model.add(Dense(num_classes / 2))
result = model.count_params()
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

shape = (2, 3)
labels = np.array([0, 3, 1])
num_classes = int(np.max(labels) + 1)
model = Sequential()
model.add(Dense(int(np.prod(shape)), input_shape=(4,)))
model.add(Dense(num_classes))
model.add(Dense(int(num_classes / 2)))
result = model.count_params()
```

```python before
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model

x = Input(shape=(3))
model = Model(x, Dense(2)(x))
model.compile('sgd', 'mse', metrics='mae')
result = model.count_params()
```

```python after
from keras.layers import Dense, Input
from keras.models import Model

x = Input(shape=(3,))
model = Model(x, Dense(2)(x))
model.compile('sgd', 'mse', metrics=['mae'])
result = model.count_params()
```

```python unchanged
import math
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

units = math.prod((2, 3))
x = np.ones((1, np.prod((2, 2))))
result = Sequential([Dense(units, input_shape=(4,))]).predict(x * 0)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Result, constant, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of, outer_span, parentheses_of

CODE = "KU205"
PHASE = NAMES
ERRORS = (
    r"invalid value for `?(units|filters)`?, expected a positive integer",
    r"`?(input_dim|output_dim|units|filters)`? must be a positive integer",
    r"Cannot convert '\d+' to a shape",
    r"Expected `?metrics`? argument to be a list, tuple, or dict",
    r"Invalid value for argument `threshold`",
)

_SIZES: dict[str, tuple[str, ...]] = {
    "Dense": ("units",),
    "LSTM": ("units",),
    "GRU": ("units",),
    "SimpleRNN": ("units",),
    "Embedding": ("input_dim", "output_dim"),
    "Conv1D": ("filters",),
    "Conv2D": ("filters",),
    "Conv3D": ("filters",),
    "Conv2DTranspose": ("filters",),
    "SeparableConv2D": ("filters",),
    "RepeatVector": ("n",),
}
_SCALARS = frozenset(
    f"numpy.{name}"
    for name in [
        "prod",
        "product",
        "max",
        "min",
        "amax",
        "amin",
        "sum",
        "ceil",
        "floor",
        "round",
        "rint",
        "int64",
        "int32",
        "size",
        "sqrt",
    ]
)


def check(context: Context) -> Iterator[Finding]:
    """Sizes that are no Python integers, shapes that are no tuples, metrics that are no list."""
    yield from _sizes(context)
    yield from _shapes(context)
    yield from _metrics(context)
    yield from _thresholds(context)


def _thresholds(context: Context) -> Iterator[Finding]:
    """`BinaryAccuracy(threshold=0)`, for outputs that are no probabilities."""
    for call, callee in context.calls():
        keyword = keyword_of(call, "threshold")
        if keyword is None or callee.path != "keras.metrics.BinaryAccuracy":
            continue
        given = keyword.value
        value = given.value if isinstance(given, ast.Constant) else constant(context.value(given))
        if isinstance(value, (int, float)) and not 0 < value < 1:
            yield Finding(
                CODE,
                context.source.span(keyword),
                "`threshold=` has to lie between 0 and 1: end the model with a sigmoid, train it with "
                "`from_logits=False`, and take 0.5",
                subject="`BinaryAccuracy` arguments",
            )


def _shapes(context: Context) -> Iterator[Finding]:
    """`Input(shape=(784))`."""
    for call, callee in context.calls():
        if kind_of(callee.path) is not Kind.INPUT:
            continue
        keyword = keyword_of(call, "shape")
        value = keyword.value if keyword is not None else next(iter(call.args), None)
        if value is None or isinstance(value, ast.Starred):
            continue
        known = value.value if isinstance(value, ast.Constant) else constant(context.value(value))
        if type(known) is not int:
            continue
        span = outer_span(context.source, value, parentheses_of(context.source, call))
        new = f"({context.source.segment(value)},)"
        yield Finding(
            CODE,
            span,
            f"`{context.source.original[span.start : span.end]}` is a number, not a shape",
            Fix([Edit(span.start, span.end, new)], f"shape `{context.source.segment(value)}` → `{new}`"),
            subject=f"`{callee.name}` arguments",
        )


def _metrics(context: Context) -> Iterator[Finding]:
    """`compile(metrics='mae')`."""
    for call in context.module.calls:
        metrics = keyword_of(call, "metrics")
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "compile" or metrics is None:
            continue
        if isinstance(metrics.value, ast.Constant) and isinstance(metrics.value.value, str):
            start, end = context.source.start(metrics.value), context.source.end(metrics.value)
            text = context.source.segment(metrics.value)
            yield Finding(
                CODE,
                context.span(metrics.value),
                f"`metrics={text}` has to be a list",
                Fix([Edit(start, start, "["), Edit(end, end, "]")], f"`metrics={text}` → `metrics=[{text}]`"),
                subject="`compile` arguments",
            )


def _sizes(context: Context) -> Iterator[Finding]:
    done: set[ast.expr] = set()
    for call, callee in context.calls():
        sizes = _SIZES.get(callee.name, ())
        if not sizes or kind_of(callee.path) is not Kind.LAYER:
            continue
        for index, name in enumerate(sizes):
            keyword = keyword_of(call, name)
            value = keyword.value if keyword else (call.args[index] if index < len(call.args) else None)
            if value is None or isinstance(value, ast.Starred):
                continue
            if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
                yield _finding(context, callee.name, name, value)
                continue
            if not _is_numpy_scalar(context, value):
                continue
            source = _source(context, value)
            if source not in done:
                done.add(source)
                yield _finding(context, callee.name, name, source)


def _is_numpy_scalar(context: Context, node: ast.expr) -> bool:
    found = options(context.value(node))
    return any(isinstance(option, Result) and option.of in _SCALARS for option in found)


def _source(context: Context, node: ast.expr) -> ast.expr:
    """The expression that computes the size: where a name has one assignment, what it is given there."""
    return (context.module.assigned(node) if isinstance(node, ast.Name) else None) or node


def _finding(context: Context, layer: str, name: str, node: ast.expr) -> Finding:
    source = context.source
    start, end = source.start(node), source.end(node)
    text = source.segment(node)
    return Finding(
        CODE,
        context.span(node),
        f"`{name}` of `{layer}` has to be a Python integer; `{text}` is none",
        Fix([Edit(start, start, "int("), Edit(end, end, ")")], f"`{text}` → `int({text})`"),
        subject=f"`{layer}` arguments",
    )
