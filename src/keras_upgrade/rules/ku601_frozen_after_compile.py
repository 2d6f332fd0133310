"""KU601 frozen-after-compile: a model that is frozen between `compile` and training

Keras 2 looked at `trainable` when a model was compiled. Keras 3 looks when it is first trained. GANs rely on the old
way: the discriminator is compiled, then frozen for the combined model, and trained on its own all the same. In Keras 3
it is not trained at all.

**Since** Keras 3.0.

**Error** SILENT: the program runs, the discriminator does not learn. At most

    UserWarning: The model does not have any trainable weights.

**Fix.** The training calls are put between `trainable = True` and `trainable = False`: the model is trained with the
weights that it was compiled with, and the combined model still trains without them. Where the program unfreezes the
layers again before it trains the combined model, that training gets them frozen.

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

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


class Pair:
    def __init__(self):
        self.critic = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
        self.critic.compile('sgd', 'mse')
        self.maker = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])
        self.set_trainable(self.critic, False)
        self.both = Sequential([self.maker, self.critic])
        self.both.compile('sgd', 'mse')
        self.set_trainable(self.critic, True)

    def set_trainable(self, model, value):
        model.trainable = value
        for layer in model.layers:
            layer.trainable = value

    def train(self):
        self.critic.train_on_batch(np.ones((4, 2)), np.zeros((4, 1)))
        return self.both.train_on_batch(np.ones((4, 3)), np.zeros((4, 1)))


pair = Pair()
pair.train()
losses = pair.train()
result = [float(losses), pair.critic.get_weights(), pair.maker.get_weights()]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


class Pair:
    def __init__(self):
        self.critic = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
        self.critic.compile('sgd', 'mse')
        self.maker = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])
        self.set_trainable(self.critic, False)
        self.both = Sequential([self.maker, self.critic])
        self.both.compile('sgd', 'mse')
        self.set_trainable(self.critic, True)

    def set_trainable(self, model, value):
        model.trainable = value
        for layer in model.layers:
            layer.trainable = value

    def train(self):
        self.critic.train_on_batch(np.ones((4, 2)), np.zeros((4, 1)))
        self.critic.trainable = False
        loss = self.both.train_on_batch(np.ones((4, 3)), np.zeros((4, 1)))
        self.critic.trainable = True
        return loss


pair = Pair()
pair.train()
losses = pair.train()
result = [float(losses), pair.critic.get_weights(), pair.maker.get_weights()]
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
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.models import TRAINING, Flipped, flipped_trainings
from keras_upgrade.analysis.values import Instance, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import statement_lines

CODE = "KU601"
PHASE = STRUCTURE
ERRORS = (r"The model does not have any trainable weights",)


_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)


def check(context: Context) -> Iterator[Finding]:
    """Training calls of models that were frozen since they were compiled."""
    groups: dict[tuple[ast.stmt, tuple[str, ...], bool], list[ast.stmt]] = {}
    for flipped in _here(context):
        statement = context.module.statement(flipped.training.node)
        names = [_name_at(context, item, flipped, statement) for item in flipped.objects]
        known = tuple(dict.fromkeys(name for name in names if name is not None))
        alone = isinstance(statement, _SIMPLE) and statement_lines(context.source, statement) is not None
        if len(known) < len(names) or not alone:
            yield _advice(context, flipped)
            continue
        block = context.module.body_of(statement)
        statements = groups.setdefault((block[0], known, flipped.was), [])
        if statement not in statements:
            statements.append(statement)
    for (first, known, was), statements in groups.items():
        for run in _runs(context.module.body_of(first), statements):
            yield _finding(context, known, was, run)


def _here(context: Context) -> Iterator[Flipped]:
    """One of each training call of this module."""
    seen: set[int] = set()
    for flipped in context.program.once(CODE, lambda: flipped_trainings(context.program)):
        node = flipped.training.node
        if flipped.training.module is context.module and id(node) not in seen and isinstance(node, ast.Call):
            seen.add(id(node))
            yield flipped


def _name_at(context: Context, item: Instance, flipped: Flipped, statement: ast.stmt) -> str | None:
    """How the frozen object is written at the training call."""
    node = flipped.training.node
    assert isinstance(node, ast.Call)
    if item is flipped.model and isinstance(node.func, ast.Attribute):
        return context.source.segment(node.func.value)
    around = enclosing_functions(context.module, statement)
    local = {name for function in around for name in local_names(function)}
    for name, value in context.module.frame.names.items():
        if any(option is item for option in options(value)) and name not in local:
            return name
    for function in around:
        first = next(iter((*function.args.posonlyargs, *function.args.args)), None)
        if first is None:
            continue
        for owner in (item for module in context.program for item in module.instances):
            for attribute, value in owner.attributes.items():
                if any(option is item for option in options(value)) and _is_self(
                    context, function, first.arg, owner
                ):
                    return f"{first.arg}.{attribute}"
    local_name = _local_name(context, item, around[0]) if around else None
    return local_name or _as_assigned(context, item, around)


def _as_assigned(context: Context, item: Instance, around: Sequence[ast.AST]) -> str | None:
    """How the object was written where its `trainable` was assigned, in the same scope: `model.layers[0]`."""
    for event in item.events:
        if event.name != "trainable=" or event.module is not context.module:
            continue
        target = event.node.targets[0] if isinstance(event.node, ast.Assign) else None
        same_scope = list(enclosing_functions(context.module, event.node)) == list(around)
        if isinstance(target, ast.Attribute) and same_scope and _is_path(target.value):
            return context.source.segment(target.value)
    return None


def _is_path(node: ast.expr) -> bool:
    """Whether an expression is made of names, attributes and constant indices only."""
    if isinstance(node, ast.Subscript):
        index = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
        return isinstance(index, ast.Constant) and _is_path(node.value)
    return _is_path(node.value) if isinstance(node, ast.Attribute) else isinstance(node, ast.Name)


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


def _finding(context: Context, names: Sequence[str], was: bool, run: list[ast.stmt]) -> Finding:
    source = context.source
    first = run[0]
    start = source.start(first)
    blank = source.indentation(first)
    edits = [
        Edit(start, start, "".join(f"{name}.trainable = {was}\n{blank}" for name in names)),
        *_after(context, run[-1], [f"{name}.trainable = {not was}" for name in names]),
    ]
    name = ", ".join(names)
    if was:
        message = f"`{name}` was frozen after it was compiled: Keras 3 would not train it here (SILENT)"
    else:
        message = f"`{name}` was frozen when this model was compiled, and is not now: Keras 3 would train it too (SILENT)"
    return Finding(
        CODE,
        source.span(first),
        message,
        Fix(edits, f"`trainable` of `{name}` is {was} in this training, as it was at `compile`"),
        subject=f"training of `{name}`",
    )


def _after(context: Context, last: ast.stmt, lines: Sequence[str]) -> list[Edit]:
    """Puts statements after the last training; what that returns is kept in a variable until then."""
    source = context.source
    indentation = source.indentation(last)
    text = "".join(f"\n{indentation}{line}" for line in lines)
    start, end = source.start(last), source.end(last)
    trailing = source.original[end : source.line_end(end)].rstrip("\r\n")
    end += len(trailing) if trailing.strip().startswith("#") else 0
    if not isinstance(last, ast.Return):
        return [Edit(end, end, text)]
    result = free_name("loss", context.module.names(), "_value")
    return [
        Edit(start, start + len("return"), f"{result} ="),
        Edit(end, end, f"{text}\n{indentation}return {result}"),
    ]


def _advice(context: Context, flipped: Flipped) -> Finding:
    name = flipped.model.variable or "the model"
    return Finding(
        CODE,
        context.span(flipped.training.node),
        f"layers of `{name}` have another `trainable` here than when it was compiled, and Keras 3 goes by what they have "
        f"here (SILENT). Set it to {flipped.was} before this call, and back after it.",
        subject=f"training of `{name}`",
    )
