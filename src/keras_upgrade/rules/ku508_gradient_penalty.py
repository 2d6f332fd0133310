"""KU508 gradient-penalty: a loss that takes the gradient by the input of a model

The critic of a WGAN-GP is punished for gradients by its input that are longer or shorter than 1. With Keras 2 that was a
loss: it got the critic's output for some samples, and the samples themselves through `functools.partial` or from outside,
and called `K.gradients` with both. In Keras 3 a loss gets values, of which no gradient can be taken any more.

**Since** Keras 3.0 (TensorFlow 2.0 in eager mode).

**Error**

    AttributeError: module 'keras.backend' has no attribute 'gradients'
    RuntimeError: tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.

**Fix.** A layer around the critic computes the gradients while it calls the critic. They are the output of the model in
place of the critic's, so that the loss gets them as its prediction.

**Not fixed.** Losses that use the critic's output beside that, or the samples; outputs that are used elsewhere too, or
whose model also predicts.

```python before
from functools import partial

import numpy as np
from keras import backend as K
from keras.layers import Average, Dense, Input
from keras.models import Model
from keras.optimizers import SGD


def gradient_penalty_loss(y_true, y_pred, averaged_samples, weight):
    gradients = K.gradients(y_pred, averaged_samples)[0]
    norm = K.sqrt(K.sum(K.square(gradients), axis=-1))
    return weight * K.mean(K.square(1 - norm))


def wasserstein_loss(y_true, y_pred):
    return K.mean(y_true * y_pred)


image = Input((3,))
hidden = Dense(4, activation='tanh', kernel_initializer='ones')(image)
critic = Model(image, Dense(1, kernel_initializer='ones')(hidden))

real, fake = Input((3,)), Input((3,))
averaged = Average()([real, fake])
averaged_out = critic(averaged)

# the loss needs the samples
penalty = partial(gradient_penalty_loss, averaged_samples=averaged, weight=10)
penalty.__name__ = 'gradient_penalty'

trainer = Model([real, fake], [critic(real), averaged_out])
trainer.compile(SGD(0.001), loss=[wasserstein_loss, penalty])
x, y = np.arange(6.0).reshape(2, 3) / 6, np.ones((2, 1))
for step in range(3):
    trainer.train_on_batch([x, x[::-1]], [y, y])
result = critic.get_weights()
```

```python after
from functools import partial

import numpy as np
import tensorflow as tf
import keras
from keras.layers import Average, Dense, Input
from keras.models import Model
from keras.optimizers import SGD


class InputGradients(keras.layers.Layer):
    \"\"\"The gradients of what a model gives, by its input.\"\"\"

    def __init__(self, model, **kwargs):
        super().__init__(**kwargs)
        self.model = model

    def call(self, inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = self.model(inputs)
        return tape.gradient(outputs, inputs)


def gradient_penalty_loss(y_true, y_pred, weight):
    gradients = y_pred
    norm = keras.ops.sqrt(keras.ops.sum(keras.ops.square(gradients), axis=-1))
    return weight * keras.ops.mean(keras.ops.square(1 - norm))


def wasserstein_loss(y_true, y_pred):
    return keras.ops.mean(y_true * y_pred)


image = Input((3,))
hidden = Dense(4, activation='tanh', kernel_initializer='ones')(image)
critic = Model(image, Dense(1, kernel_initializer='ones')(hidden))

real, fake = Input((3,)), Input((3,))
averaged = Average()([real, fake])
averaged_out = InputGradients(critic)(averaged)

# the loss needs the samples
penalty = partial(gradient_penalty_loss, weight=10)
penalty.__name__ = 'gradient_penalty'

trainer = Model([real, fake], [critic(real), averaged_out])
trainer.compile(SGD(0.001), loss=[wasserstein_loss, penalty])
x, y = np.arange(6.0).reshape(2, 3) / 6, np.ones((2, 1))
for step in range(3):
    trainer.train_on_batch([x, x[::-1]], [y, y])
result = critic.get_weights()
```

```python unchanged
import numpy as np
import keras


def penalty(y_true, y_pred, weight):
    return weight * keras.ops.mean(keras.ops.square(1 - y_pred))


model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer='ones')])
model.compile('sgd', loss=lambda y_true, y_pred: penalty(y_true, y_pred, 10))
result = model.evaluate(np.ones((2, 2)), np.ones((2, 1)), verbose=0)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import outermost_statement
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.slices import scope_of
from keras_upgrade.rules.losses.penalties import Penalty, Supply, penalties
from keras_upgrade.rules.shared.tensorflow_code import imports_for, spelling
from keras_upgrade.syntax.blocks import definition_edit, free_name, insertion_point
from keras_upgrade.syntax.edits import remove_arguments, remove_parameters, remove_statement

CODE = "KU508"
PHASE = STRUCTURE
WORDS = {"gradients"}
ERRORS = (
    r"module '[\w.]*keras[\w.]*\.backend' has no attribute 'gradients'",
    r"tf\.gradients is not supported when eager execution is enabled",
)

_LAYER = '''class {name}({layer}):
    """The gradients of what a model gives, by its input."""

    def __init__(self, model, **kwargs):
        super().__init__(**kwargs)
        self.model = model

    def call(self, inputs):
        with {tape}() as tape:
            tape.watch(inputs)
            outputs = self.model(inputs)
        return tape.gradient(outputs, inputs)'''


def check(context: Context) -> Iterator[Finding]:
    """Losses that take the gradient of what they are given, where all that belongs to it is known."""
    for penalty in penalties(context):
        yield _finding(context, penalty)


def _finding(context: Context, penalty: Penalty) -> Finding:
    source = context.source
    name = free_name("InputGradients", context.module.names())
    spell = spelling(context, penalty.critic.func)
    definition = _LAYER.format(
        name=name, layer=context.spell("keras.layers.Layer"), tape=spell("tensorflow.GradientTape")
    )
    first, end = source.start(penalty.critic.func), source.end(penalty.critic.func)
    gradient = context.span(penalty.gradient)
    edits = [
        _definition(context, penalty, definition),
        Edit(first, first, f"{name}("),
        Edit(end, end, ")"),
        Edit(gradient.start, gradient.end, penalty.prediction),
    ]
    if penalty.supply is not None:
        edits += remove_parameters(source, penalty.supply.function, {penalty.supply.parameter})
        edits += _without_samples(context, penalty.supply)
    critic = source.segment(penalty.critic.func)
    return Finding(
        CODE,
        gradient,
        "a loss gets values, of which it cannot take gradients: a layer around the model computes them",
        Fix(
            edits,
            f"`{source.segment(penalty.gradient)}` → `{name}({critic})`, a layer with a `tf.GradientTape`",
            imports=(*imports_for(context, definition), *context.needed_imports),
        ),
        subject=f"`{penalty.loss.name}`",
    )


def _definition(context: Context, penalty: Penalty, text: str) -> Edit:
    """The layer, before the loss or before what calls the model, whatever comes first."""
    nodes = (penalty.loss, penalty.critic)
    statement = min(
        (outermost_statement(context.module, node) for node in nodes), key=lambda item: item.lineno
    )
    limit = _limit(context, statement)
    return definition_edit(context.source, insertion_point(context.source, statement, limit), text, limit)


def _limit(context: Context, statement: ast.stmt) -> Span:
    return context.module.document.span_of(context.module.cell_of(statement))


# -- the samples are not handed on any more ------------------------------------------------------------------


def _without_samples(context: Context, supply: Supply) -> list[Edit]:
    """Takes the argument out; of a `partial` that gives nothing else the function itself is left."""
    call = supply.call
    bare = len(call.args) + len(call.keywords) == 2 and call.args and supply.argument is not call.args[0]
    api = context.module.api(call.func)
    if not bare or api is None or api.path != "functools.partial":
        return remove_arguments(context.source, call, [supply.argument])
    text = context.source.segment(call.args[0])
    inlined = _inlined(context, call, text)
    span = context.span(call)
    return [Edit(span.start, span.end, text)] if inlined is None else inlined


def _inlined(context: Context, call: ast.Call, text: str) -> list[Edit] | None:
    """Writes the function where the variable was read that held the `partial`; None if that is not possible."""
    module, source = context.module, context.source
    statement = module.parent(call)
    target = (
        statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
    )
    if not isinstance(statement, ast.Assign) or not isinstance(target, ast.Name):
        return None
    scope = scope_of(module, target)
    named = [n for n in module.names_of(target.id) if scope_of(module, n) is scope]
    if sum(not isinstance(n.ctx, ast.Load) for n in named) != 1:
        return None
    edits: list[Edit] = []
    gone: list[ast.stmt] = [statement]
    for node in named:
        outer = module.parent(node)
        if isinstance(outer, ast.Attribute) and not isinstance(outer.ctx, ast.Load):
            gone.append(module.statement(node))  # `loss.__name__ = '...'`
        elif node is not target:
            edits.append(Edit(source.start(node), source.end(node), text))
    for run in _runs(context, gone):
        limit = _limit(context, run[0])
        begin = insertion_point(source, run[0], limit)
        sole = len(run) == len(module.body_of(run[0]))
        edits.append(remove_statement(source, run[-1], sole=sole, limit=limit, start=begin))
    return edits


def _runs(context: Context, statements: list[ast.stmt]) -> list[list[ast.stmt]]:
    """Statements of one block that follow each other, together."""
    runs: list[list[ast.stmt]] = []
    for statement in sorted(statements, key=lambda item: item.lineno):
        block = context.module.body_of(statement)
        before = block[block.index(statement) - 1] if block[0] is not statement else None
        if runs and runs[-1][-1] is before and _limit(context, before) == _limit(context, statement):
            runs[-1].append(statement)
        else:
            runs.append([statement])
    return runs
