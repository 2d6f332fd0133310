"""KU310 in-train-phase: `K.in_train_phase(x, alternative)` in layers

`in_train_phase` chose between two tensors by a global learning phase. In Keras 3 a layer is told in `call` whether it
trains, by the argument `training`.

**Since** Keras 3.0.

**Error**

    AttributeError: module 'keras.backend' has no attribute 'in_train_phase'

**Fix.** The choice is written out: `x if training else alternative`. A `call` that has no argument `training` gets one.

**Not fixed.** Uses outside of layers' methods, where nothing tells whether there is training.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Layer
from keras.models import Sequential

class Doubled(Layer):
    def call(self, inputs):
        def doubled():
            return 2 * inputs
        return K.in_train_phase(doubled, inputs)

class Shifted(Layer):
    def call(self, inputs, training=None):
        return K.in_train_phase(lambda: inputs + 1, inputs, training=training) + K.in_test_phase(inputs, 0 * inputs, training)

model = Sequential([Doubled(input_shape=(2,)), Shifted()])
model.compile('sgd', 'mse')
x = np.ones((1, 2))
result = [model.predict(x), float(model.train_on_batch(x, x))]
```

```python after
import numpy as np
from keras.layers import Layer
from keras.models import Sequential

class Doubled(Layer):
    def call(self, inputs, training=None):
        def doubled():
            return 2 * inputs
        return doubled() if training else inputs

class Shifted(Layer):
    def call(self, inputs, training=None):
        return (inputs + 1 if training else inputs) + (0 * inputs if training else inputs)

model = Sequential([Doubled(input_shape=(2,)), Shifted()])
model.compile('sgd', 'mse')
x = np.ones((1, 2))
result = [model.predict(x), float(model.train_on_batch(x, x))]
```

```python unchanged
import keras
import numpy as np


class Doubled(keras.layers.Layer):
    def call(self, inputs, training=None):
        return 2 * inputs if training else inputs


result = keras.ops.convert_to_numpy(Doubled()(np.ones((1, 2))))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Function, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.parameters import is_told_of_training, new_training
from keras_upgrade.syntax.edits import keyword_of, value_text

CODE = "KU310"
PHASE = NAMES
WORDS = {"in_test_phase", "in_train_phase"}
ERRORS = (r"has no attribute 'in_(train|test)_phase'",)
_CHOICES = {"keras.backend.in_train_phase": ("x", "alt"), "keras.backend.in_test_phase": ("alt", "x")}
"""Which parameter is taken in training, and which otherwise."""
_POSITIONS = {"x": 0, "alt": 1, "training": 2}


def check(context: Context) -> Iterator[Finding]:
    """Calls of the two functions; what is not rewritten here is KU301's to advise on."""
    for call, callee in context.calls():
        chosen = _CHOICES.get(callee.path)
        if chosen is not None and all(keyword.arg in _POSITIONS for keyword in call.keywords):
            finding = _finding(context, call, callee.name, *chosen)
            if finding is not None:
                yield finding


def _finding(context: Context, call: ast.Call, name: str, train: str, test: str) -> Finding | None:
    first, second, told = (_argument(call, part) for part in (train, test, "training"))
    edits: list[Edit] = []
    if told is not None and not (isinstance(told, ast.Constant) and told.value is None):
        flag = value_text(context.source, call, told)
    elif is_told_of_training(context, call):
        flag = "training"
    else:
        parameter = new_training(context, call)
        if parameter is None:
            return None
        flag, edits = "training", [parameter]
    if first is None or second is None:
        return None
    source = context.source
    text = f"{_value(context, call, first)} if {flag} else {_value(context, call, second)}"
    if not isinstance(context.module.parent(call), (ast.Return, ast.Assign)):
        text = f"({text})"
    return Finding(
        CODE,
        context.span(call.func),
        f"`{source.segment(call.func)}` is gone: a layer's `call` is told by `training`",
        Fix(
            [*edits, Edit(source.start(call), source.end(call), text)],
            f"`{name}` → `... if {flag} else ...`",
        ),
        subject="backend functions",
    )


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    keyword = keyword_of(call, name)
    if keyword is not None:
        return keyword.value
    place = _POSITIONS[name]
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    return call.args[place] if place < len(call.args) and not starred else None


def _value(context: Context, call: ast.Call, node: ast.expr) -> str:
    """A tensor, or what a function without parameters gives."""
    text = value_text(context.source, call, node)
    if isinstance(node, ast.Lambda):
        return context.source.segment(node.body)
    if all(isinstance(option, Function) for option in options(context.value(node))):
        return f"{text}()"
    return f"({text})" if isinstance(node, ast.IfExp) else text
