"""What a model takes and gives, what it is compiled with, and the names of its results."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import (
    Api,
    Arguments,
    Class,
    Const,
    Event,
    Function,
    Instance,
    Mapping,
    Method,
    Seq,
    Tensor,
    Value,
    constant,
    options,
)
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass

MODELS = (Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)
DATA_METHODS = frozenset(
    {"fit", "fit_generator", "evaluate", "evaluate_generator", "train_on_batch", "test_on_batch"}
)
"""Methods that show targets to a model, after which it knows the names of its results."""

_SHORT = frozenset({"mae", "mse", "mape", "msle", "kld", "acc", "bce", "cosine"})
"""Functions that are called by another name than their own."""


def is_model(value: Value) -> bool:
    """Whether a value is a model of Keras, or of a class that derives from it."""
    return isinstance(value, Instance) and value.api is not None and kind_of(value.api.path) in MODELS


def is_callback(value: Value) -> bool:
    """Whether a value is a callback."""
    return isinstance(value, Instance) and value.api is not None and kind_of(value.api.path) is Kind.CALLBACK


def is_callback_class(cls: Class) -> bool:
    """Whether the objects of a user's class are callbacks."""
    return any(isinstance(base, Api) and kind_of(base.path) is Kind.CALLBACK for base in cls.ancestors())


def has_own(model: Instance, *names: str) -> bool:
    """Whether the user's class of the model defines one of these members."""
    return isinstance(model.cls, Class) and any(model.cls.lookup(name) is not None for name in names)


def outputs_of(model: Instance) -> tuple[str | None, ...] | None:
    """The names of a model's outputs, None for one that Keras names itself; None if it is not known which there are."""
    if model.api is None:
        return None
    kind = kind_of(model.api.path)
    if kind is Kind.APPLICATION:
        return (None,)
    if kind is Kind.SEQUENTIAL:
        return (_layer_name(model.children[-1]) if model.children else None,)
    tensors = _ends(model.attributes.get("outputs"))
    if tensors is None:
        return None
    makers = [tensor.maker for tensor in tensors]
    names = [_layer_name(maker) for maker in makers]
    return tuple(None if names.count(name) > 1 else name for name in names)


def input_count(model: Instance) -> int | None:
    """The number of a model's inputs."""
    if model.api is None:
        return None
    if kind_of(model.api.path) in (Kind.APPLICATION, Kind.SEQUENTIAL):
        return 1
    tensors = _ends(model.attributes.get("inputs"))
    return None if tensors is None else len(tensors)


def gives_list(model: Instance) -> bool:
    """Whether the outputs of a functional model are written as a list, of one perhaps."""
    value = model.attributes.get("outputs")
    return value is not None and any(isinstance(option, Seq) for option in options(value))


def _ends(value: Value | None) -> list[Tensor] | None:
    """The tensors at one end of a functional model."""
    if isinstance(value, Tensor):
        return [value]
    if not isinstance(value, Seq) or value.rest is not None or not value.items:
        return None
    tensors = [item for item in value.items if isinstance(item, Tensor)]
    return tensors if len(tensors) == len(value.items) else None


def _layer_name(layer: Value | None) -> str | None:
    """The name that a layer is given where it is made."""
    if not isinstance(layer, Instance) or layer.api is None:
        return None
    if kind_of(layer.api.path) not in (*MODELS, Kind.LAYER):
        return None
    name = constant(layer.arguments.keywords.get("name"))
    return name if isinstance(name, str) and _passes_name_on(layer) else None


def _passes_name_on(layer: Instance) -> bool:
    """Whether `name=` reaches the constructor of Keras."""
    if not isinstance(layer.cls, Class):
        return True
    constructor = layer.cls.lookup("__init__")
    return not isinstance(constructor, Function) or constructor.node.args.kwarg is not None


@dataclass(frozen=True)
class Compilation:
    """One `compile` of a model.

    Attributes:
        outputs: the names of the model's outputs, as of `outputs_of`; if the model does not tell, one for each loss.
        arguments: the arguments of `compile`.
        by_losses: whether the outputs are known by the losses only, of which Keras 2 wanted one for each.
    """

    outputs: tuple[str | None, ...] | None
    arguments: Arguments
    by_losses: bool = False

    def argument(self, index: int, name: str) -> Value | None:
        """An argument; None if it is not given, or given as `None`."""
        value = self.arguments.get(index, name)
        return None if isinstance(value, Const) and value.value is None else value

    @property
    def loss(self) -> Value | None:
        """The argument `loss`."""
        return self.argument(1, "loss")

    @property
    def metrics(self) -> Value | None:
        """The argument `metrics`."""
        return self.argument(2, "metrics")

    @property
    def weighted_metrics(self) -> Value | None:
        """The argument `weighted_metrics`."""
        return self.argument(-1, "weighted_metrics")

    @property
    def has_metrics(self) -> bool:
        """Whether Keras 3 makes an object for metrics: a list is given, be it empty."""
        return self.metrics is not None or self.weighted_metrics is not None


def compilation(model: Instance, event: Event) -> Compilation:
    """What a `compile` event says."""
    outputs = outputs_of(model)
    losses = event.arguments.get(1, "loss")
    if outputs is None and isinstance(losses, Seq) and losses.rest is None and len(losses.items) > 1:
        return Compilation((None,) * len(losses.items), event.arguments, by_losses=True)
    return Compilation(outputs, event.arguments)


def compiled_before(model: Instance, event: Event) -> Event | None:
    """The last `compile` of the model before another step of its life."""
    earlier = [e for e in model.events if e.name == "compile" and e.order < event.order]
    return max(earlier, key=lambda e: e.order, default=None)


