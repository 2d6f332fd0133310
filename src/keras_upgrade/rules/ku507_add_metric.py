"""KU507 add-metric: `add_metric` of layers and models

`self.add_metric(value, name='x')` made a `keras.metrics.Mean` and kept it with the layer. Keras 3 finds metrics that are
attributes of layers and models, reports them under their names, and resets them each epoch.

**Since** Keras 3.0.

**Error**

    NotImplementedError: Layer `add_metric()` method is deprecated.
    AttributeError: 'Functional' object has no attribute 'add_metric'

**Fix.** A `keras.metrics.Mean` made in `__init__`, and its `update_state(value)` where `add_metric` was called. The value of
a metric that is an attribute already needs only that metric's update.

**Not fixed.** `model.add_metric(tensor)` of a functional model: a layer on the way to its outputs has to keep such a
metric, and update it in its `call`. Names that are made in the method itself.

```python before
import numpy as np
from tensorflow import keras


class Activity(keras.layers.Layer):
    def call(self, inputs):
        self.add_metric(keras.backend.mean(inputs), name='activity', aggregation='mean')
        return inputs


model = keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,)), Activity()])
model.compile('sgd', 'mse')
history = model.fit(np.arange(20.0).reshape(10, 2), np.zeros((10, 1)), batch_size=4, epochs=2, shuffle=False, verbose=0)
result = [history.history['activity'], model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)]
```

```python after
import numpy as np
import keras


class Activity(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.activity_metric = keras.metrics.Mean(name='activity')

    def call(self, inputs):
        self.activity_metric.update_state(keras.ops.mean(inputs))
        return inputs


model = keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,)), Activity()])
model.compile('sgd', 'mse')
history = model.fit(np.arange(20.0).reshape(10, 2), np.zeros((10, 1)), batch_size=4, epochs=2, shuffle=False, verbose=0)
result = [history.history['activity'], model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)]
```

```python before
import numpy as np
import tensorflow as tf


class Endpoint(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.accuracy = tf.keras.metrics.BinaryAccuracy(name='hits')

    def call(self, logits, targets):
        self.add_loss(tf.reduce_mean(tf.square(logits - targets)))
        self.add_metric(self.accuracy(targets, logits), name='hits')
        return logits


logits, targets = tf.keras.Input((1,)), tf.keras.Input((1,))
model = tf.keras.Model([logits, targets], Endpoint()(logits, targets))
model.compile('sgd')
result = model.evaluate([np.array([[0.2], [0.9]]), np.ones((2, 1))], verbose=0)
```

```python after
import numpy as np
import tensorflow as tf
import keras


class Endpoint(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.accuracy = keras.metrics.BinaryAccuracy(name='hits')

    def call(self, logits, targets):
        self.add_loss(tf.reduce_mean(tf.square(logits - targets)))
        self.accuracy.update_state(targets, logits)
        return logits


logits, targets = keras.Input((1,)), keras.Input((1,))
model = keras.Model([logits, targets], Endpoint()(logits, targets))
model.compile('sgd')
result = model.evaluate([np.array([[0.2], [0.9]]), np.ones((2, 1))], verbose=0)
```

```python unchanged
class Dashboard:
    def __init__(self):
        self.metrics = []

    def add_metric(self, value, name=None):
        self.metrics.append((name, value))

    def fill(self):
        self.add_metric(1, name='a')
        return self.metrics


result = Dashboard().fill()
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.values import Class, Instance, Tensor, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    LAYERS,
    added_to_init,
    attribute_of,
    classes_of,
    first_parameter,
)
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import arguments_of, keyword_of, remove_arguments, remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU507"
PHASE = STRUCTURE
WORDS = {"add_metric"}
ERRORS = (
    r"`add_metric\(\)` method is deprecated",
    r"object has no attribute 'add_metric'",
)


def check(context: Context) -> Iterator[Finding]:
    """Calls of `add_metric`, in the user's classes and on models."""
    seen: set[ast.Call] = set()
    for cls in classes_of(context, *LAYERS):
        if cls.lookup("add_metric") is None:
            yield from _OfClass(context, cls, seen).findings()
    for call in context.module.calls:
        func = call.func
        if call in seen or not isinstance(func, ast.Attribute) or func.attr != "add_metric":
            continue
        if all(
            isinstance(option, Instance)
            and option.api is not None
            and kind_of(option.api.path) in LAYERS
            and not (isinstance(option.cls, Class) and option.cls.lookup("add_metric") is not None)
            for option in options(context.value(func.value))
        ):
            yield _advice(context, func)


def _advice(context: Context, func: ast.Attribute) -> Finding:
    return Finding(
        CODE,
        context.span(func),
        f"`{context.source.segment(func)}` is gone: keep a `keras.metrics.Mean(name=...)` as an attribute of a layer on the "
        "way to the outputs, and call its `update_state(value)` in the layer's `call`.",
        subject="metrics of layers",
    )


@dataclass(frozen=True)
class _Added:
    """One call of `add_metric`.

    Attributes:
        call: the call.
        edits: what it becomes.
        attribute: the metric to make in `__init__`; empty if there is one.
        name: the metric's name, as it is written.
    """

    call: ast.Call
    edits: list[Edit]
    attribute: str
    name: str


