"""KU801 generator-lists: generators that yield lists

`fit` and its kin take batches as tuples: `(inputs, targets)`, several inputs as a tuple of them. What Keras 2 programs
yield is often a list, of the pair or of the inputs. The same holds for `__getitem__` of a `Sequence`.

**Since** Keras 3.0.

**Error**

    ValueError: When passing a Python generator to a Keras model, the generator must return a tuple
    TypeError: `output_signature` must contain objects that are subclass of `tf.TypeSpec` but found <class 'list'>

**Fix.** `yield [x1, x2], y` becomes `yield (x1, x2), y`, and `yield [x, y]` becomes `yield (x, y)`. A list that has a
name is made a tuple.

**Not fixed.** Generators for `predict` that yield a list: whether it is the inputs or a pair has to be seen.

```python before
import numpy as np
from keras.layers import Add, Dense, Input
from keras.models import Model


def batches(size):
    while True:
        x = np.ones((size, 2))
        yield [x, 2 * x], np.ones((size, 1))


def pairs():
    while True:
        inputs = [np.ones((4, 2)), np.zeros((4, 2))]
        yield inputs, np.ones((4, 1))


a, b = Input(shape=(2,)), Input(shape=(2,))
model = Model([a, b], Dense(1, kernel_initializer='ones')(Add()([a, b])))
model.compile('sgd', 'mse')
training = batches(4)
model.fit_generator(training, steps_per_epoch=2, epochs=1, verbose=0)
result = float(model.evaluate_generator(pairs(), steps=1))
```

```python after
import numpy as np
from keras.layers import Add, Dense, Input
from keras.models import Model


def batches(size):
    while True:
        x = np.ones((size, 2))
        yield (x, 2 * x), np.ones((size, 1))


def pairs():
    while True:
        inputs = [np.ones((4, 2)), np.zeros((4, 2))]
        yield tuple(inputs), np.ones((4, 1))


a, b = Input(shape=(2,)), Input(shape=(2,))
model = Model([a, b], Dense(1, kernel_initializer='ones')(Add()([a, b])))
model.compile('sgd', 'mse')
training = batches(4)
model.fit(training, steps_per_epoch=2, epochs=1, verbose=0)
result = float(model.evaluate(pairs(), steps=1))
```

```python before
import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential


def batches():
    while True:
        yield [np.ones((4, 2)), np.ones((4, 1))]


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
result = float(model.evaluate(batches(), steps=2, verbose=0))
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def batches():
    while True:
        yield (np.ones((4, 2)), np.ones((4, 1)))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
result = float(model.evaluate(batches(), steps=2, verbose=0))
```

```python unchanged
def batches():
    while True:
        yield [1, 2], 3


class Loader:
    def fit(self, data):
        return [next(data)]


result = len(Loader().fit(batches()))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.frames import FunctionNode
from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import Api, Function, Instance, Method, Seq, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.walking import walk

CODE = "KU801"
PHASE = NAMES
WORDS = {"__getitem__", "yield"}
ERRORS = (
    r"the generator must return a tuple",
    r"`?output_signature`? must contain objects that are subclass of `?tf\.TypeSpec`?",
)

_TRAINING = frozenset({"fit", "fit_generator", "evaluate", "evaluate_generator"})
_SEQUENCES = ("keras.utils.Sequence", "keras.utils.data_utils.Sequence", "keras.utils.PyDataset")


def check(context: Context) -> Iterator[Finding]:
    """Lists in what generators yield to `fit` and `evaluate`, and in what a `Sequence` returns."""
    for function in _generators(context):
        for node in walk(function):
            if isinstance(node, ast.Yield) and node.value is not None:
                yield from _batch(context, node.value)
    for cls in context.module.classes:
        method = cls.members.get("__getitem__")
        if isinstance(method, Function) and any(
            isinstance(base, Api) and base.path in _SEQUENCES for base in cls.ancestors()
        ):
            for node in walk(method.node):
                if isinstance(node, ast.Return) and node.value is not None:
                    yield from _batch(context, node.value)


def _generators(context: Context) -> list[FunctionNode]:
    """The generator functions of this module whose result a model is trained or evaluated on, anywhere."""
    found = context.program.once(CODE, lambda: list(_all_generators(context.program)))
    return list({origin.node: None for origin in found if origin.module is context.module})


def _all_generators(program: Program) -> Iterator[Function]:
    for module in program:
        for call in module.calls:
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in _TRAINING:
                continue
            if not any(
                isinstance(o, Method) and isinstance(o.owner, Instance) and o.function is None
                for o in options(module.value(call.func))
            ):
                continue
            given = [*call.args[:1]]
            for name in ("x", "generator", "validation_data"):
                keyword = keyword_of(call, name)
                given += [keyword.value] if keyword is not None else []
            for argument in given:
                yield from _origins(module.value(argument))


def _origins(value: Value) -> list[Function]:
    return [o.origin for o in options(value) if isinstance(o, Seq) and o.origin is not None]


def _batch(context: Context, node: ast.expr) -> Iterator[Finding]:
    source = context.source
    edits: list[Edit] = []
    if isinstance(node, ast.List) and len(node.elts) in (2, 3):
        edits += _brackets(context, node)
        parts = node.elts
    elif isinstance(node, ast.Tuple):
        parts = node.elts
    else:
        return
    for part in parts:
        if isinstance(part, ast.List):
            edits += _brackets(context, part)
        elif isinstance(part, ast.Name) and _is_list(context.value(part)):
            start, end = source.start(part), source.end(part)
            edits += [Edit(start, start, "tuple("), Edit(end, end, ")")]
    if edits:
        text = source.segment(node)
        yield Finding(
            CODE,
            context.span(node),
            f"a batch has to be a tuple, and several inputs too: `{text}`",
            Fix(edits, f"batch `{text}`: tuples in place of lists"),
            subject="generators",
        )


def _is_list(value: Value) -> bool:
    return all(isinstance(option, Seq) and option.kind == "list" for option in options(value))


def _brackets(context: Context, node: ast.List) -> list[Edit]:
    """Parentheses in place of brackets; a list of one item gets the comma of a tuple."""
    source = context.source
    start, end = source.start(node), source.end(node)
    inside = source.text[start + 1 : end - 1]
    comma = "," if len(node.elts) == 1 and not inside.rstrip().endswith(",") else ""
    return [Edit(start, start + 1, "("), Edit(end - 1, end, f"{comma})")]
