"""KU412 metric-reset: `reset_states` of one's own metrics

Keras resets metrics at the start of each epoch by `reset_state`. A metric that defined `reset_states`, as it was called up
to TensorFlow 2.4, was reset by that; Keras 3 does not look for it, and sets all variables of the metric to zero.

**Since** Keras 3.0.

**Error** SILENT.

**Fix.** The method is called `reset_state`, where it is defined and where it is called.

**Not fixed.** Metrics that define both.

```python before
import numpy as np
from tensorflow import keras


class Largest(keras.metrics.Metric):
    def __init__(self, name='largest', **kwargs):
        super().__init__(name=name, **kwargs)
        self.value = self.add_weight(name='value', initializer='zeros')
        self.reset_states()

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.value.assign(keras.backend.maximum(self.value, keras.backend.max(y_pred)))

    def result(self):
        return self.value

    def reset_states(self):
        self.value.assign(-100.0)


model = keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
model.compile('sgd', 'mse', metrics=[Largest()])
result = model.evaluate(-np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
```

```python after
import numpy as np
import keras


class Largest(keras.metrics.Metric):
    def __init__(self, name='largest', **kwargs):
        super().__init__(name=name, **kwargs)
        self.value = self.add_weight(name='value', initializer='zeros')
        self.reset_state()

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.value.assign(keras.ops.maximum(self.value, keras.ops.max(y_pred)))

    def result(self):
        return self.value

    def reset_state(self):
        self.value.assign(-100.0)


model = keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
model.compile('sgd', 'mse', metrics=[Largest()])
result = model.evaluate(-np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
```

```python unchanged
import keras


class Game:
    def reset_states(self):
        return 0


rnn = keras.layers.LSTM(2, stateful=True)
rnn.reset_states()
result = Game().reset_states()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import UNKNOWN, Class, Instance, Method, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import kind_of_class, method

CODE = "KU412"
PHASE = STRUCTURE
WORDS = {"reset_states"}
_OLD, _NEW = "reset_states", "reset_state"


def check(context: Context) -> Iterator[Finding]:
    """Definitions and calls of `reset_states` of the user's metrics."""
    renamed = context.program.once(CODE, lambda: _renamed(context))
    if not renamed:
        return
    sure: list[Edit] = []
    for node in context.module.nodes(ast.FunctionDef):
        if node in renamed:
            start = context.source.text.index(_OLD, context.source.start(node))
            sure.append(Edit(start, start + len(_OLD), _NEW))
    stateful = context.program.once(f"{CODE} stateful", lambda: _has_stateful_layers(context))
    for use in context.module.nodes(ast.Attribute):
        if use.attr != _OLD:
            continue
        end = context.source.end(use)
        edit = Edit(end - len(_OLD), end, _NEW)
        if _is_metric(context, use, renamed):
            sure.append(edit)
        elif context.value(use.value) is UNKNOWN and not stateful:
            yield _finding([edit], f"`{context.source.segment(use.value)}` is a metric")
    if sure:
        yield _finding(sorted(sure), "")


def _renamed(context: Context) -> set[ast.FunctionDef]:
    """The definitions in metrics that have no `reset_state` besides."""
    found = set()
    for module in context.program:
        for cls in module.classes:
            if kind_of_class(cls) is Kind.METRIC and cls.lookup(_NEW) is None:
                definition = method(cls, _OLD)
                if definition is not None:
                    found.add(definition)
    return found


def _has_stateful_layers(context: Context) -> bool:
    return any(
        keyword.arg == "stateful" for module in context.program for keyword in module.nodes(ast.keyword)
    )


def _is_metric(context: Context, use: ast.Attribute, renamed: set[ast.FunctionDef]) -> bool:
    """Whether what is called is the method of such a metric, or of the class above it."""
    for option in options(context.value(use)):
        owner = option.owner if isinstance(option, Method) else None
        if not isinstance(owner, Instance) or not isinstance(owner.cls, Class):
            return False
        if not any(isinstance(c, Class) and method(c, _OLD) in renamed for c in owner.cls.ancestors()):
            return False
    return True


def _finding(edits: list[Edit], assumption: str) -> Finding:
    return Finding(
        CODE,
        edits[0].span,
        f"metrics are reset by `{_NEW}` in Keras 3, and their `{_OLD}` is not called (SILENT)",
        Fix(edits, f"`{_OLD}` → `{_NEW}`", Safety.REVIEW if assumption else Safety.SAFE),
        subject="metrics",
        assumption=assumption,
    )
