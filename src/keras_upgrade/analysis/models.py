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
class Frozen:
    """A training call of a model some of whose layers were trainable at `compile`, and are not any more.

    Attributes:
        model: the model that is trained.
        training: the call that trains it.
        freezing: the assignments that froze the layers since the compile.
        frozen: the objects that these assignments were made to.
    """

    model: Instance
    training: Event
    freezing: tuple[Event, ...]
    frozen: tuple[Instance, ...]


def frozen_trainings(program: Program) -> list[Frozen]:
    """The training calls that train less in Keras 3 than in Keras 2, which looked at `trainable` in `compile`.

    Follows the program's events in the order in which it runs.
    """
    events = sorted(_events(program), key=lambda pair: pair[1].order)
    flags: dict[int, tuple[bool, Event | None, Instance | None]] = {}
    compiled: dict[int, frozenset[int]] = {}
    found: list[Frozen] = []
    parts: dict[int, list[Instance]] = {}
    for owner, event in events:
        if event.name == "trainable=":
            target = owner.owner or owner
            value = constant(event.arguments.positional[0])
            if isinstance(value, bool):
                for layer in layers_of(target):
                    flags[id(layer)] = (value, event, target)
        elif event.name == "compile":
            parts[id(owner)] = layers_of(owner)
            compiled[id(owner)] = frozenset(
                id(layer) for layer in parts[id(owner)] if flags.get(id(layer), (True, None, None))[0]
            )
        elif event.name in TRAINING and id(owner) in compiled:
            now_frozen = [
                flags[id(x)] for x in parts[id(owner)] if id(x) in compiled[id(owner)] and id(x) in flags
            ]
            causes = [
                (why, who)
                for is_on, why, who in now_frozen
                if not is_on and why is not None and who is not None
            ]
            if causes:
                freezing = tuple(dict.fromkeys(why for why, _ in causes))
                frozen = tuple({id(who): who for _, who in causes}.values())
                found.append(Frozen(owner, event, freezing, frozen))
    return found


def _events(program: Program) -> Iterable[tuple[Instance, Event]]:
    for module in program:
        for item in module.instances:
            layer = item.attributes.get("<layer>")
            for owner in (item, layer) if isinstance(layer, Instance) else (item,):
                for event in owner.events:
                    yield owner, event
