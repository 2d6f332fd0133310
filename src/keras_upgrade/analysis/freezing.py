"""Which layers are trainable when: at `compile`, where Keras 2 looked, and at the training, where Keras 3 looks."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keras_upgrade.analysis.models import layers_of
from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import Event, Instance, Seq, constant
from keras_upgrade.records import dataclass, field

TRAINING = frozenset({"fit", "fit_generator", "train_on_batch"})
_COMPILING = ("compile", "load_model")
_ROUNDS = 4
"""So many assignments within each other are found: a frozen part of a part of a model has three."""


@dataclass(frozen=True)
class Assignment:
    """`target.trainable = value`, or the same for each of its layers (`each`)."""

    target: Instance
    value: bool
    each: bool = False


@dataclass(frozen=True)
class Training:
    """A call that trains a compiled model.

    Attributes:
        model: the model that is trained.
        event: the call.
        before: what has to be assigned to `trainable` before the call, so that every layer is as it was at `compile`;
            nothing if it is so; None if that cannot be told.
        after: what has to be assigned after it, so that every layer is as it was before.
        again: whether the model was trained before, as it was compiled: Keras 3 looks again only when batches have
            another size.
    """

    model: Instance
    event: Event
    before: tuple[Assignment, ...] | None = ()
    after: tuple[Assignment, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class _State:
    """Whether a layer is trainable.

    Attributes:
        value: if it is not known, the step since which it is not.
        cause: the object to which it was assigned; None if it was not.
    """

    value: bool | Event
    cause: Instance | None = None


@dataclass
class _States:
    """The states of all layers at one time of the program."""

    known: dict[int, _State] = field(default_factory=dict)

    def of(self, layer: Instance) -> _State:
        """The state of a layer; at first, what its constructor was given."""
        initial = constant(layer.arguments.keywords.get("trainable")) is not False
        return self.known.get(id(layer), _State(initial, None if initial else layer))

    def assign(self, target: Instance, value: bool | Event, each: bool = False) -> None:
        """Assigns to `trainable`, which goes on to all layers inside; if `each`, to the layers of a model only."""
        for layer in parts_of(target)[each:]:
            self.known[id(layer)] = _State(value, target)

    def copy(self) -> _States:
        """The same states, for trying out assignments."""
        return _States(dict(self.known))


@dataclass(frozen=True)
class _Step:
    """One step in the life of a model.

    Attributes:
        owner: the model or layer.
        event: what happened to it.
        each: whether it happened to each of its layers, not to the model itself.
        partly: whether it happened to some of its layers only, it is not known which.
    """

    owner: Instance
    event: Event
    each: bool = False
    partly: bool = False


@dataclass
class Freezing:
    """What a program freezes, as both versions see it.

    Attributes:
        trainings: the training calls of compiled models, in the order in which the program runs.
        ineffective: the assignments to `trainable` of a model that has this value itself, though some of its layers have
            not: Keras 3 takes no notice of them (on TensorFlow), for Keras 2 they meant all layers.
        effective: the statements of which Keras 3 takes notice, at least once.
        within: the trainings that each call leads to, be it the training itself or the call of a user's function.
    """

    trainings: list[Training] = field(default_factory=list)
    ineffective: list[tuple[Instance, Event]] = field(default_factory=list)
    effective: set[ast.AST] = field(default_factory=set)
    within: dict[ast.AST, list[Training]] = field(default_factory=dict)


def freezing(program: Program) -> Freezing:
    """Follows the program's events in the order in which it runs."""
    found = Freezing()
    states = _States()
    compiled: dict[int, _States] = {}
    settled: dict[int, list[Event]] = {}
    for step in sorted(_steps(program), key=lambda step: step.event.order):
        owner, event = step.owner, step.event
        if event.name == "trainable=":
            value = constant(event.arguments.positional[0])
            if step.each or step.partly or states.of(owner).value is not value:
                found.effective.add(event.node)
            elif any(states.of(layer).value is not value for layer in parts_of(owner)):
                found.ineffective.append((owner, event))
            known = isinstance(value, (bool, int)) and not step.partly
            states.assign(owner, bool(value) if known else event, step.each or step.partly)
        elif event.name in _COMPILING:
            compiled[id(owner)] = states.copy()
            settled[id(owner)] = []
        elif event.name in TRAINING and id(owner) in compiled:
            earlier = settled[id(owner)]
            if any(_same_batches(one, event) for one in earlier):
                found.trainings.append(Training(owner, event))
                continue
            training = _training(owner, event, compiled[id(owner)], states, bool(earlier))
            found.trainings.append(training)
            if training.before == ():
                earlier.append(event)
    for training in found.trainings:
        for node in (*training.event.callers, training.event.node):
            found.within.setdefault(node, []).append(training)
    return found


