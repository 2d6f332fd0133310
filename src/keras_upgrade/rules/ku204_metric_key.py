"""KU204 metric-key: `history['acc']` of a model that is compiled with `'accuracy'`

The keys of `History.history`, of the logs that callbacks see and of `monitor=` are the names that `compile` was given.
Keras before 2.3 shortened `'accuracy'` to `'acc'`, and programs read that.

**Since** Keras 2.3 / TensorFlow 2.0.

**Error**

    KeyError: 'acc'
    UserWarning: Early stopping conditioned on metric `val_acc` which is not available

**Fix.** The key becomes the name that the model is compiled with; `metrics=['acc']` with `history['acc']` is right.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(1, input_shape=(2,), activation='sigmoid', kernel_initializer='zeros'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
names = 'loss acc'.split()
result = [name for name in names if name in training.history] and len(training.history['loss'])
plotted = lambda: training.history['acc']
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(1, input_shape=(2,), activation='sigmoid', kernel_initializer='zeros'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
names = 'loss acc'.split()
result = [name for name in names if name in training.history] and len(training.history['loss'])
plotted = lambda: training.history['accuracy']
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(1, input_shape=(2,), activation='sigmoid', kernel_initializer='zeros'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['acc'])
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
result = len(training.history['acc'])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Const, Instance, Mapping, Result, Seq, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU204"
PHASE = NAMES
ERRORS = (r"KeyError: '(val_)?acc(uracy)?'", r"conditioned on metric `?(val_)?acc", r"monitor=(val_)?acc")

_NAMES = ("acc", "accuracy")


def check(context: Context) -> Iterator[Finding]:
    """Keys `acc` and `accuracy` that no model is compiled with."""
    fitted = _fitted_metrics(context)
    if not fitted:
        return
    for node in context.module.nodes(ast.Subscript):
        if isinstance(node.slice, ast.Constant):
            for option in options(context.value(node.value)):
                if isinstance(option, Result) and option.of.endswith(".history"):
                    yield from _key(context, node.slice, _metrics_of(option.owner) or fitted)
                    break
    for call, callee in context.calls():
        if kind_of(callee.path) is Kind.CALLBACK:
            monitor = keyword_of(call, "monitor")
            if monitor is not None and isinstance(monitor.value, ast.Constant):
                yield from _key(context, monitor.value, fitted)


def _fitted_metrics(context: Context) -> frozenset[str]:
    """The accuracy names that the models of the program are compiled with."""
    found: set[str] = set()
    for module in context.program:
        for item in module.instances:
            found |= _metrics_of(item)
    return frozenset(found)


def _metrics_of(owner: Value | None) -> frozenset[str]:
    if not isinstance(owner, Instance):
        return frozenset()
    found: set[str] = set()
    for event in owner.events:
        if event.name == "compile":
            metrics = event.arguments.get(2, "metrics")
            if metrics is not None:
                found |= _strings(metrics)
    return frozenset(found)


def _strings(value: Value, depth: int = 2) -> set[str]:
    found: set[str] = set()
    for option in options(value):
        if isinstance(option, Const) and option.value in _NAMES:
            found.add(str(option.value))
        elif isinstance(option, Seq) and depth:
            for item in option.items:
                found |= _strings(item, depth - 1)
        elif isinstance(option, Mapping) and depth:
            for item in option.items.values():
                found |= _strings(item, depth - 1)
    return found


def _key(context: Context, node: ast.Constant, metrics: frozenset[str]) -> Iterator[Finding]:
    key = node.value
    if not isinstance(key, str):
        return
    prefix = "val_" if key.startswith("val_") else ""
    name = key.removeprefix("val_")
    if name not in _NAMES or name in metrics or len(metrics) != 1:
        return
    new = prefix + next(iter(metrics))
    source = context.source
    text = source.segment(node)
    start = source.start(node) + text.index(key)
    yield Finding(
        CODE,
        context.span(node),
        f"the model is compiled with `metrics=['{next(iter(metrics))}']`: there is no key `'{key}'`",
        Fix([Edit(start, start + len(key), new)], f"key `'{key}'` → `'{new}'`"),
        subject="`history` keys",
    )