def saw_data(model: Instance, event: Event) -> bool:
    """Whether the model was trained or evaluated before a step of its life, and not compiled since."""
    compiled = compiled_before(model, event)
    start = compiled.order if compiled is not None else 0
    return any(e.name in DATA_METHODS and start < e.order < event.order for e in model.events)


@dataclass(frozen=True)
class Results:
    """The names of what `evaluate` and `train_on_batch` return, in order.

    Attributes:
        keras2: as Keras 2 returned them.
        keras3: as Keras 3 does: of several outputs, the metrics in alphabetic order; a loss of each output only if
            there are several.
    """

    keras2: tuple[str, ...]
    keras3: tuple[str, ...]


def results(compiled: Compilation) -> Results | None:
    """The names of a model's results; None unless all are known."""
    if compiled.outputs is None or not compiled.arguments.complete or compiled.weighted_metrics is not None:
        return None
    if len(compiled.outputs) == 1:
        names = _metric_names(_only_item(compiled.metrics))
        known = None if names is None else ("loss", *names)
        return None if known is None else Results(known, known)
    outputs = [name for name in compiled.outputs if name is not None]
    per_output = metrics_of_each(compiled)
    active = _with_loss(compiled.loss, outputs)
    if len(outputs) < len(compiled.outputs) or per_output is None or active is None:
        return None
    metrics = [
        f"{output}_{name}" for output, names in zip(outputs, per_output, strict=True) for name in names
    ]
    losses = [f"{name}_loss" for name in active]
    shown = losses if len(losses) > 1 else []
    return Results(("loss", *losses, *metrics), ("loss", *shown, *sorted(metrics)))


def _only_item(metrics: Value | None) -> Value | None:
    """The metrics of a single output, given in whatever form."""
    if isinstance(metrics, Mapping) and len(metrics.items) == 1 and metrics.rest is None:
        return next(iter(metrics.items.values()))
    if isinstance(metrics, Seq) and len(metrics.items) == 1 and isinstance(metrics.items[0], Seq):
        return metrics.items[0]
    return metrics


def metrics_of_each(compiled: Compilation) -> list[list[str]] | None:
    """The names of the metrics of each output, without the output's name; None unless all are known."""
    metrics, outputs = compiled.metrics, compiled.outputs or ()
    if metrics is None:
        return [[] for _ in outputs]
    found: list[list[str] | None]
    if isinstance(metrics, Mapping) and metrics.rest is None:
        found = [_metric_names(metrics.items.get(name)) for name in outputs]
    elif isinstance(metrics, Seq) and metrics.rest is None:
        nested = any(isinstance(item, Seq) for item in metrics.items)
        if nested is not (len(metrics.items) == len(outputs)):
            return None  # flat and as long as the outputs: all for each in Keras 2, one for each in Keras 3
        found = [_metric_names(metrics.items[i] if nested else metrics) for i in range(len(outputs))]
    else:
        return None
    known = [names for names in found if names is not None]
    return known if len(known) == len(found) else None


def _metric_names(value: Value | None) -> list[str] | None:
    """The names of one metric or of a list of them."""
    if value is None or (isinstance(value, Const) and value.value is None):
        return []
    if isinstance(value, Seq):
        names = [metric_name(item) for item in value.items]
        known = [name for name in names if name is not None]
        unique = len(known) == len(names) == len(set(names)) and value.rest is None
        return known if unique else None
    name = metric_name(value)
    return None if name is None else [name]


def metric_name(value: Value) -> str | None:
    """The name under which a metric is reported, by Keras from 2.3 on."""
    if isinstance(value, Const):
        return value.value if isinstance(value.value, str) else None
    if isinstance(value, Api):
        return value.name if value.name[:1].islower() and value.name not in _SHORT else None
    if isinstance(value, Function):
        return None if isinstance(value.node, ast.Lambda) else value.name
    if isinstance(value, Instance) and isinstance(value.cls, Api):
        name = constant(value.arguments.keywords.get("name"))
        return name if isinstance(name, str) else None
    return None


def _with_loss(loss: Value | None, outputs: list[str]) -> list[str] | None:
    """The outputs that have a loss."""
    if isinstance(loss, Mapping) and loss.rest is None:
        return [name for name in outputs if not _is_none(loss.items.get(name))]
    if isinstance(loss, Seq):
        if loss.rest is not None or len(loss.items) != len(outputs):
            return None
        return [name for name, item in zip(outputs, loss.items, strict=True) if not _is_none(item)]
    return list(outputs) if isinstance(loss, (Const, Api, Function, Instance)) else None


def _is_none(value: Value | None) -> bool:
    return value is None or (isinstance(value, Const) and value.value is None)


def trained_with(program: Program, callback: Instance) -> list[tuple[Instance, Event]]:
    """The trainings that have a callback in their list."""
    return [
        (model, event)
        for module in program
        for model in module.instances
        for event in model.events
        if event.name in ("fit", "fit_generator") and callback in _callbacks(event)
    ]


def _callbacks(event: Event) -> list[Value]:
    index = 4 if event.name == "fit_generator" else 5
    return list(items_of(event.arguments.get(index, "callbacks")))


def items_of(value: Value | None) -> Iterator[Value]:
    """What a value is, or what the list that it is holds."""
    for option in options(value) if value is not None else ():
        if isinstance(option, Seq):
            for item in (*option.items, option.rest):
                yield from options(item) if item is not None else ()
        else:
            yield option


def callback_of(value: Value) -> Instance | None:
    """The callback whose attribute `model` a value is."""
    if isinstance(value, Method) and value.name == "model" and isinstance(value.owner, Instance):
        return value.owner if is_callback(value.owner) else None
    return None
