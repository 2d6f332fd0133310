"""Which layers models are made of."""

from __future__ import annotations

from keras_upgrade.analysis.values import Instance, Mapping, Seq, Tensor, Value, options
from keras_upgrade.knowledge.kinds import Kind, kind_of

_LAYERS = (Kind.LAYER, Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)


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
