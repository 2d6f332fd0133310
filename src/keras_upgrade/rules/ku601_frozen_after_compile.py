"""KU601 frozen-after-compile: a model that is frozen between `compile` and training

Keras 2 looked at `trainable` when a model was compiled. Keras 3 looks when it is first trained. GANs rely on the old
way: the discriminator is compiled, then frozen for the combined model, and trained on its own all the same. In Keras 3
it is not trained at all.

**Since** Keras 3.0.

**Error** SILENT: the program runs, the discriminator does not learn. At most

    UserWarning: The model does not have any trainable weights.

**Fix.** The training calls are put between `trainable = True` and `trainable = False`: the model is trained with the
weights that it was compiled with, and the combined model still trains without them.

**Not fixed.** A layer that the training code cannot reach by name. Left alone: a model that is frozen before it is
compiled, as in transfer learning.

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential

discriminator = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
discriminator.compile(optimizer='sgd', loss='mse')
generator = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])

# only the generator is trained in the combined model
discriminator.trainable = False
z = Input(shape=(3,))
gan = Model(z, discriminator(generator(z)))
gan.compile(optimizer='sgd', loss='mse')


def train(steps):
    for step in range(steps):
        # one step of the discriminator on real data, one on fakes
        real_loss = discriminator.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))
        fake_loss = discriminator.train_on_batch(generator.predict(np.ones((4, 3))), np.zeros((4, 1)))
        gan_loss = gan.train_on_batch(np.ones((4, 3)), np.ones((4, 1)))
    return [real_loss, fake_loss, gan_loss]


losses = train(2)
result = [[float(loss) for loss in losses], discriminator.get_weights(), generator.get_weights()]
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential

discriminator = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
discriminator.compile(optimizer='sgd', loss='mse')
generator = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])

# only the generator is trained in the combined model
discriminator.trainable = False
z = Input(shape=(3,))
gan = Model(z, discriminator(generator(z)))
gan.compile(optimizer='sgd', loss='mse')


def train(steps):
    for step in range(steps):
        # one step of the discriminator on real data, one on fakes
        discriminator.trainable = True
        real_loss = discriminator.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))
        fake_loss = discriminator.train_on_batch(generator.predict(np.ones((4, 3))), np.zeros((4, 1)))
        discriminator.trainable = False
        gan_loss = gan.train_on_batch(np.ones((4, 3)), np.ones((4, 1)))
    return [real_loss, fake_loss, gan_loss]


losses = train(2)
result = [[float(loss) for loss in losses], discriminator.get_weights(), generator.get_weights()]
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

base = Sequential([Dense(2, input_shape=(2,), kernel_initializer='ones')])
base.trainable = False
model = Sequential([base, Dense(1, kernel_initializer='ones')])
model.compile(optimizer='sgd', loss='mse')
model.fit(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = base.get_weights()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.models import TRAINING, Frozen, frozen_trainings
from keras_upgrade.analysis.values import Instance, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import statement_lines

CODE = "KU601"
PHASE = STRUCTURE
ERRORS = (r"The model does not have any trainable weights",)


def check(context: Context) -> Iterator[Finding]:
    """Training calls of models that were frozen since they were compiled."""
    groups: dict[tuple[ast.stmt, str], list[ast.stmt]] = {}
    for frozen in _here(context):
        statement = context.module.statement(frozen.training.node)
        names = [_name_at(context, item, frozen, statement) for item in frozen.frozen]
        if any(name is None for name in names):
            yield _advice(context, frozen)
            continue
        for name in dict.fromkeys(name for name in names if name is not None):
            block = context.module.body_of(statement)
            statements = groups.setdefault((block[0], name), [])
            if statement_lines(context.source, statement) is None:
                yield _advice(context, frozen)
            elif statement not in statements:
                statements.append(statement)
    for (first, name), statements in groups.items():
        block = context.module.body_of(first)
        if not statements:
            continue
        for run in _runs(block, statements):
            yield _finding(context, name, run)


def _here(context: Context) -> Iterator[Frozen]:
    """One of each training call of this module."""
    seen: set[int] = set()
    for frozen in frozen_trainings(context.program):
        node = frozen.training.node
        if frozen.training.module is context.module and id(node) not in seen and isinstance(node, ast.Call):
            seen.add(id(node))
            yield frozen


def _name_at(context: Context, item: Instance, frozen: Frozen, statement: ast.stmt) -> str | None:
    """How the frozen object is written at the training call."""
    node = frozen.training.node
    assert isinstance(node, ast.Call)
    if item is frozen.model and isinstance(node.func, ast.Attribute):
        return context.source.segment(node.func.value)
    around = enclosing_functions(context.module, statement)
    local = {name for function in around for name in local_names(function)}
    for name, value in context.module.frame.names.items():
        if value is item and name not in local:
            return name
    for function in around:
        first = next(iter((*function.args.posonlyargs, *function.args.args)), None)
        for owner in context.module.instances:
            for attribute, value in owner.attributes.items():
                if first is not None and value is item and _is_self(context, function, first.arg, owner):
                    return f"{first.arg}.{attribute}"
    if not around:
        return None
    return _local_name(context, item, around[0])


def _is_self(context: Context, function: ast.AST, first: str, owner: Instance) -> bool:
    """Whether the first parameter of a method is the object `owner`."""
    return any(
        isinstance(node, ast.Name)
        and node.id == first
        and any(o is owner for o in options(context.value(node)))
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
    )


def _local_name(context: Context, item: Instance, function: ast.AST) -> str | None:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and all(option is item for option in options(context.value(node))):
            return node.id
    return None


def _runs(block: list[ast.stmt], statements: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """The training statements of a block, those together that no training of another model comes between."""
    run: list[ast.stmt] = []
    for statement in block:
        if statement in statements:
            run.append(statement)
        elif run and _trains(statement):
            yield run
            run = []
    if run:
        yield run


def _trains(statement: ast.stmt) -> bool:
    """Whether a statement trains, compiles or freezes something."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute) and (
            node.attr in TRAINING or node.attr in ("compile", "trainable")
        ):
            return True
    return False


def _finding(context: Context, name: str, run: list[ast.stmt]) -> Finding:
    source = context.source
    first, last = run[0], run[-1]
    indentation = source.indentation(first)
    start, end = source.start(first), source.end(last)
    line_end = source.line_end(end)
    trailing = source.original[end:line_end].rstrip("\r\n")
    end += len(trailing) if trailing.strip().startswith("#") else 0
    edits = [
        Edit(start, start, f"{name}.trainable = True\n{indentation}"),
        Edit(end, end, f"\n{indentation}{name}.trainable = False"),
    ]
    return Finding(
        CODE,
        source.span(first),
        f"`{name}` was frozen after it was compiled: Keras 3 would not train it here (SILENT)",
        Fix(edits, f"`{name}.trainable` is True while it is trained on its own"),
        subject=f"training of `{name}`",
    )


def _advice(context: Context, frozen: Frozen) -> Finding:
    name = frozen.model.variable or "the model"
    return Finding(
        CODE,
        context.span(frozen.training.node),
        f"layers of `{name}` were frozen after it was compiled: Keras 3 does not train them here (SILENT). Set their "
        "`trainable` to True before this call, and to False after it.",
        subject=f"training of `{name}`",
    )
