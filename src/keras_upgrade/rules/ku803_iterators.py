"""KU803 iterators: `fit(zip(images, masks))`

`fit`, `evaluate` and `predict` of Keras 2 took any iterator for batches. Keras 3 takes generators, datasets and objects
of `keras.utils.PyDataset`, and knows no `zip`, `map` or `itertools.cycle`.

**Since** Keras 3.0.

**Error**

    ValueError: Unrecognized data type: x=<zip object at 0x7f05d40> (of type <class 'zip'>)
    ValueError: Unrecognized data type: x=<map object at 0x7f05d40> (of type <class 'map'>)

**Fix.** A generator expression around the iterator: `(batch for batch in zip(images, masks))`.

**Not fixed.** Iterators of classes of the program: make them a generator or a `keras.utils.PyDataset`.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def ones(size):
    while True:
        yield np.ones((4, size))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
training = zip(ones(2), ones(1))
first = next(training)
model.fit_generator(training, steps_per_epoch=2, verbose=0)
result = [first[0].shape, float(model.evaluate_generator(zip(ones(2), ones(1)), steps=2)), model.get_weights()]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def ones(size):
    while True:
        yield np.ones((4, size))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
training = (batch for batch in zip(ones(2), ones(1)))
first = next(training)
model.fit(training, steps_per_epoch=2, verbose=0)
result = [first[0].shape, float(model.evaluate((batch for batch in zip(ones(2), ones(1))), steps=2)), model.get_weights()]
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, kernel_initializer='ones')])
model.compile('sgd', 'mse')
pairs = ((np.ones((4, size)), np.ones((4, 1))) for size in [2, 2])
model.fit(pairs, steps_per_epoch=2, verbose=0)
result = [len(list(zip([1, 2], [3, 4]))), model.get_weights()]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import is_model
from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.values import Method, Result, Seq, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU803"
PHASE = NAMES
WORDS = {"evaluate", "evaluate_generator", "fit", "fit_generator", "predict", "predict_generator"}
ERRORS = (r"Unrecognized data type: x=<(zip|map|filter|enumerate|itertools\.\w+|\w*_?iterator) object",)

_METHODS = frozenset(
    {"fit", "evaluate", "predict", "fit_generator", "evaluate_generator", "predict_generator"}
)
_MAKERS = frozenset({"builtins.iter", "builtins.filter", "builtins.reversed"})


def check(context: Context) -> Iterator[Finding]:
    """Iterators that are made in this module and that a model is trained, evaluated or run on, anywhere."""
    for maker in context.program.once(CODE, lambda: list(_all_makers(context.program))):
        if maker in context.module.values:
            yield _finding(context, maker)


def _all_makers(program: Program) -> dict[ast.expr, None]:
    return {
        maker: None
        for module in program
        for call in module.calls
        if _is_of_model(module, call)
        for node in _data(call)
        for maker in _makers(module.value(node))
    }


def _is_of_model(module: Module, call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _METHODS:
        return False
    return any(
        isinstance(option, Method) and option.function is None and is_model(option.owner)
        for option in options(module.value(call.func))
    )


def _data(call: ast.Call) -> list[ast.expr]:
    """The expressions for data in a call."""
    keywords = [keyword_of(call, name) for name in ("x", "generator", "validation_data")]
    return [*call.args[:1], *(keyword.value for keyword in keywords if keyword is not None)]


def _makers(value: Value) -> Iterator[ast.expr]:
    """The calls that make the iterators that a value may be."""
    for option in options(value):
        if isinstance(option, Seq) and option.call is not None:
            yield option.call
        elif isinstance(option, Result) and option.node is not None and option.owner is None:
            if option.of in _MAKERS or (option.of.startswith("itertools.") and option.of.count(".") == 1):
                yield option.node


def _finding(context: Context, node: ast.expr) -> Finding:
    source = context.source
    start, end = source.start(node), source.end(node)
    text = source.segment(node)
    return Finding(
        CODE,
        context.span(node),
        f"Keras 3 takes generators, no other iterators: `{text}`",
        Fix(
            [Edit(start, start, "(batch for batch in "), Edit(end, end, ")")],
            f"`{text}` → `(batch for batch in {text})`",
        ),
        subject="generators",
    )
