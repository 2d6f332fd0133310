"""KU607 compile-order: `compile(optimizer, loss, metrics)` by position

The third argument of `compile` was `metrics` in Keras 2, the fourth `loss_weights`. In Keras 3 it is the other way round.

**Since** Keras 3.0.

**Error**

    ValueError: `loss_weights` must match the number of losses, got 1 losses and 2 weights.
    ValueError: Expected `metrics` argument to be a list, tuple, or dict. Received instead: metrics=0.5 of type <class 'float'>
    TypeError: Trainer.compile() got multiple values for argument 'loss_weights'
    ValueError: dtype='string' is not a valid dtype for Keras type promotion.

**Fix.** The arguments get their names.

**Not fixed.** A third argument that is not known, in a program that needs no other change.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse', ['mae'])
scores = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = [float(score) for score in scores]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse', metrics=['mae'])
scores = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = [float(score) for score in scores]
```

```python unchanged
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
model = Model(x, [Dense(1, kernel_initializer='ones')(x), Dense(1, kernel_initializer='ones')(x)])
model.compile('sgd', ['mse', 'mse'], [1.0, 0.5])
scores = model.evaluate(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
result = float(scores[0])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import is_model
from keras_upgrade.analysis.values import (
    Api,
    Const,
    Function,
    Instance,
    Mapping,
    Method,
    Seq,
    Value,
    options,
)
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import argument_span

CODE = "KU607"
PHASE = NAMES
WORDS = {"compile"}
ERRORS = (
    r"compile\(\) got multiple values for argument 'loss_weights'",
    r"Expected `?metrics`? argument to be a list, tuple, or dict.*of type <class 'float'>",
    r"`loss_weights` must match the number of losses",
    r"dtype='string' is not a valid dtype for Keras type promotion",
)

_KEYWORDS = ("metrics", "loss_weights")
_PLACE = 2
"""Where these two are among the arguments, from 0."""


def check(context: Context) -> Iterator[Finding]:
    """Calls of `compile` with metrics by position."""
    for call in context.module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "compile":
            continue
        given = call.args[_PLACE:]
        starred = any(isinstance(argument, ast.Starred) for argument in call.args)
        if not 0 < len(given) <= len(_KEYWORDS) or starred or not _is_of_model(context, call.func):
            continue
        certainty = _are_metrics(context.value(given[0]), context.migrating)
        if certainty is not None:
            yield _finding(context, call, given, certainty)


def _is_of_model(context: Context, node: ast.Attribute) -> bool:
    """Whether a method is `compile` of Keras, of a model."""
    return all(
        isinstance(option, Method) and option.function is None and is_model(option.owner)
        for option in options(context.value(node))
    )


def _are_metrics(value: Value, migrating: bool) -> Safety | None:
    """How sure it is that a value is a list of metrics, not of weights; None if it is not."""
    parts = [part for option in options(value) for part in _parts(option)]
    if any(isinstance(part, Const) and isinstance(part.value, (int, float)) for part in parts):
        return None
    is_metric = [
        isinstance(part, (Api, Function, Instance)) or (isinstance(part, Const) and part.value is not None)
        for part in parts
    ]
    if any(is_metric) or not parts:
        return Safety.SAFE
    return Safety.REVIEW if migrating else None


def _parts(value: Value) -> list[Value]:
    """The metrics or weights in an argument of any form."""
    if isinstance(value, Mapping):
        inside = [*value.items.values(), *([value.rest] if value.rest is not None else [])]
    elif isinstance(value, Seq):
        inside = [*value.items, *([value.rest] if value.rest is not None else [])]
    else:
        return [value]
    return [part for item in inside for option in options(item) for part in _parts(option)]


def _finding(context: Context, call: ast.Call, given: list[ast.expr], certainty: Safety) -> Finding:
    edits = []
    for name, argument in zip(_KEYWORDS, given, strict=False):
        start = argument_span(context.source, call, argument).start
        edits.append(Edit(start, start, f"{name}="))
    text = context.source.segment(given[0])
    return Finding(
        CODE,
        context.span(given[0]),
        f"the third argument of `compile`, `{text}`, is `loss_weights` in Keras 3, not `metrics`",
        Fix(edits, f"`compile`: `metrics={text}`", certainty),
        subject="`compile` arguments",
        assumption="" if certainty is Safety.SAFE else f"`{text}` are metrics",
    )
