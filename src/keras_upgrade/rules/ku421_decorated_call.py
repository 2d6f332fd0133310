"""KU421 decorated-call: `@tf.function` on the `call` of a model that a loop of one's own trains

A model whose `call` is a `tf.function` makes its weights while that function is traced for the first time. A
`tf.GradientTape` around this first call does not see weights of Keras 3 that are made so.

**Since** Keras 3.0.

**Error**

    ValueError: No gradients provided for any variable.

**Fix.** The decorator goes away, where `call` has no branches and loops that AutoGraph might have to see to. The step of
training is what is worth a `tf.function`.

**Not fixed.** Models whose `call` has branches or loops: call them once on data before training.

```python before
import tensorflow as tf

class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.layers.Dense(1, kernel_initializer='ones')

    @tf.function
    def call(self, x):
        return self.dense(x)

net = Net()
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(net(tf.ones((2, 3))))
result = tape.gradient(loss, net.trainable_variables)
```

```python after
import tensorflow as tf
import keras

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, kernel_initializer='ones')

    def call(self, x):
        return self.dense(x)

net = Net()
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(net(tf.ones((2, 3))))
result = tape.gradient(loss, net.trainable_variables)
```

```python unchanged
import tensorflow as tf
import keras

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, kernel_initializer='ones')

    @tf.function
    def call(self, x):
        return self.dense(x)

result = Net()(tf.ones((2, 3)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Class
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import MODELS, classes_of, method, method_of
from keras_upgrade.syntax.walking import walk

CODE = "KU421"
PHASE = STRUCTURE
WORDS = {"class"}
ERRORS = (r"No gradients provided for any variable",)

_CONTROL = (ast.If, ast.IfExp, ast.For, ast.While, ast.Assert, ast.Try)
_STEPS = ("train_step", "compute_loss")


def check(context: Context) -> Iterator[Finding]:
    """Decorated `call`s of models, in programs that have a tape of their own."""
    if not context.program.once(CODE, lambda: _has_own_tape(context)):
        return
    for cls in classes_of(context, *MODELS):
        call = method(cls, "call")
        decorator = _decorator(context, call) if call is not None else None
        if call is not None and decorator is not None:
            yield _finding(context, cls, call, decorator)


def _has_own_tape(context: Context) -> bool:
    """Whether gradients are computed anywhere else than in the steps that `fit` calls, for a model that it has built."""
    for module in context.program:
        for node in module.nodes(ast.Attribute):
            found = module.api(node)
            if found is not None and found.path == "tensorflow.GradientTape":
                place = method_of(context, node) if module is context.module else None
                if place is None or place[1].name not in _STEPS:
                    return True
    return False


def _decorator(context: Context, function: ast.FunctionDef) -> ast.expr | None:
    """The decorator `@tf.function` or `@tf.function(...)`."""
    for decorator in function.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        found = context.module.api(named)
        if found is not None and found.path == "tensorflow.function":
            return decorator
    return None


def _finding(context: Context, cls: Class, call: ast.FunctionDef, decorator: ast.expr) -> Finding:
    message = "the first call of a model whose `call` is a `tf.function` gives no gradients"
    subject = f"`{cls.node.name}` model"
    if any(isinstance(node, _CONTROL) for node in walk(call)):
        return Finding(
            CODE,
            context.span(decorator),
            f"{message}: call the model once on data before training.",
            subject=subject,
        )
    source = context.source
    start = source.line_start(source.start(decorator))
    edit = Edit(start, source.line_end(source.end(decorator)), "")
    change = f"Removed `@{source.segment(decorator)}` from `call`"
    return Finding(CODE, context.span(decorator), message, Fix([edit], change), subject=subject)
