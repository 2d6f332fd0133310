"""KU503 metric-labels: own metric functions get the labels as they are

A function in `compile(metrics=[...])` got `y_true` in the type and with the number of axes of `y_pred` in Keras 2: integer
labels as floats, labels of shape `(samples,)` as `(samples, 1)`. Keras 3 does that for losses only. SILENT where the
shapes differ: `y_pred - y_true` of `(samples, 1)` and `(samples,)` is a matrix of all differences, and its mean another
number.

**Since** Keras 3.0.

**Error**

    TypeError: Input 'y' of 'Mul' Op has type float32 that does not match type uint8 of argument 'x'.

**Fix.** The labels get the type, and where they may lack an axis, the shape of `y_pred` in the first lines of the
function. For labels that have them already, these lines do nothing.

**Not fixed.** Lambdas among the metrics. The type is left alone where the function casts the labels itself or computes
with `keras.ops` functions only, which take different types; the shape, where the model has more than one output
unit, or where the function flattens the labels.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true)))

model = Sequential()
model.add(Dense(1, input_shape=(2,), kernel_initializer='ones'))
model.compile('sgd', 'mse', metrics=[rmse])
x = np.array([[0.0, 1.0], [2.0, 3.0]])
result = [float(score) for score in model.evaluate(x, np.array([0, 3]), verbose=0)]
```

```python after
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential

def rmse(y_true, y_pred):
    y_true = keras.ops.cast(y_true, y_pred.dtype)
    y_true = keras.ops.reshape(y_true, keras.ops.shape(y_pred))
    return keras.ops.sqrt(keras.ops.mean(keras.ops.square(y_pred - y_true)))

model = Sequential()
model.add(Dense(1, input_shape=(2,), kernel_initializer='ones'))
model.compile('sgd', 'mse', metrics=[rmse])
x = np.array([[0.0, 1.0], [2.0, 3.0]])
result = [float(score) for score in model.evaluate(x, np.array([0, 3]), verbose=0)]
```

```python before
import numpy as np
from keras import backend as K
from keras.layers import Conv2D
from keras.models import Sequential

def dice(target, output):
    '''Overlap of two masks, from 0 to 1.'''
    target, output = K.flatten(target), K.flatten(output)
    return 2. * K.sum(target * output) / (K.sum(target) + K.sum(output))

model = Sequential()
model.add(Conv2D(1, 1, input_shape=(2, 2, 1), activation='sigmoid', kernel_initializer='ones'))
model.compile('sgd', 'binary_crossentropy', metrics=[dice])
mask = np.array([[0, 1], [1, 1]], dtype='uint8').reshape((1, 2, 2, 1))
result = [float(score) for score in model.evaluate(np.ones((1, 2, 2, 1)), mask, verbose=0)]
```

```python after
import numpy as np
import keras
from keras.layers import Conv2D
from keras.models import Sequential

def dice(target, output):
    '''Overlap of two masks, from 0 to 1.'''
    target = keras.ops.cast(target, output.dtype)
    target, output = keras.ops.reshape(target, (-1,)), keras.ops.reshape(output, (-1,))
    return 2. * keras.ops.sum(target * output) / (keras.ops.sum(target) + keras.ops.sum(output))

model = Sequential()
model.add(Conv2D(1, 1, input_shape=(2, 2, 1), activation='sigmoid', kernel_initializer='ones'))
model.compile('sgd', 'binary_crossentropy', metrics=[dice])
mask = np.array([[0, 1], [1, 1]], dtype='uint8').reshape((1, 2, 2, 1))
result = [float(score) for score in model.evaluate(np.ones((1, 2, 2, 1)), mask, verbose=0)]
```

```python unchanged
import keras
import numpy as np

def rmse(y_true, y_pred):
    return keras.ops.sqrt(keras.ops.mean(keras.ops.square(y_pred - y_true)))

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer='ones')])
model.compile('sgd', 'mse', metrics=[rmse])
result = model.evaluate(np.ones((1, 2)), np.ones((1, 1)), verbose=0)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Function
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.losses.labels import LabelUse, label_use
from keras_upgrade.rules.losses.metrics import metric_functions
from keras_upgrade.syntax.blocks import is_docstring

CODE = "KU503"
PHASE = STRUCTURE
WORDS = {"compile"}
ERRORS = (
    r"Input 'y' of '\w+' Op has type float32 that does not match type (u?int\d+|bool|float64)",
    r"Value passed to parameter '\w+' has DataType float32 not in list of allowed values",
    r"cannot compute \w+ as input #1\(zero-based\) was expected to be a \w+ tensor but is a float tensor",
)


def check(context: Context) -> Iterator[Finding]:
    """The functions of this module that a model has as metrics."""
    if not context.migrating:  # a Keras 3 program that is given the right labels has no use for it
        return
    for metric in metric_functions(context.program):
        function = metric.function
        if function.module is not context.module or isinstance(function.node, ast.Lambda):
            continue
        use = label_use(context.module, function.node)
        finding = _finding(context, function, use, one_unit=metric.may_have_one_unit)
        if finding is not None:
            yield finding


def _finding(context: Context, function: Function, use: LabelUse, *, one_unit: bool) -> Finding | None:
    node = function.node
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    labels, predictions = (argument.arg for argument in (*node.args.posonlyargs, *node.args.args)[:2])
    lines, what = [], []
    if use.mixes_types:
        lines.append(f"{labels} = {context.spell('keras.ops.cast')}({labels}, {predictions}.dtype)")
        what.append("the type")
    if use.mixes_shapes and one_unit:
        shape = f"{context.spell('keras.ops.shape')}({predictions})"
        lines.append(f"{labels} = {context.spell('keras.ops.reshape')}({labels}, {shape})")
        what.append("the shape")
    if not lines:
        return None
    wanted = " and ".join(what)
    return Finding(
        CODE,
        context.span(node.body[0]),
        f"Keras 3 gives `{labels}` to a metric as it is; Keras 2 gave it {wanted} of `{predictions}`",
        Fix(
            [_insertion(context, node, lines)],
            f"`{labels}` gets {wanted} of `{predictions}`",
            Safety.REVIEW,
            context.needed_imports,
        ),
        subject=f"`{function.name}` function",
        assumption=f"`{labels}` has as many values as `{predictions}`" if len(what) > 1 else "",
    )


def _insertion(context: Context, node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> Edit:
    """The lines, before the first statement after the docstring."""
    source = context.source
    first = next((item for item in node.body if not is_docstring(item)), node.body[-1])
    start = source.start(first)
    if source.line_of(start) == source.line_of(source.start(node)):  # def f(y, p): return ...
        blank = source.indentation(node) + "    "
        text = "".join(f"\n{blank}{line}" for line in lines) + f"\n{blank}"
        before = source.text[:start]
        return Edit(len(before.rstrip(" \t")), start, text)
    blank = source.indentation(first)
    return Edit(start, start, "".join(f"{line}\n{blank}" for line in lines))
