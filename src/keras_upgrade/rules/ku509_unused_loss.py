"""KU509 unused-loss: a mean of the loss that the steps of a model do not keep

The metrics of a model begin with the mean of its loss in Keras 3, also where `compile` got no loss, or `train_step` computes
another one. A step that reports all of `self.metrics`, and never asks for the compiled loss, reports a `loss` of zero now. In
Keras 2 the mean was not there until the loss had been used.

**Since** Keras 3.0.

**Error** SILENT: `loss: 0.0000e+00` in the log and in the history.

**Fix.** The report leaves it out: `{m.name: m.result() for m in self.metrics if m.name != "loss"}`.

**Not fixed.** Models with a `metrics` property or a metric called `loss` of their own, which need nothing.

```python before
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Critic(keras.Model):
    def __init__(self, net):
        super().__init__()
        self.net = net
        self.gap = keras.metrics.Mean(name='gap')

    def train_step(self, data):
        with tf.GradientTape() as tape:
            gap = tf.reduce_mean(self.net(data))
        gradients = tape.gradient(gap, self.net.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.net.trainable_variables))
        self.gap.update_state(gap)
        return {m.name: m.result() for m in self.metrics}


net = keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
critic = Critic(net)
critic.compile(optimizer=keras.optimizers.SGD(lr=0.1))
history = critic.fit(np.ones((4, 2)), verbose=0).history
result = [sorted(history), history['gap']]
```

```python after
import numpy as np
import tensorflow as tf
import keras


class Critic(keras.Model):
    def __init__(self, net):
        super().__init__()
        self.net = net
        self.gap = keras.metrics.Mean(name='gap')

    def train_step(self, data):
        with tf.GradientTape() as tape:
            gap = tf.reduce_mean(self.net(data))
        gradients = tape.gradient(gap, self.net.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.net.trainable_variables))
        self.gap.update_state(gap)
        return {m.name: m.result() for m in self.metrics if m.name != "loss"}


net = keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))])
critic = Critic(net)
critic.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1))
history = critic.fit(np.ones((4, 2)), verbose=0).history
result = [sorted(history), history['gap']]
```

```python unchanged
import numpy as np
import tensorflow as tf
import keras


class Critic(keras.Model):
    def __init__(self, net):
        super().__init__()
        self.net = net
        self.tracker = keras.metrics.Mean(name='loss')

    def train_step(self, data):
        self.tracker.update_state(tf.reduce_mean(self.net(data)))
        return {m.name: m.result() for m in self.metrics}


critic = Critic(keras.Sequential([keras.layers.Dense(1, kernel_initializer='ones', input_shape=(2,))]))
critic.compile(optimizer='sgd')
result = critic.fit(np.ones((4, 2)), verbose=0).history['loss']
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Class, Function
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    MODELS,
    attribute_of,
    classes_of,
    first_parameter,
    is_keras3,
    method,
)
from keras_upgrade.syntax.walking import walk

CODE = "KU509"
PHASE = STRUCTURE
WORDS = {"class"}

_STEPS = ("train_step", "test_step")
_USES = frozenset({"compiled_loss", "compute_loss", "_loss_tracker", "get_metrics_result"})


def check(context: Context) -> Iterator[Finding]:
    """Reports of `self.metrics` in steps of models that never use the compiled loss."""
    if is_keras3(context):
        return
    for cls in classes_of(context, *MODELS):
        if not any(_keeps_loss(base) for base in cls.ancestors() if isinstance(base, Class)):
            for name in _STEPS:
                step = method(cls, name)
                for report in _reports(step) if step is not None else ():
                    yield _finding(context, cls, name, report)


def _keeps_loss(cls: Class) -> bool:
    """Whether a class uses the compiled loss, calls the steps above it, or has a metric `loss` or list of metrics itself."""
    if isinstance(cls.members.get("metrics"), Function):
        return True
    for node in walk(cls.node):
        if isinstance(node, ast.Attribute) and (node.attr in _USES or _is_upper_step(node)):
            return True
        if isinstance(node, ast.Constant) and node.value == "loss":
            return True
    return False


def _is_upper_step(node: ast.Attribute) -> bool:
    return node.attr in _STEPS and isinstance(node.value, ast.Call)


def _reports(step: ast.FunctionDef) -> Iterator[ast.DictComp]:
    """The `{m.name: m.result() for m in self.metrics}` of a step."""
    owner = first_parameter(step)
    for node in walk(step):
        if isinstance(node, ast.DictComp) and len(node.generators) == 1:
            generator = node.generators[0]
            if (
                not generator.ifs
                and isinstance(generator.target, ast.Name)
                and attribute_of(generator.iter, owner) == "metrics"
                and attribute_of(node.key, generator.target.id) == "name"
            ):
                yield node


def _finding(context: Context, cls: Class, step: str, report: ast.DictComp) -> Finding:
    generator = report.generators[0]
    assert isinstance(generator.target, ast.Name)
    end = context.source.end(generator.iter)
    return Finding(
        CODE,
        context.span(report),
        f"`{step}` reports a `loss` of zero in Keras 3 (SILENT): the mean of the loss, which it does not keep, is one of "
        "`self.metrics`",
        Fix([Edit(end, end, f' if {generator.target.id}.name != "loss"')], f"`{step}` leaves `loss` out"),
        subject=f"`{cls.node.name}` model",
    )