def parts_of(model: Instance) -> list[Instance]:
    """A model and all layers inside, those that stand for any layer of a model included."""
    found = layers_of(model)
    return [
        *found,
        *(layer for item in found if isinstance(layer := item.attributes.get("<layer>"), Instance)),
    ]


def _steps(program: Program) -> Iterator[_Step]:
    for module in program:
        for item in module.instances:
            yield from (_Step(item, event) for event in item.events)
            layer = item.attributes.get("<layer>")
            if not isinstance(layer, Instance):
                continue
            yield from (_Step(item, event, True, _is_conditional(event)) for event in layer.events)
            parts = layer.attributes.get("<parts>")
            for part in parts.items if isinstance(parts, Seq) else ():
                if isinstance(part, Instance):
                    yield from (_Step(item, event, partly=True) for event in part.events)


def _is_conditional(event: Event) -> bool:
    """Whether a loop over layers treats only some of them so."""
    for outer in event.module.ancestors(event.node):
        if isinstance(outer, (ast.For, ast.FunctionDef)):
            return False
        if isinstance(outer, (ast.If, ast.Try)):
            return True
    return False


def _training(model: Instance, event: Event, compiled: _States, now: _States, again: bool) -> Training:
    before = _assignments(parts_of(model), now, compiled, model)
    if not before:
        return Training(model, event, before, (), again)
    then = now.copy()
    for one in before:
        then.assign(one.target, one.value, one.each)
    touched = {id(layer): layer for one in before for layer in parts_of(one.target)}
    after = _assignments([*touched.values()], then, now)
    if after is None:
        return Training(model, event, None, (), again)
    return Training(model, event, before, after, again)


def _assignments(
    layers: list[Instance], now: _States, goal: _States, model: Instance | None = None
) -> tuple[Assignment, ...] | None:
    """What to assign so that these layers come from one state to another: to few objects, those of the program's own.

    At first the objects that were assigned to last; then, inside of them, those that were before.
    """
    states = now.copy()
    found: list[Assignment] = []
    for round_ in range(_ROUNDS):
        different = [layer for layer in layers if states.of(layer).value is not goal.of(layer).value]
        if not different:
            return tuple(found)
        targets: dict[int, tuple[Instance, list[Instance]]] = {}
        for layer in different:
            cause = (goal if round_ else states).of(layer).cause or layer
            if model is not None and model in different and model in layers_of(cause):
                cause = model
            targets.setdefault(id(cause), (cause, []))[1].append(layer)
        for target in _outermost([target for target, _ in targets.values()]):
            value = _value_for(target, targets[id(target)][1], goal)
            if value is None:
                return None
            # A model that has the value itself takes no notice of it in Keras 3: its layers have to be told.
            one = Assignment(target, value, states.of(target).value is goal.of(target).value)
            states.assign(one.target, one.value, one.each)
            found.append(one)
    return None


def _value_for(target: Instance, layers: list[Instance], goal: _States) -> bool | None:
    """What has to be assigned to an object for the sake of these layers."""
    values = {goal.of(layer).value for layer in layers}
    value = values.pop() if len(values) == 1 else goal.of(target).value
    return value if isinstance(value, bool) else None


def _outermost(objects: list[Instance]) -> list[Instance]:
    """The objects without those that are part of another one of them."""
    inner = {id(part) for item in objects for part in parts_of(item)[1:]}
    return [item for item in objects if id(item) not in inner]


def _same_batches(first: Event, second: Event) -> bool:
    """Whether two trainings of a model surely have batches of one size: then Keras 3 does not look again."""
    if first.node is second.node:
        return True
    if first.name != second.name or first.module is not second.module:
        return False
    if first.name == "train_on_batch":
        blocks = [event.module.body_of(event.module.statement(event.node)) for event in (first, second)]
        return blocks[0] is blocks[1]
    return _batch_size(first) == _batch_size(second)


def _batch_size(event: Event) -> str:
    """How the size of the batches of a `fit` is written."""
    if not isinstance(event.node, ast.Call) or event.name != "fit":
        return ""
    given = [keyword.value for keyword in event.node.keywords if keyword.arg == "batch_size"]
    given += event.node.args[2:3]
    return ast.dump(given[0]) if given else ""


def by_call(found: Iterable[Training], level: int = 0) -> list[list[Training]]:
    """The trainings, those of one call together: it may train several models, and some of them several times.

    With `level` 1 it is the call of the function in which they stand, if there is one.
    """
    groups: dict[int, list[Training]] = {}
    for training in found:
        node = call_at(training, level)
        if node is not None:
            groups.setdefault(id(node), []).append(training)
    return list(groups.values())


def call_at(training: Training, level: int) -> ast.AST | None:
    """The call that trains, or (`level` 1) the one of the function in which that stands."""
    chain = [*training.event.callers, training.event.node]
    return chain[-1 - level] if level < len(chain) else None
