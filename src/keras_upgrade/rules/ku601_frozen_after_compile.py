"""KU601 frozen-after-compile: a model that is frozen between `compile` and training

Keras 2 looked at `trainable` when a model was compiled. Keras 3 looks when it is first trained. GANs rely on the old
way: the discriminator is compiled, then frozen for the combined model, and trained on its own all the same. In Keras 3
it is not trained at all.

**Since** Keras 3.0.

**Error** SILENT: the program runs, the discriminator does not learn. At most

    UserWarning: The model does not have any trainable weights.

**Fix.** The training calls are put between `trainable = True` and `trainable = False`: the model is trained with the
weights that it was compiled with, and the combined model still trains without them. Where the program unfreezes the
layers again before it trains the combined model, that training gets them frozen. Parts that were frozen at `compile`
stay so. Keras 3 looks again when batches have another size: a model that was trained before it was frozen is taken care
of as well, unless it goes on with the same batches.

On TensorFlow, Keras 3 takes no notice of `model.trainable = True` where it is True already, though layers were frozen one
by one (SILENT): the layers are set one by one then.

**Not fixed.** A layer that the training code cannot reach by name; some layers out of many; two models that are trained in
one statement. Left alone: a model that is frozen before it is compiled, as in transfer learning.

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
from keras_upgrade.analysis.freezing import (
    TRAINING,
    Assignment,
    Freezing,
    Training,
    by_call,
    call_at,
    freezing,
)
from keras_upgrade.analysis.values import Instance, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import statement_lines
from keras_upgrade.syntax.walking import walk

CODE = "KU601"
PHASE = STRUCTURE
WORDS = {"trainable"}
ERRORS = (
    r"The model does not have any trainable weights",
    r"A layer's `trainable` state has changed since the model was compiled",
)

_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)
_LATER = (ast.Lambda, ast.GeneratorExp)
"""What is in these runs when something else wants it."""


@dataclass(frozen=True)
class _Toggle:
    """An assignment as it is written in the program: to an object, or in a loop over its layers."""

    name: str
    value: bool
    each: bool

    def text(self, context: Context, place: ast.stmt, between: str) -> str:
        """The statement at a place; `between` stands between two of the same block."""
        if self.each:
            return _loop(context, place, self.name, str(self.value), between)
        return f"{self.name}.trainable = {self.value}"


_ALL_LAYERS = "all layers are meant, as `tf.keras` took it (standalone Keras left them as they were)"

Written = tuple[_Toggle, ...]


@dataclass(frozen=True)
class _Toggles:
    """What is written around a training: the objects as the program calls them, with what they are set to."""

    before: Written
    after: Written

    @property
    def names(self) -> str:
        """The objects, for people."""
        return ", ".join(one.name for one in self.before)


@dataclass(frozen=True)
class _Site:
    """A statement around which toggles are written, with one of the trainings that need them."""

    statement: ast.stmt
    toggles: _Toggles
    training: Training


def check(context: Context) -> Iterator[Finding]:
    """Training calls of models that were frozen since they were compiled."""
    found = context.program.once(CODE, lambda: freezing(context.program))
    yield from _ineffective(context, found)
    groups: dict[tuple[ast.stmt, _Toggles], dict[ast.stmt, Training]] = {}
    for one in by_call(found.trainings):
        flipped = _flipped(one)
        if flipped is None or flipped.event.module is not context.module:
            continue
        sites = _sites(context, found, one)
        if sites is None:
            yield _advice(context, flipped)
        for site in sites or ():
            first = context.module.body_of(site.statement)[0]
            groups.setdefault((first, site.toggles), {}).setdefault(site.statement, site.training)
    for (first, toggles), trainings in groups.items():
        for run in _runs(context.module.body_of(first), list(trainings), found):
            yield _finding(context, toggles, run, trainings[run[0]])


def _flipped(one: Sequence[Training]) -> Training | None:
    return next((training for training in one if training.before != ()), None)


def _sites(context: Context, found: Freezing, one: Sequence[Training]) -> list[_Site] | None:
    """The places of the toggles for the trainings of one call: around it, or around the calls of its function."""
    site = _site(context, found, one, 0)
    if site is not None:
        return [site]
    outer = by_call(one, 1)
    sites = [_site(context, found, calls, 1) for calls in outer if _flipped(calls) is not None]
    known = [item for item in sites if item is not None]
    return known if known and len(known) == len(sites) and sum(map(len, outer)) == len(one) else None


def _site(context: Context, found: Freezing, one: Sequence[Training], level: int) -> _Site | None:
    """The place around a call; None if toggles cannot be written there, or not for all of the models that it trains."""
    call, flipped = call_at(one[0], level), _flipped(one)
    if call is None or flipped is None or context.module.parent(call) is None:
        return None
    statement = context.module.statement(call)
    inside = _until(context.module.ancestors(call), statement)
    if not isinstance(statement, _SIMPLE) or any(isinstance(outer, _LATER) for outer in inside):
        return None
    models = {id(training.model) for training in one if training.before != ()}
    together = [training for node in walk(statement) for training in found.within.get(node, ())]
    if any(id(training.model) not in models for training in together):
        return None
    written = {_written(context, training, call) for training in one if training.before != ()}
    toggles = written.pop() if len(written) == 1 else None
    if toggles is None:
        return None
    loops = any(toggle.each for toggle in toggles.before + toggles.after)
    alone = statement_lines(context.source, statement) is not None
    return _Site(statement, toggles, flipped) if alone or not loops else None


def _until(nodes: Iterator[ast.AST], end: ast.AST) -> Iterator[ast.AST]:
    for node in nodes:
        if node is end:
            return
        yield node


def _written(context: Context, training: Training, call: ast.AST) -> _Toggles | None:
    def write(assignments: Sequence[Assignment]) -> Written | None:
        names = [_name_at(context, one.target, call) for one in assignments]
        pairs = zip(names, assignments, strict=True)
        known = dict.fromkeys(_Toggle(name, one.value, one.each) for name, one in pairs if name is not None)
        return None if None in names else tuple(known)

    before, after = write(training.before or ()), write(training.after)
    return _Toggles(before, after) if before and after else None


def _name_at(context: Context, item: Instance, call: ast.AST) -> str | None:
    """How an object is written at a call."""
    if isinstance(call, ast.Call):
        owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        for node in (*owner, *call.args, *(keyword.value for keyword in call.keywords)):
            if _is_path(node) and any(option is item for option in options(context.value(node))):
                return context.source.segment(node)
    around = enclosing_functions(context.module, call)
    local = {name for function in around for name in local_names(function)}
    looping = _loop_names(context)
    for name, value in context.module.frame.names.items():
        if any(option is item for option in options(value)) and name not in local | looping:
            return name
    for function in around:
        first = next(iter((*function.args.posonlyargs, *function.args.args)), None)
        if first is None:
            continue
        for holder in (item for module in context.program for item in module.instances):
            for attribute, value in holder.attributes.items():
                if any(option is item for option in options(value)) and _is_self(
                    context, function, first.arg, holder
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
        if isinstance(target, ast.Attribute) and same_scope and _is_path(target.value, _loop_names(context)):
            return context.source.segment(target.value)
    return None


def _loop_names(context: Context) -> frozenset[str]:
    """The names that stand for one object after the other."""
    targets = [loop.target for loop in context.module.nodes(ast.For)]
    targets += [loop.target for loop in context.module.nodes(ast.comprehension)]
    nodes = (node for target in targets for node in walk(target))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name))


def _is_path(node: ast.expr, but: frozenset[str] = frozenset()) -> bool:
    """Whether an expression is made of names, attributes and indices only, and begins with none of some names."""
    if isinstance(node, ast.Subscript):
        index = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
        return isinstance(index, (ast.Constant, ast.Name)) and _is_path(node.value, but)
    if isinstance(node, ast.Attribute):
        return _is_path(node.value, but)
    return isinstance(node, ast.Name) and node.id not in but


def _is_self(context: Context, function: ast.AST, first: str, owner: Instance) -> bool:
    """Whether the first parameter of a method is the object `owner`."""
    return any(
        isinstance(node, ast.Name)
        and node.id == first
        and any(o is owner for o in options(context.value(node)))
        for node in walk(function)
        if isinstance(node, ast.Name)
    )


def _local_name(context: Context, item: Instance, function: ast.AST) -> str | None:
    for node in walk(function):
        if isinstance(node, ast.Name) and all(option is item for option in options(context.value(node))):
            return node.id
    return None


def _runs(block: list[ast.stmt], statements: list[ast.stmt], found: Freezing) -> Iterator[list[ast.stmt]]:
    """The training statements of a block, those together that no training of another model comes between."""
    run: list[ast.stmt] = []
    for statement in block:
        if statement in statements:
            run.append(statement)
        elif run and _changes(statement, found):
            yield run
            run = []
    if run:
        yield run


def _changes(statement: ast.stmt, found: Freezing) -> bool:
    """Whether a statement trains, compiles or freezes something."""
    for node in walk(statement):
        if node in found.within:
            return True
        if isinstance(node, ast.Attribute) and (
            node.attr in TRAINING or node.attr in ("compile", "trainable")
        ):
            return True
    return False


def _finding(context: Context, toggles: _Toggles, run: list[ast.stmt], training: Training) -> Finding:
    source = context.source
    first = run[0]
    start = source.start(first)
    between = (
        "; " if source.text[source.line_start(start) : start].strip() else f"\n{source.indentation(first)}"
    )
    ahead = "".join(one.text(context, first, between) + between for one in toggles.before)
    values = "; ".join(
        f"`trainable` of {'the layers of ' if one.each else ''}`{one.name}` is {one.value}"
        for one in toggles.before
    )
    return Finding(
        CODE,
        source.span(first),
        _message(toggles, training),
        Fix(
            [Edit(start, start, ahead), *_after(context, run[-1], toggles.after)],
            f"{values} in this training, as it was at `compile`",
        ),
        subject=f"training of `{toggles.names}`",
    )


def _message(toggles: _Toggles, training: Training) -> str:
    names, was = toggles.names, toggles.before[0].value
    since = "when this model was compiled, and is not now" if not was else "after it was compiled"
    would = "train it too" if not was else "not train it here"
    if training.again:
        would += ", if the batches have another size than those it was trained with before"
    return f"`{names}` was frozen {since}: Keras 3 would {would} (SILENT)"


def _after(context: Context, last: ast.stmt, assigned: Written) -> list[Edit]:
    """Puts assignments after the last training; what that returns is kept in a variable until then."""
    source = context.source
    start, end = source.start(last), source.end(last)
    alone = statement_lines(source, last) is not None
    between = f"\n{source.indentation(last)}" if alone else "; "
    text = "".join(between + one.text(context, last, between) for one in assigned)
    if alone:
        trailing = source.original[end : source.line_end(end)].rstrip("\r\n")
        end += len(trailing) if trailing.strip().startswith("#") else 0
    if not isinstance(last, ast.Return):
        return [Edit(end, end, text)]
    result = free_name("loss", context.module.names(), "_value")
    return [
        Edit(start, start + len("return"), f"{result} ="),
        Edit(end, end, f"{text}{between}return {result}"),
    ]


def _ineffective(context: Context, found: Freezing) -> Iterator[Finding]:
    """Assignments to `trainable` of which Keras 3 takes no notice."""
    source = context.source
    for model, event in {id(event.node): (model, event) for model, event in found.ineffective}.values():
        statement = event.node
        if (
            event.module is not context.module
            or not isinstance(statement, ast.Assign)
            or not _has_layers(model)
        ):
            continue
        target = statement.targets[0]
        if not isinstance(target, ast.Attribute) or statement_lines(source, statement) is None:
            continue
        name, value = source.segment(target.value), source.segment(statement.value)
        if len(statement.targets) > 1 or _loops_next(context, statement, name):
            continue
        start, end = source.start(statement), source.end(statement)
        between = f"\n{source.indentation(statement)}"
        loop = _loop(context, statement, name, value, between)
        edit = Edit(end, end, between + loop) if statement in found.effective else Edit(start, end, loop)
        yield Finding(
            CODE,
            context.span(statement),
            f"`{name}.trainable` is {value} already, though that of some of its layers is not: Keras 3 then leaves these "
            "as they are (SILENT)",
            Fix(
                [edit],
                f"`{name}.trainable = {value}` → each of its layers",
                Safety.REVIEW if context.standalone else Safety.SAFE,
            ),
            subject=f"training of `{name}`",
            assumption=_ALL_LAYERS if context.standalone else "",
        )


def _loops_next(context: Context, statement: ast.stmt, name: str) -> bool:
    """Whether the layers are set one by one right after the model."""
    block = context.module.body_of(statement)
    following = block[block.index(statement) + 1 :][:1]
    return any(
        isinstance(one, ast.For) and context.source.segment(one.iter).startswith(name) for one in following
    )


def _loop(context: Context, place: ast.stmt, name: str, value: str, between: str) -> str:
    """A loop that sets `trainable` of each layer of a model."""
    names, loops = context.module.nodes(ast.Name), context.module.nodes(ast.For)
    stored = sum(node.id == "layer" and not isinstance(node.ctx, ast.Load) for node in names)
    heads = [loop for loop in loops if isinstance(loop.target, ast.Name) and loop.target.id == "layer"]
    inside = any(loop in context.module.ancestors(place) for loop in heads)
    others = (
        stored > len(heads) or inside or any(node.arg == "layer" for node in context.module.nodes(ast.arg))
    )
    layer = free_name("layer", context.module.names() if others else (), "_of_model")
    return f"for {layer} in {name}.layers:{between}    {layer}.trainable = {value}"


def _has_layers(model: Instance) -> bool:
    return model.api is not None and kind_of(model.api.path) in (
        Kind.MODEL,
        Kind.SEQUENTIAL,
        Kind.APPLICATION,
    )


def _advice(context: Context, training: Training) -> Finding:
    name = training.model.variable or "the model"
    return Finding(
        CODE,
        context.span(training.event.node),
        f"layers of `{name}` have another `trainable` here than when it was compiled, and Keras 3 goes by what they have "
        f"here (SILENT). Set it to what it was before this call, and back after it.",
        subject=f"training of `{name}`",
    )
