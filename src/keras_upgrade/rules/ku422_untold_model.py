"""KU422 untold-model: models that are not told that they are trained

`fit` of Keras 2 told every layer of a model that it was being trained, whatever the model's own `call` took. `fit` of Keras 3
tells only a model whose `call` has a parameter `training`; in any other, `Dropout` drops nothing, and `BatchNormalization`
neither normalizes by the batch nor learns its averages.

**Since** Keras 3.0.

**Error** SILENT.

**Fix.** `call` gets the parameter `training=None`; the layers inside are told by Keras then.

**Not fixed.** A `call` with `*args`. Layers need nothing: what is around them passes it on.

```python before
import numpy as np
import tensorflow as tf

class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.norm = tf.keras.layers.BatchNormalization(momentum=0.5)
        self.dense = tf.keras.layers.Dense(1, kernel_initializer='ones')

    def call(self, inputs):
        return self.dense(self.norm(inputs))

net = Net()
net.compile('sgd', 'mse')
history = net.fit(np.arange(6.0).reshape(3, 2), np.ones((3, 1)), verbose=0).history
result = [history['loss'], net.norm.get_weights()[2]]
```

```python after
import numpy as np
import keras

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.norm = keras.layers.BatchNormalization(momentum=0.5)
        self.dense = keras.layers.Dense(1, kernel_initializer='ones')

    def call(self, inputs, training=None):
        return self.dense(self.norm(inputs))

net = Net()
net.compile('sgd', 'mse')
history = net.fit(np.arange(6.0).reshape(3, 2), np.ones((3, 1)), verbose=0).history
result = [history['loss'], net.norm.get_weights()[2]]
```

```python unchanged
import numpy as np
import keras

class Block(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.norm = keras.layers.BatchNormalization(momentum=0.5)

    def call(self, inputs):
        return self.norm(inputs)

class Plain(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, kernel_initializer='ones')

    def call(self, inputs):
        return self.dense(inputs)

net, plain = keras.Sequential([keras.Input((2,)), Block()]), Plain()
net.compile('sgd', 'mse')
plain.compile('sgd', 'mse')
result = [m.fit(np.ones((3, 2)), np.ones((3, 1)), verbose=0).history['loss'] for m in (net, plain)]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Class, Function, Instance, Mapping, Seq, Tensor, Value, options
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.patterns import pattern
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import MODELS, classes_of, inherited, is_keras3, method
from keras_upgrade.rules.shared.parameters import TRAINING, new_training

CODE = "KU422"
PHASE = STRUCTURE
WORDS = {"class"}

_FITTING = frozenset({"fit", "fit_generator", "train_on_batch"})
_STEPS = ("train_step", "make_train_function")
_TWO_MODES = pattern(
    r"(\w*Dropout(\dD)?|GaussianNoise|BatchNormalization\w*|Random[A-Z]\w+|SpectralNormalization)"
)
_RECURRENT = pattern(r"(\w*LSTM(\dD)?|\w*GRU|SimpleRNN)(Cell)?")


def check(context: Context) -> Iterator[Finding]:
    """The `call`s of models that are fitted, and have parts that act otherwise in training."""
    if is_keras3(context):
        return
    for cls in classes_of(context, *MODELS):
        call = method(cls, "call")
        if call is None or TRAINING in _parameters(call) or any(inherited(cls, name) for name in _STEPS):
            continue
        if any(_is_fitted(item) and _has_two_modes(item) for item in _objects(context, cls)):
            yield _finding(context, cls, call)


def _parameters(function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    return [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _objects(context: Context, cls: Class) -> list[Instance]:
    """The models of a class, or of one that inherits its `call`."""
    own = method(cls, "call")
    return [
        item
        for module in context.program
        for item in module.instances
        if isinstance(item.cls, Class) and (found := inherited(item.cls, "call")) and found.node is own
    ]


def _is_fitted(model: Instance) -> bool:
    return any(event.name in _FITTING for event in model.events)


def _has_two_modes(value: Value, seen: set[int] | None = None) -> bool:
    """Whether a layer, or what it is made of, acts otherwise in training."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return False
    seen.add(id(value))
    for option in options(value):
        if isinstance(option, Instance) and _is_of_two_modes(option):
            return True
        if any(_has_two_modes(part, seen) for part in _parts(option)):
            return True
    return False


def _parts(value: Value) -> Iterator[Value]:
    if isinstance(value, Instance):
        yield from value.attributes.values()
        yield from value.children
        yield from value.arguments.all()
    elif isinstance(value, Seq):
        yield from value.items
        yield from () if value.rest is None else (value.rest,)
    elif isinstance(value, Mapping):
        yield from value.items.values()
        yield from () if value.rest is None else (value.rest,)
    elif isinstance(value, Tensor):
        yield from () if value.maker is None else (value.maker,)
        yield from value.parents


def _is_of_two_modes(layer: Instance) -> bool:
    if isinstance(layer.cls, Class):
        call = layer.cls.lookup("call")
        return isinstance(call, Function) and any(item.arg == TRAINING for item in call.node.args.args)
    if kind_of(layer.cls.path) is Kind.APPLICATION or _TWO_MODES.fullmatch(layer.cls.name):
        return True
    drops = {"dropout", "recurrent_dropout"} & set(layer.arguments.keywords)
    return bool(drops) and _RECURRENT.fullmatch(layer.cls.name) is not None


def _finding(context: Context, cls: Class, call: ast.FunctionDef) -> Finding:
    parameter = new_training(context, call.body[0])
    message = (
        f"`fit` of Keras 3 does not tell `{cls.node.name}` that it is trained, since its `call` takes no `training`: "
        "its layers act as in `predict` (SILENT)"
    )
    return Finding(
        CODE,
        context.span(call.body[0]),
        message,
        Fix([parameter], f"`{cls.node.name}.call`: `training=None`") if parameter is not None else None,
        subject=f"`{cls.node.name}.call`",
    )
