"""Models and their life: which layers they have, and which of these are frozen when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import (
    Event,
    Instance,
    Mapping,
    Seq,
    Tensor,
    Value,
    constant,
    options,
)
from keras_upgrade.knowledge.kinds import Kind, kind_of

_LAYERS = (Kind.LAYER, Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)
TRAINING = frozenset({"fit", "fit_generator", "train_on_batch"})


def is_layer(value: Value) -> bool:
    """Whether a value is a layer or a model."""
    return isinstance(value, Instance) and value.api is not None and kind_of(value.api.path) in _LAYERS


def layers_of(model: Instance, seen: set[int] | None = None) -> list[Instance]:
    """A model (or layer) and everything that it is made of, sub-models' layers included."""
    visited = seen if seen is not None else set()
    if id(model) in visited:
        return []
    visited.add(id(model))
    found = [model]
    parts: list[Value] = [*model.children]
    for name, value in model.attributes.items():
        parts += _makers(value, set()) if name in ("inputs", "outputs") else _held(value)
    for part in parts:
        for option in options(part):
            if isinstance(option, Instance) and is_layer(option):
                found += layers_of(option, visited)
    return found


def _held(value: Value) -> list[Value]:
    """The values that an attribute holds, in lists and dicts too."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Seq):
            found += option.items
        elif isinstance(option, Mapping):
            found += option.items.values()
        else:
            found.append(option)
    return found


def _makers(value: Value, seen: set[int]) -> list[Value]:
    """The layers on the way from the inputs to a tensor."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Seq):
            for item in option.items:
                found += _makers(item, seen)
        elif isinstance(option, Tensor) and id(option) not in seen:
            seen.add(id(option))
            if isinstance(option.maker, Instance):
                found.append(option.maker)
            for parent in option.parents:
                found += _makers(parent, seen)
    return found


@dataclass(frozen=True)
class Flipped:
    """A training call of a model some of whose layers are not as trainable as they were at `compile`.

    Attributes:
        model: the model that is trained.
        training: the call that trains it.
        was: whether these layers were trainable at `compile`; now it is the other way round.
        objects: the objects to which `trainable` was assigned since.
    """

    model: Instance
    training: Event
    was: bool
    objects: tuple[Instance, ...]


def flipped_trainings(program: Program) -> list[Flipped]:
    """The training calls that train other layers in Keras 3 than in Keras 2, which looked at `trainable` in `compile`.

    Follows the program's events in the order in which it runs. What a model trains is settled by its first training
    in either version, so that later flips are of no account.
    """
    flags: dict[int, tuple[bool, Instance | None]] = {}
    compiled: dict[int, dict[int, bool]] = {}
    settled: set[int] = set()
    found: list[Flipped] = []
    for owner, event in sorted(_events(program), key=lambda pair: pair[1].order):
        if event.name == "trainable=":
            target = owner.owner or owner
            value = constant(event.arguments.positional[0])
            if isinstance(value, bool):
                for layer in layers_of(target):
                    flags[id(layer)] = (value, target)
        elif event.name == "compile":
            compiled[id(owner)] = {
                id(layer): flags.get(id(layer), (True, None))[0] for layer in layers_of(owner)
            }
            settled.discard(id(owner))
        elif event.name in TRAINING and id(owner) in compiled and id(owner) not in settled:
            flips = _flips(compiled[id(owner)], flags)
            found += [Flipped(owner, event, was, objects) for was, objects in flips.items()]
            if not flips:
                settled.add(id(owner))
    return found


def _flips(
    compiled: dict[int, bool], flags: dict[int, tuple[bool, Instance | None]]
) -> dict[bool, tuple[Instance, ...]]:
    """The objects whose assignments changed layers since the compile, by what the layers were then."""
    found: dict[bool, dict[int, Instance]] = {}
    for layer, was in compiled.items():
        now, cause = flags.get(layer, (True, None))
        if now is not was and cause is not None:
            found.setdefault(was, {})[id(cause)] = cause
    return {was: _outermost(list(objects.values())) for was, objects in found.items()}


def _outermost(objects: list[Instance]) -> tuple[Instance, ...]:
    """The objects without those that are part of another one of them."""
    inner = {id(part) for item in objects for part in layers_of(item)[1:]}
    return tuple(item for item in objects if id(item) not in inner)


def _events(program: Program) -> Iterable[tuple[Instance, Event]]:
    for module in program:
        for item in module.instances:
            layer = item.attributes.get("<layer>")
            for owner in (item, layer) if isinstance(layer, Instance) else (item,):
                for event in owner.events:
                    yield owner, event
