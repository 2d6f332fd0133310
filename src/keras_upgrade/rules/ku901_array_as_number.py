"""KU901 array-as-number: an array of one element where a number is wanted

`float(x)`, `int(x)` and `'%d' % x` took an array of any shape as long as it had one element. NumPy takes only arrays
without axes now. So does an element of an array that is assigned. Keras programs do this with predictions
(`float(model.predict(x)[0])`, `target[0][action] = reward + model.predict(x)[0]`) and with columns of labels.

**Since** late versions of NumPy 2 (a warning since 1.25), which Keras 3 is installed with.

**Error**

    TypeError: only 0-dimensional arrays can be converted to Python scalars
    TypeError: %d format: a real number is required, not numpy.ndarray
    ValueError: setting an array element with a sequence.

**Fix.** `.item()`, which gives the one element of an array of any shape.

**Not fixed.** Arrays that the program does not show to have an axis left.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras import backend as K

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
score = float(model.predict(np.ones((1, 2)))[0])
labels = np.arange(3).reshape(-1, 1)
result = [score, 'Digit: %d' % labels[2], '%d of %.1f' % (labels[1], 2.0), K.get_value(K.sum(K.ones((2,))))]
```

```python after
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
score = float(model.predict(np.ones((1, 2)))[0].item())
labels = np.arange(3).reshape(-1, 1)
result = [score, 'Digit: %d' % labels[2].item(), '%d of %.1f' % (labels[1].item(), 2.0), keras.ops.convert_to_numpy(keras.ops.sum(keras.ops.ones((2,))))]
```

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

critic = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
critic.compile(SGD(lr=0.1), loss='mse')
state, next_state = np.ones((1, 2)), np.zeros((1, 2))
advantages = np.zeros((1, 3))
value = critic.predict(state)[0]
next_value = critic.predict(next_state)[0]
action, reward = 1, 0.5
advantages[0][action] = reward + 0.9 * (next_value) - value
result = advantages
assert advantages.tolist() == [[0.0, -1.5, 0.0]]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

critic = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
critic.compile(SGD(learning_rate=0.1), loss='mse')
state, next_state = np.ones((1, 2)), np.zeros((1, 2))
advantages = np.zeros((1, 3))
value = critic.predict(state)[0]
next_value = critic.predict(next_state)[0]
action, reward = 1, 0.5
advantages[0][action] = reward + 0.9 * (next_value.item()) - value.item()
result = advantages
assert advantages.tolist() == [[0.0, -1.5, 0.0]]
```

```python unchanged
import numpy as np
import keras

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer='ones')])
predictions = model.predict(np.ones((1, 2)))
result = [float(predictions[0, 0]), '%.1f' % predictions[0][0], '%s' % predictions[0], int(np.sum(predictions))]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Arguments, Result, Seq, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.patterns import pattern
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU901"
PHASE = NAMES
ERRORS = (
    r"only (0-dimensional|length-1|size-1) arrays can be converted to Python scalars",
    r"%\w format: a real number is required, not numpy\.ndarray",
    r"setting an array element with a sequence",
)

_NUMBERS = pattern(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?([a-zA-Z%])")
_INDEX = pattern(r"(\[\])*$")
_MADE = frozenset({"zeros", "ones", "empty", "full"})
_ONE_ELEMENT = "the indices of the element are numbers, no arrays"


def check(context: Context) -> Iterator[Finding]:
    """Arrays with an axis that are turned into a number or formatted as one."""
    for call in context.module.calls:
        api = context.module.api(call.func)
        if (
            api is not None
            and api.package == "builtins"
            and api.name in ("float", "int")
            and len(call.args) == 1
        ):
            yield from _number(context, call.args[0], f"`{api.name}()`")
    for node in context.module.nodes(ast.BinOp):
        if (
            isinstance(node.op, ast.Mod)
            and isinstance(node.left, ast.Constant)
            and isinstance(node.left.value, str)
        ):
            yield from _formatted(context, node.left.value, node.right)
    for statement in context.module.nodes(ast.Assign):
        if all(_is_element(context, target) for target in statement.targets):
            for part in _terms(statement.value):
                yield from _number(context, part, "an element of another array", _ONE_ELEMENT)


def _is_element(context: Context, target: ast.expr) -> bool:
    """Whether this is one number of an array that NumPy has made in a known shape."""
    if not isinstance(target, ast.Subscript):
        return False
    indices = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
    if any(isinstance(index, (ast.Slice, ast.List, ast.Compare, ast.Starred)) for index in indices):
        return False
    found = options(context.value(target.value))
    return all(isinstance(option, Result) and _axes_made(option) == len(indices) for option in found)


def _terms(node: ast.expr) -> Iterator[ast.expr]:
    """What operators make an expression of; an array among them makes it an array."""
    if isinstance(node, ast.BinOp):
        yield from _terms(node.left)
        yield from _terms(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield from _terms(node.operand)
    else:
        yield node


def _formatted(context: Context, text: str, right: ast.expr) -> Iterator[Finding]:
    kinds = [kind for kind in _NUMBERS.findall(text) if kind != "%"]
    parts = right.elts if isinstance(right, ast.Tuple) else [right]
    if len(kinds) == len(parts):
        for kind, part in zip(kinds, parts, strict=True):
            if kind not in "srac":
                yield from _number(context, part, f"`%{kind}`")


def _number(context: Context, node: ast.expr, wanted_by: str, assumption: str = "") -> Iterator[Finding]:
    if not isinstance(node, (ast.Name, ast.Subscript, ast.Call, ast.Attribute)):
        return
    found = options(context.value(node))
    if not all(isinstance(option, Result) and _axes(option) >= 1 for option in found):
        return
    end = context.source.end(node)
    text = context.source.segment(node)
    yield Finding(
        CODE,
        context.span(node),
        f"`{text}` is an array with an axis, of which {wanted_by} takes no number any more",
        Fix(
            [Edit(end, end, ".item()")],
            f"`{text}` → `{text}.item()`",
            Safety.REVIEW if assumption else Safety.SAFE,
        ),
        subject="arrays as numbers",
        assumption=assumption,
    )


def _axes(result: Result) -> int:
    """At least how many axes an array has; 0 where nothing is known."""
    index = _INDEX.search(result.of)
    assert index is not None
    taken = len(index[0]) // 2
    made = result.of[: index.start()]
    if made.endswith(".predict"):
        return 2 - taken
    if made.startswith("numpy.") and made.endswith(".reshape()") and result.arguments is not None:
        return _length(result.arguments) - taken
    return 0


def _axes_made(result: Result) -> int:
    """How many axes an array has that `numpy.zeros` or the like has made; 0 where nothing is known."""
    index = _INDEX.search(result.of)
    assert index is not None
    made = result.of[: index.start()].removesuffix("()")
    if made.removeprefix("numpy.") not in _MADE or result.arguments is None:
        return 0
    shape = result.arguments.get(0, "shape")
    known = len(shape.items) if isinstance(shape, Seq) and shape.rest is None else 0
    return known - len(index[0]) // 2


def _length(shape: Arguments) -> int:
    """The number of axes that `reshape` was asked for."""
    if not shape.complete or shape.keywords:
        return 0
    if len(shape.positional) == 1:
        only = shape.positional[0]
        return len(only.items) if isinstance(only, Seq) and only.rest is None else 1
    return len(shape.positional)
