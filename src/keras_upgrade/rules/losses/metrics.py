"""The user's functions that models have as metrics, in `compile(metrics=[...])`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import (
    Function,
    Instance,
    Mapping,
    Seq,
    Tensor,
    Value,
    constant,
    options,
)
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.walking import walk


@dataclass(slots=True)
class MetricFunction:
    """A function among the metrics of a model.

    Attributes:
        function: the function; it takes the labels and the predictions.
        may_have_one_unit: whether a model that has it may end in one number for each sample, so that its labels
            may come without an axis for it.
    """

    function: Function
    may_have_one_unit: bool


def metric_functions(program: Program) -> list[MetricFunction]:
    """Every such function of a program once, with those to which it hands its labels and predictions."""
    return program.once("metric functions", lambda: list(_collect(program).values()))


def _collect(program: Program) -> dict[int, MetricFunction]:
    found: dict[int, MetricFunction] = {}
    for function, one_unit in _compiled(program):
        _add(found, function, one_unit)
    return found


def _add(found: dict[int, MetricFunction], function: Function, one_unit: bool) -> None:
    known = found.get(id(function.node))
    if known is not None and (known.may_have_one_unit or not one_unit):
        return
    if known is None and len((*function.node.args.posonlyargs, *function.node.args.args)) < 2:
        return
    found[id(function.node)] = MetricFunction(function, one_unit)
    for called in _handed_on(function):
        _add(found, called, one_unit)


def _handed_on(function: Function) -> Iterator[Function]:
    """The user's functions that are called with the labels and the predictions, in this order."""
    names = [argument.arg for argument in (*function.node.args.posonlyargs, *function.node.args.args)[:2]]
    for call in walk(function.node):
        if isinstance(call, ast.Call) and [getattr(item, "id", None) for item in call.args[:2]] == names:
            yield from _functions(function.module.value(call.func))


def _compiled(program: Program) -> Iterator[tuple[Function, bool]]:
    for module in program:
        for item in module.instances:
            for event in item.events:
                if event.name != "compile":
                    continue
                metrics = event.arguments.get(2, "metrics")
                for function in _functions(metrics):
                    yield function, _may_have_one_unit(item)


def _functions(value: Value | None, depth: int = 3) -> Iterator[Function]:
    """The user's functions in a value, in lists and dicts too; not methods, which get `self` first."""
    for option in options(value) if value is not None else ():
        if isinstance(option, Function) and option.owner is None:
            yield option
        elif isinstance(option, Seq) and depth:
            for item in (*option.items, option.rest):
                yield from _functions(item, depth - 1)
        elif isinstance(option, Mapping) and depth:
            for item in (*option.items.values(), option.rest):
                yield from _functions(item, depth - 1)


_PASS_ON = frozenset({"Activation", "Dropout", "Softmax", "BatchNormalization", "LeakyReLU"})
"""Layers that leave the number of units as it is."""


def _may_have_one_unit(model: Instance) -> bool:
    """Whether the last layer that has units may have a single one, and no other axes but the samples'."""
    if model.children:
        return _ends_in_one_unit(list(reversed(model.children)))
    outputs = model.attributes.get("outputs") or model.arguments.get(1, "outputs", "output")
    found = [item for option in options(outputs) for item in _tensors(option)] if outputs is not None else []
    return not found or any(_ends_in_one_unit(_makers(tensor)) for tensor in found)


def _tensors(value: Value) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Seq):
        for item in value.items:
            for option in options(item):
                yield from _tensors(option)


def _makers(tensor: Tensor) -> list[Value]:
    """The layers that made a tensor, the last one first, as long as each has one input."""
    found: list[Value] = []
    current: Tensor | None = tensor
    while current is not None and current.maker is not None and len(found) < 10:
        found.append(current.maker)
        above = current.parents[0] if len(current.parents) == 1 else None
        current = above if isinstance(above, Tensor) else None
    return found


def _ends_in_one_unit(layers: list[Value]) -> bool:
    for layer in layers:
        if not isinstance(layer, Instance) or layer.api is None or kind_of(layer.api.path) is not Kind.LAYER:
            return True
        if layer.api.name in _PASS_ON:
            continue
        if layer.api.name != "Dense":
            return not layer.api.name.startswith(("Conv", "UpSampling", "Reshape", "Cropping", "Embedding"))
        units = constant(layer.arguments.get(0, "units", "output_dim"))
        return units == 1 or not isinstance(units, int)
    return True
