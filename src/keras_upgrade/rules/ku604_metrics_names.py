"""KU604 metrics-names: `model.metrics_names` is `['loss', 'compile_metrics']`

In Keras 2, `metrics_names` went with the numbers that `evaluate` and `train_on_batch` return. In Keras 3 it names all
that was given as `metrics=` by one word, `compile_metrics`.

**Since** Keras 3.0.

**Error** SILENT: `zip(model.metrics_names, scores)` ends after two, a name taken by its index is `compile_metrics`. Or

    IndexError: list index out of range
    ValueError: 'mae' is not in list

**Fix.** `list(model.get_metrics_result())`: its keys are the names, in the order of the numbers, once the model has been
trained or evaluated. Before that, and for a model with several outputs, whose keys come in another order than the
numbers, the names that follow from `compile` are written out.

**Not fixed.** A model that has not seen data yet, or has several outputs, where `compile` does not tell all names.
`evaluate(..., return_dict=True)` gives names and numbers together. Left alone: a model without `metrics=`; a class with
`metrics` or `test_step` of its own, of which Keras 3 tells the names right.

```python before
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Names(Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.names = self.model.metrics_names


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(optimizer='sgd', loss='mse', metrics=['mae', 'mse'])
scores = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
for name, score in zip(model.metrics_names, scores):
    print(name, score)
names = Names()
model.fit(np.ones((4, 2)), np.zeros((4, 1)), verbose=0, callbacks=[names])
result = [model.metrics_names[1], [float(score) for score in scores], names.names]
```

```python after
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Names(Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.names = list(self.model.get_metrics_result())


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(optimizer='sgd', loss='mse', metrics=['mae', 'mse'])
scores = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
for name, score in zip(list(model.get_metrics_result()), scores):
    print(name, score)
names = Names()
model.fit(np.ones((4, 2)), np.zeros((4, 1)), verbose=0, callbacks=[names])
result = [list(model.get_metrics_result())[1], [float(score) for score in scores], names.names]
```

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
a, b = Dense(1, kernel_initializer='ones', name='a')(x), Dense(1, kernel_initializer='ones', name='b')(x)
model = Model(x, [a, b])
model.compile('sgd', 'mse', metrics={'a': 'mae', 'b': ['mae', 'mse']})
scores = model.train_on_batch(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))])
result = [(name, float(score)) for name, score in zip(model.metrics_names, scores)]
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
a, b = Dense(1, kernel_initializer='ones', name='a')(x), Dense(1, kernel_initializer='ones', name='b')(x)
model = Model(x, [a, b])
model.compile('sgd', 'mse', metrics={'a': 'mae', 'b': ['mae', 'mse']})
scores = model.train_on_batch(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))])
result = [(name, float(score)) for name, score in zip(["loss", "a_loss", "b_loss", "a_mae", "b_mae", "b_mse"], scores)]
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


class Report:
    metrics_names = ['loss', 'mae']


model = Sequential([Dense(1, kernel_initializer='ones')])
model.compile('sgd', 'mse')
score = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = [model.metrics_names, Report().metrics_names]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.outputs import (
    Compilation,
    Results,
    callback_of,
    compilation,
    compiled_before,
    has_own,
    is_model,
    outputs_of,
    results,
    saw_data,
    trained_with,
)
from keras_upgrade.analysis.values import UNKNOWN, Event, Instance, Result, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import integer

CODE = "KU604"
PHASE = STRUCTURE
WORDS = {"metrics_names"}
ERRORS = (r"compile_metrics", r"Cannot get result\(\) since the metric has not yet been built")

_ATTRIBUTE = "metrics_names"
_OWN_METRICS = (_ATTRIBUTE, "metrics", "train_step", "test_step")
_AFTER_DATA = frozenset(
    {
        "on_epoch_end",
        "on_batch_end",
        "on_train_batch_end",
        "on_train_end",
        "on_test_batch_end",
        "on_test_end",
    }
)
"""Methods of a callback that Keras calls when the model has seen a batch."""


@dataclass(frozen=True)
class _Reading:
    """One model of which the names are read, as it is then."""

    compiled: Compilation | None
    outputs: tuple[str | None, ...] | None
    seen: bool

    @property
    def is_right(self) -> bool:
        """Whether Keras 3 has the names too."""
        if self.compiled is None or not self.compiled.arguments.complete or self.compiled.has_metrics:
            return False
        return self.seen or (self.outputs is not None and len(self.outputs) == 1)

    @property
    def can_ask(self) -> bool:
        """Whether the model can tell the names itself, in the right order."""
        return self.seen and (self.outputs is None or len(self.outputs) == 1)


def check(context: Context) -> Iterator[Finding]:
    """Where `metrics_names` of a model is read."""
    for node in context.module.nodes(ast.Attribute):
        if node.attr == _ATTRIBUTE and isinstance(node.ctx, ast.Load):
            finding = _finding(context, node)
            if finding is not None:
                yield finding


def _finding(context: Context, node: ast.Attribute) -> Finding | None:
    found = options(context.value(node.value))
    if all(option is UNKNOWN or isinstance(option, Result) for option in found):
        return _advice(context, node) if context.migrating else None
    readings: list[_Reading] = []
    for option in found:
        callback = callback_of(option)
        if callback is not None:
            readings += _in_callback(context, callback, node)
        elif isinstance(option, Instance) and is_model(option) and not _has_own_metrics(option):
            readings += _of_model(option, node)
        else:
            return None
    if all(reading.is_right for reading in readings):
        return None
    if all(reading.can_ask for reading in readings):
        return _ask(context, node, certain=all(reading.outputs is not None for reading in readings))
    known = {results(reading.compiled) if reading.compiled is not None else None for reading in readings}
    names = next(iter(known))
    if len(known) > 1 or names is None:
        return _advice(context, node)
    return _write_out(context, node, names, seen=all(reading.seen for reading in readings))


def _has_own_metrics(model: Instance) -> bool:
    return _ATTRIBUTE in model.attributes or has_own(model, *_OWN_METRICS)


def _of_model(model: Instance, node: ast.Attribute) -> list[_Reading]:
    """The model at each time when the names are read."""
    return [
        _reading(model, event, saw_data(model, event)) for event in model.events if event.node is node
    ] or [_Reading(None, outputs_of(model), False)]


def _reading(model: Instance, event: Event, seen: bool) -> _Reading:
    compiled = compiled_before(model, event)
    if compiled is None:
        return _Reading(None, outputs_of(model), seen)
    what = compilation(model, compiled)
    return _Reading(what, what.outputs, seen)


def _in_callback(context: Context, callback: Instance, node: ast.Attribute) -> list[_Reading]:
    """The models that are trained with a callback which reads the names."""
    around = enclosing_functions(context.module, node)
    seen = any(getattr(function, "name", "") in _AFTER_DATA for function in around)
    trained = trained_with(context.program, callback)
    return [_reading(model, event, seen) for model, event in trained] or [_Reading(None, None, seen)]


def _message(context: Context, node: ast.Attribute) -> str:
    text = context.source.segment(node)
    return f"`{text}` is `['loss', 'compile_metrics']` in Keras 3, whatever the metrics are (SILENT)"


def _ask(context: Context, node: ast.Attribute, *, certain: bool) -> Finding:
    """The names from the model, which has them since it saw data."""
    source = context.source
    start, end = source.start(node), source.end(node)
    owner = source.segment(node.value)
    return Finding(
        CODE,
        context.span(node),
        _message(context, node),
        Fix(
            [Edit(start, start, "list("), Edit(end - len(_ATTRIBUTE), end, "get_metrics_result())")],
            f"`{owner}.{_ATTRIBUTE}` → `list({owner}.get_metrics_result())`",
            Safety.SAFE if certain else Safety.REVIEW,
        ),
        subject="names of metrics",
        assumption="" if certain else f"`{owner}` has one output",
    )


def _write_out(context: Context, node: ast.Attribute, names: Results, *, seen: bool) -> Finding:
    """The names as they follow from `compile`; of an index, the name that Keras 2 had there."""
    source = context.source
    outer = context.module.parent(node)
    index = integer(outer.slice) if isinstance(outer, ast.Subscript) and outer.value is node else None
    place: ast.expr = node
    if isinstance(outer, ast.Subscript) and index is not None:
        if not -len(names.keras2) <= index < len(names.keras2):
            return _advice(context, node)
        place, text = outer, f'"{names.keras2[index]}"'
    else:
        text = "[" + ", ".join(f'"{name}"' for name in names.keras3) + "]"
    assumption = ""
    if place is node and names.keras2 != names.keras3:
        assumption = "the names go with what `evaluate` or `train_on_batch` returns, in the order of Keras 3"
    elif not seen and not context.standalone:
        assumption = "the program was written for TensorFlow before 2.2, which had the names before training"
    return Finding(
        CODE,
        context.span(node),
        _message(context, node),
        Fix(
            [Edit(source.start(place), source.end(place), text)],
            f"`{source.segment(place)}` → `{text}`",
            Safety.REVIEW if assumption else Safety.SAFE,
        ),
        subject="names of metrics",
        assumption=assumption,
    )


def _advice(context: Context, node: ast.Attribute) -> Finding:
    owner = context.source.segment(node.value)
    return Finding(
        CODE,
        context.span(node),
        f"{_message(context, node)}. Take names and numbers together, from `{owner}.evaluate(..., return_dict=True)` or "
        f"`train_on_batch(..., return_dict=True)`; for a model with one output, `list({owner}.get_metrics_result())` once "
        "it has been trained or evaluated.",
        subject="names of metrics",
    )
