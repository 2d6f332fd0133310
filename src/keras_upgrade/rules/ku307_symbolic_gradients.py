"""KU307 symbolic-gradients: `K.gradients` gives way to `tf.GradientTape`

In Keras 2, a program put the computation together first, from tensors of the model's graph, gradients included, and
made a function of it with `K.function`. In Keras 3 there are no gradients of KerasTensors: the computation is a Python
function on real tensors, recorded by a `tf.GradientTape`.

**Since** Keras 3.0 (TensorFlow 2.0 in eager mode).

**Error**

    AttributeError: module 'keras.backend' has no attribute 'gradients'
    RuntimeError: tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.

**Fix.** The statements that lead to the outputs of `K.function` move into a `def` of the same name, in their order and
with their comments; what leads to the loss stands under the tape. The tensors of the graph that they start from become
the outputs of a model, `features`. Calls lose the list around their arguments; the results are NumPy arrays as before.
The updates of an optimizer (`get_updates`) become `apply_gradients`. What a gradient of a gradient is taken of stands
under two tapes. `K.function` compiled what it was given: a function that may be called again and again is a `tf.function`,
without which a step of training takes many times as long, with one beside it that takes and gives arrays.

**Not fixed.** Values that are used elsewhere too, gradients taken in a loop. Gradients in a loss that is given to
`compile` (the gradient penalty of a WGAN-GP) are for KU508.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

image = Input((4,))
hidden = Dense(3, kernel_initializer='ones', name='hidden')(image)
model = Model(image, Dense(1, kernel_initializer='ones')(hidden))


def generate(layer_name, index, steps=3):
    # how much the filter is excited
    layer_output = model.get_layer(layer_name).output
    loss = K.mean(layer_output[:, index])

    # the direction that excites it more, of length 1
    grads = K.gradients(loss, model.input)[0]
    grads /= (K.sqrt(K.mean(K.square(grads))) + 1e-5)

    # gives loss and gradients
    iterate = K.function([model.input], [loss, grads])
    x = np.arange(4.0)[np.newaxis]
    for step in range(steps):
        loss_value, grads_value = iterate([x])
        x += grads_value * 0.5
    return loss_value, x


result = generate('hidden', 1)
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras.layers import Dense, Input
from keras.models import Model

image = Input((4,))
hidden = Dense(3, kernel_initializer='ones', name='hidden')(image)
model = Model(image, Dense(1, kernel_initializer='ones')(hidden))


def generate(layer_name, index, steps=3):
    # how much the filter is excited
    layer_output = model.get_layer(layer_name).output

    features = keras.Model(model.input, layer_output)

    # gives loss and gradients
    @tf.function(reduce_retracing=True)
    def compiled_iterate(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            layer_output = features(x)
            loss = keras.ops.mean(layer_output[:, index])

        # the direction that excites it more, of length 1
        grads = tape.gradient(loss, x)
        grads /= (keras.ops.sqrt(keras.ops.mean(keras.ops.square(grads))) + 1e-5)
        return loss, grads

    def iterate(x):
        x = keras.ops.convert_to_tensor(x, dtype="float32")
        return [output.numpy() for output in compiled_iterate(x)]

    x = np.arange(4.0)[np.newaxis]
    for step in range(steps):
        loss_value, grads_value = iterate(x)
        x += grads_value * 0.5
    return loss_value, x


result = generate('hidden', 1)
```

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

policy = Sequential()
policy.add(Dense(3, input_shape=(2,), activation='tanh', kernel_initializer='ones'))
policy.add(Dense(2, activation='softmax', kernel_initializer='ones'))

action = K.placeholder(shape=(None, 2))
reward = K.placeholder(shape=(None,))
probability = K.sum(action * policy.output, axis=1)
loss = -K.mean(K.log(probability) * reward)
updates = SGD(lr=0.5).get_updates(loss=loss, params=policy.trainable_weights)
train = K.function([policy.input, action, reward], [loss], updates=updates)

states = np.array([[1.0, 2.0], [3.0, 4.0]])
result = [train([states, np.eye(2), np.ones(2)])[0] for step in range(3)]
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

policy = Sequential()
policy.add(Dense(3, input_shape=(2,), activation='tanh', kernel_initializer='ones'))
policy.add(Dense(2, activation='softmax', kernel_initializer='ones'))

optimizer = SGD(learning_rate=0.5)


@tf.function(reduce_retracing=True)
def compiled_train(states, action, reward):
    with tf.GradientTape() as tape:
        policy_output = policy(states)
        probability = keras.ops.sum(action * policy_output, axis=1)
        loss = -keras.ops.mean(keras.ops.log(probability) * reward)
    gradients = tape.gradient(loss, policy.trainable_weights)
    optimizer.apply_gradients(zip(gradients, policy.trainable_weights))
    return loss


def train(states, action, reward):
    states = keras.ops.convert_to_tensor(states, dtype="float32")
    action = keras.ops.convert_to_tensor(action, dtype="float32")
    reward = keras.ops.convert_to_tensor(reward, dtype="float32")
    return compiled_train(states, action, reward).numpy()


states = np.array([[1.0, 2.0], [3.0, 4.0]])
result = [train(states, np.eye(2), np.ones(2)) for step in range(3)]
```

```python unchanged
import numpy as np
import keras
import tensorflow as tf

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer='ones')])
x = tf.ones((1, 2))
with tf.GradientTape() as tape:
    tape.watch(x)
    loss = keras.ops.mean(model(x))
result = tape.gradient(loss, x).numpy()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.calls import callables_in
from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import FunctionNode
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.phases import function_objects
from keras_upgrade.rules.ku306_backend_function_object import TRAINS, takes_gradients
from keras_upgrade.syntax.walking import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.rules.graphs.gradients import GradientFunction, Written
    from keras_upgrade.rules.graphs.objects import FunctionObject

CODE = "KU307"
PHASE = STRUCTURE
WORDS = {"function", "gradients"}
ERRORS = (
    r"module '[\w.]*keras[\w.]*\.backend' has no attribute 'gradients'",
    r"cannot import name 'gradients' from '[\w.]*keras[\w.]*\.backend",
    r"tf\.gradients is not supported when eager execution is enabled",
)

_KIND = (
    "the model is not a Sequential: one that was built layer by layer, or comes from a file, has an output that does not "
    "depend on the `output` of its layers"
)
_CLIPS = "the optimizer does not clip gradients"
_TAPE = (
    "Compute it in a function on real tensors: `with tf.GradientTape() as tape:`, `tape.watch(x)` for an input `x`, the "
    "loss from `keras.Model(inputs, outputs)(x)`, then `tape.gradient(loss, x)`"
)
_PENALTY = (
    "a loss gets values, of which it cannot take gradients. Make the model that is trained a subclass of `keras.Model` "
    "with a `train_step` of its own: under `with tf.GradientTape() as tape:` (`tape.watch(x)`) call the critic on the "
    "averaged samples `x`, take `tape.gradient(y, x)` for the penalty, and add that to the loss"
)


def check(context: Context) -> Iterator[Finding]:
    """Functions of gradients, and gradients that no function is made of."""
    done: set[int] = set()
    for site in function_objects(context):
        if takes_gradients(context, site):
            finding, inside = _finding(context, site)
            done |= inside
            yield finding
    for call, callee in context.calls():
        if callee.path == "keras.backend.gradients" and id(call) not in done:
            yield _advice(context, call)


def _finding(context: Context, site: ast.Call) -> tuple[Finding, set[int]]:
    from keras_upgrade.rules.graphs.objects import CannotRewriteError, read  # noqa: PLC0415

    written = context.source.segment(site.func)
    try:
        made = read(context, site)
        function, result = _written(made)
    except CannotRewriteError as problem:
        advice = f"`{written}` is gone, and with it gradients of KerasTensors. {_TAPE} (not done: {problem})"
        return Finding(CODE, context.span(site.func), advice, subject=f"`{written}`"), set()
    inside = {id(n) for s in [*function.moved, function.statement] for n in walk(s)}
    change = f"`{written}` of gradients → `def {result.name}()` with `tf.GradientTape`"
    doubts = {TRAINS: result.trains, _KIND: result.unsure, _CLIPS: function.clips}
    assumption = "; ".join(text for text, holds in doubts.items() if holds)
    safety = Safety.REVIEW if assumption else Safety.SAFE
    finding = Finding(
        CODE,
        context.span(site.func),
        "there are no gradients of KerasTensors: they are computed by a function on real tensors",
        Fix(result.edits, change, safety, result.imports),
        subject=f"`{result.name}` function",
        assumption=assumption,
    )
    return finding, inside


def _written(made: FunctionObject) -> tuple[GradientFunction, Written]:
    """The function; where what leads to the loss cannot move, the loss stays a tensor of the graph."""
    from keras_upgrade.rules.graphs.gradients import GradientFunction  # noqa: PLC0415
    from keras_upgrade.rules.graphs.objects import CannotRewriteError  # noqa: PLC0415

    try:
        function = GradientFunction(made)
        return function, function.write()
    except CannotRewriteError as problem:
        try:
            function = GradientFunction(made, symbolic=True)
            return function, function.write()
        except CannotRewriteError:
            raise problem from None


def _advice(context: Context, call: ast.Call) -> Finding:
    written = context.source.segment(call.func)
    around = enclosing_functions(context.module, call)
    if any(function in _losses(context) for function in around):
        message = f"`{written}` in a loss: {_PENALTY}."
    else:
        message = f"`{written}`: there are no gradients of KerasTensors. {_TAPE}."
    return Finding(CODE, context.span(call.func), message, subject=f"`{written}`")


def _losses(context: Context) -> list[FunctionNode]:
    """The functions that are given to `compile`."""
    found = []
    for module in context.program:
        for item in module.instances:
            for event in item.events:
                if event.name == "compile":
                    for value in event.arguments.all():
                        found += [function.node for function, _ in callables_in(value)]
    return found