class _OfClass:
    """The calls of `add_metric` in one class."""

    def __init__(self, context: Context, cls: Class, seen: set[ast.Call]) -> None:
        self.context = context
        self.source = context.source
        self.cls = cls
        self.seen = seen
        self.attributes: dict[str, str] = {}

    def findings(self) -> Iterator[Finding]:
        """One finding for all that can be rewritten, an advice for each of the others."""
        added: list[_Added] = []
        for function in self.cls.node.body:
            if isinstance(function, ast.FunctionDef):
                owner = first_parameter(function)
                for node in walk(function):
                    if isinstance(node, ast.Call) and attribute_of(node.func, owner) == "add_metric":
                        self.seen.add(node)
                        plan = self._plan(function, owner, node)
                        if plan is not None:
                            added.append(plan)
                        elif isinstance(node.func, ast.Attribute):
                            yield _advice(self.context, node.func)
        if not added:
            return
        new = self.context.spell("keras.metrics.Mean")
        lines = [f"self.{attribute} = {new}(name={name})" for name, attribute in self.attributes.items()]
        edit = added_to_init(self.context, self.cls, lines) if lines else None
        if lines and edit is None:
            for item in added:
                assert isinstance(item.call.func, ast.Attribute)
                yield _advice(self.context, item.call.func)
            return
        edits = [edit for item in added for edit in item.edits] + ([edit] if edit is not None else [])
        yield Finding(
            CODE,
            self.context.span(added[0].call),
            f"`{self.cls.node.name}` uses `add_metric`, which is gone: metrics are attributes in Keras 3",
            Fix(
                edits,
                f"`{self.cls.node.name}`: `add_metric` → `update_state` of a metric",
                imports=self.context.needed_imports if lines else (),
            ),
            subject=f"`{self.cls.node.name}` metrics",
        )

    def _plan(self, function: ast.FunctionDef, owner: str, call: ast.Call) -> _Added | None:
        statement = self.context.module.statement(call)
        value = call.args[0] if call.args else _keyword_value(call, "value")
        if not isinstance(statement, ast.Expr) or statement.value is not call or value is None:
            return None
        if any(isinstance(item, ast.Starred) for item in call.args):
            return None
        if self._is_metric(value):
            return self._of_metric(statement, call, value)
        name = call.args[1] if len(call.args) > 1 else _keyword_value(call, "name")
        if name is None or self._is_local(function, owner, name):
            return None
        text = self.source.segment(name)
        if owner != "self":
            text = re.sub(rf"\b{owner}\.", "self.", text)
        attribute = self._attribute(text, name)
        others = [
            item
            for item in arguments_of(call)
            if item is not value and not (isinstance(item, ast.keyword) and item.value is value)
        ]
        start, end = self.source.start(call.func), self.source.end(call.func)
        edits = [
            Edit(start, end, f"{owner}.{attribute}.update_state"),
            *remove_arguments(self.source, call, others),
        ]
        if not call.args:
            keyword = keyword_of(call, "value")
            assert keyword is not None
            edits.append(Edit(self.source.start(keyword), self.source.start(value), ""))
        return _Added(call, edits, attribute, text)

    def _is_metric(self, value: ast.expr) -> bool:
        """Whether a value is the result of a metric that was just updated with it."""
        return all(
            isinstance(option, Tensor)
            and isinstance(option.maker, Instance)
            and option.maker.api is not None
            and kind_of(option.maker.api.path) is Kind.METRIC
            for option in options(self.context.value(value))
        )

    def _of_metric(self, statement: ast.Expr, call: ast.Call, value: ast.expr) -> _Added:
        if isinstance(value, ast.Call):
            inner = self.source.segment(value.func)
            edits = [
                Edit(self.source.start(statement), self.source.start(value), ""),
                Edit(self.source.end(value.func), self.source.end(value.func), ".update_state"),
                Edit(self.source.end(value), self.source.end(statement), ""),
            ]
            return _Added(call, edits, "", inner)
        block = self.context.module.body_of(statement)
        limit = self.context.module.document.span_of(self.context.module.cell_of(statement))
        return _Added(
            call, [remove_statement(self.source, statement, sole=len(block) == 1, limit=limit)], "", ""
        )

    def _is_local(self, function: ast.FunctionDef, owner: str, name: ast.expr) -> bool:
        own = local_names(function) - {owner}
        return any(isinstance(node, ast.Name) and node.id in own for node in walk(name))

    def _attribute(self, text: str, name: ast.expr) -> str:
        """What the metric is called in the class."""
        if text not in self.attributes:
            parts = [n.value for n in walk(name) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            words = re.sub(r"\W+", "_", " ".join(parts)).strip("_").lower()
            wanted = f"{words}_metric" if words and not words[0].isdigit() else "added_metric"
            taken = {n.attr for n in walk(self.cls.node) if isinstance(n, ast.Attribute)}
            self.attributes[text] = free_name(wanted, taken | set(self.attributes.values()))
        return self.attributes[text]


def _keyword_value(call: ast.Call, name: str) -> ast.expr | None:
    keyword = keyword_of(call, name)
    return keyword.value if keyword is not None else None
