"""Weights that both sides share: equal initial values, and one name for each tensor.

Keras 2 and Keras 3 draw other numbers from the same seed, and order and name weights differently. So what an
initializer of the random family would draw is replaced by values that depend only on the shape of the weight and on
how many weights of that shape were drawn before, scaled as the initializer says. Constants, own functions and own
initializers of the program stay as they are: they are what the program sets explicitly.

A tensor is known by its shape and by its place among the model's tensors of that shape, in the order in which
they were made: `3x3x1x32#0`.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import math
import sys
import zlib
from dataclasses import dataclass
from typing import Any, Callable, Iterable, Sequence, Tuple

_LAYERS = {
    "keras3": ["keras.src.layers.layer"],
    "tf_keras": ["tf_keras.src.engine.base_layer", "tf_keras.src.engine.base_layer_v1"],
    "keras2": [
        "keras.src.engine.base_layer",
        "keras.src.engine.base_layer_v1",
        "keras.engine.base_layer",
        "keras.engine.base_layer_v1",
        "tensorflow.python.keras.engine.base_layer",
        "tensorflow.python.keras.engine.base_layer_v1",
        "tensorflow_core.python.keras.engine.base_layer",
        "tensorflow_core.python.keras.engine.base_layer_v1",
    ],
}
_INITIALIZERS = {"keras3": ["keras.src.initializers"], "tf_keras": ["tf_keras.src.initializers"]}
_INITIALIZERS["keras2"] = [
    "keras.src.initializers",
    "keras.initializers",
    "tensorflow.python.keras.initializers",
    "tensorflow_core.python.keras.initializers",
]
_LIBRARIES = {"keras", "tf_keras", "tensorflow", "tensorflow_core"}
_FAMILY = {
    "RandomNormal": "normal",
    "random_normal_initializer": "normal",
    "RandomUniform": "uniform",
    "random_uniform_initializer": "uniform",
    "TruncatedNormal": "truncated",
    "truncated_normal_initializer": "truncated",
    "VarianceScaling": "scaling",
    "variance_scaling_initializer": "scaling",
    "Orthogonal": "orthogonal",
    "orthogonal_initializer": "orthogonal",
}
# What is left of a normal distribution's deviation when it is cut at two deviations.
_TRUNCATED_DEVIATION = 0.87962566103423978
# More values than this (a prime, so that no row repeats) are not drawn one by one.
_BLOCK = 999983
_LARGEST_BASIS = 4_000_000

Shape = Tuple[int, ...]

_drawn: dict[Shape, int] = {}
_descriptions: dict[tuple[Shape, int], str] = {}
_made = 0


@dataclass
class Weight:
    """One tensor of a model.

    Attributes:
        key: its name on both sides, such as `3x3x1x32#0`.
        variable: the variable itself.
        moving: whether it is a statistic that the layer keeps, not something that an optimizer moves.
        name: its name on this side.
    """

    key: str
    variable: Any
    moving: bool
    name: str


def install(side: str) -> None:
    """Let the layers of a side draw the shared initial values; only once for each process."""
    for path in _LAYERS[side]:
        try:
            owner: Any = importlib.import_module(path).Layer
        except (ImportError, AttributeError):
            continue  # this version has it elsewhere
        original = vars(owner).get("add_weight")
        if original is not None and not getattr(original, "_is_shared", False):
            owner.add_weight = _sharing(original, _resolver(side, path))


def _resolver(side: str, layer_module: str) -> Callable[[Any], Any]:
    """The `initializers.get` that belongs to the layers of a module."""
    root = layer_module.partition(".engine.")[0].partition(".layers.")[0]
    for path in [f"{root}.initializers", *_INITIALIZERS[side]]:
        try:
            found: Callable[[Any], Any] = importlib.import_module(path).get
        except ImportError:
            continue
        return found
    raise ImportError(f"no initializers for {layer_module}")


def _sharing(original: Callable[..., Any], resolve: Callable[[Any], Any]) -> Callable[..., Any]:
    signature = inspect.signature(original)
    named = getattr(original, "named", None)

    @functools.wraps(original)
    def add_weight(self: Any, *args: Any, **kwargs: Any) -> Any:
        if named is not None:
            args, kwargs = named(args, kwargs)
        try:
            bound = signature.bind(self, *args, **kwargs)
        except TypeError:  # wrong arguments: Keras shall say so
            return original(self, *args, **kwargs)
        arguments = dict(list(bound.arguments.items())[1:])
        arguments.update(arguments.pop("kwargs", {}))
        _name_positional(arguments)
        shared = None if _is_metric(self) else _shared(self, arguments, resolve)
        if shared is None:
            variable = original(self, *args, **kwargs)
        else:
            arguments["initializer"] = shared
            variable = original(self, **arguments)
        _mark(variable, moving=arguments.get("trainable") is False)
        return variable

    add_weight._is_shared = True  # type: ignore[attr-defined]
    return add_weight


def _name_positional(arguments: dict[str, Any]) -> None:
    """Keras 3 takes shape, initializer and dtype by position, without naming them in the signature."""
    for name, value in zip(("shape", "initializer", "dtype"), arguments.pop("args", ())):
        arguments.setdefault(name, value)


def _is_metric(layer: Any) -> bool:
    return any(base.__name__ == "Metric" for base in type(layer).__mro__)


def _mark(variable: Any, *, moving: bool) -> None:
    global _made  # noqa: PLW0603 (one order for each process)
    _made += 1
    try:
        variable._made_as = (_made, moving)
    except AttributeError:  # a kind of variable that takes no attributes is put behind the others
        return


def _shared(layer: Any, arguments: dict[str, Any], resolve: Callable[[Any], Any]) -> Shared | None:
    """What to draw instead; None if the initializer is not of the random family or the weight not of numbers."""
    dtype = _dtype_name(arguments.get("dtype") or getattr(layer, "dtype", None))
    shape = arguments.get("shape")
    if shape is None or "float" not in dtype:
        return None
    try:
        sizes = tuple(int(size) for size in shape)
        initializer = arguments.get("initializer")
        resolved = resolve("glorot_uniform" if initializer is None else initializer)
    except (TypeError, ValueError):  # Keras shall say what is wrong
        return None
    distribution = _distribution(resolved, sizes)
    if distribution is None:
        return None
    rank = _drawn.get(sizes, 0)
    _drawn[sizes] = rank + 1
    return Shared(distribution, sizes, rank)


def _dtype_name(dtype: Any) -> str:
    if dtype is None:
        return "float32"
    name = getattr(dtype, "name", None) or getattr(dtype, "__name__", None)
    return str(name or dtype)


@dataclass(frozen=True)
class Distribution:
    """What an initializer of the random family draws from: a kind and its two parameters."""

    kind: str
    first: float
    second: float = 0.0

    def __str__(self) -> str:
        if self.kind == "orthogonal":
            return f"orthogonal({self.first:.5g})"
        return f"{self.kind}({self.first:.5g}, {self.second:.5g})"


def _distribution(initializer: Any, shape: Shape) -> Distribution | None:
    owner = type(initializer)
    if owner.__module__.split(".")[0] not in _LIBRARIES:
        return None  # one of the program's own
    family = next((_FAMILY[base.__name__] for base in owner.__mro__ if base.__name__ in _FAMILY), None)
    if family is None:
        return None
    try:
        return _parameters(family, initializer, shape)
    except (AttributeError, TypeError, ValueError):
        return None  # parameters that are tensors, say


def _parameters(family: str, initializer: Any, shape: Shape) -> Distribution | None:
    if family in ("normal", "truncated"):
        return Distribution(family, float(initializer.mean), float(initializer.stddev))
    if family == "uniform":
        low = initializer.minval
        high = initializer.maxval
        return Distribution(family, float(low), 1.0 if high is None else float(high))
    if family == "orthogonal":
        return Distribution(family, float(initializer.gain)) if len(shape) > 1 else None
    fan_in, fan_out = _fans(shape)
    fan = {"fan_in": fan_in, "fan_out": fan_out}.get(initializer.mode, (fan_in + fan_out) / 2.0)
    variance = float(initializer.scale) / max(1.0, fan)
    if initializer.distribution == "uniform":
        limit = math.sqrt(3.0 * variance)
        return Distribution("uniform", -limit, limit)
    if initializer.distribution == "untruncated_normal":
        return Distribution("normal", 0.0, math.sqrt(variance))
    return Distribution("truncated", 0.0, math.sqrt(variance) / _TRUNCATED_DEVIATION)


def _fans(shape: Shape) -> tuple[float, float]:
    if len(shape) < 2:
        size = float(shape[0]) if shape else 1.0
        return size, size
    field = 1
    for size_ in shape[:-2]:
        field *= size_
    return float(shape[-2] * field), float(shape[-1] * field)


class Shared:
    """An initializer that gives the same values on both sides."""

    def __init__(self, distribution: Distribution, shape: Shape, rank: int) -> None:
        self.distribution = distribution
        self.shape = shape
        self.rank = rank

    def __call__(self, shape: Any = None, dtype: Any = None, **kwargs: Any) -> Any:  # noqa: ARG002 (as Keras calls it)
        """The values as a tensor."""
        tf = sys.modules["tensorflow"]
        values = self.values()
        _descriptions[self.shape, digest(values)] = str(self.distribution)
        tensor = _tensor(tf, values)
        return tensor if dtype is None else tf.cast(tensor, dtype)

    def values(self) -> Any:
        """The values as an array."""
        np = importlib.import_module("numpy")

        size = 1
        for length in self.shape:
            size *= length
        draw = np.random.RandomState(zlib.crc32(repr((self.shape, self.rank)).encode()))
        if self.distribution.kind == "orthogonal" and size <= _LARGEST_BASIS:
            return _orthogonal(draw, self.shape, self.distribution.first)
        block = min(size, _BLOCK)
        return np.resize(_numbers(draw, self.distribution, block), self.shape).astype("float32")


def _numbers(draw: Any, distribution: Distribution, size: int) -> Any:
    np = importlib.import_module("numpy")

    first, second = distribution.first, distribution.second
    if distribution.kind == "uniform":
        return draw.uniform(min(first, second), max(first, second), size)
    numbers = draw.normal(size=size)
    if distribution.kind == "orthogonal":
        return numbers * first / math.sqrt(size)
    if distribution.kind == "truncated":
        numbers = np.where(np.abs(numbers) > 2, draw.uniform(-1, 1, size), numbers)
    return first + second * numbers


def _orthogonal(draw: Any, shape: Shape, gain: float) -> Any:
    np = importlib.import_module("numpy")

    rows = 1
    for length in shape[:-1]:
        rows *= length
    tall = (max(rows, shape[-1]), min(rows, shape[-1]))
    basis, triangle = np.linalg.qr(draw.normal(size=tall))
    basis = basis * np.sign(np.diag(triangle))
    return (gain * (basis.T if rows < shape[-1] else basis)).reshape(shape).astype("float32")


def _tensor(tf: Any, values: Any) -> Any:
    """A constant; in a graph, a large one is told by the block that it repeats, for a graph holds only 2 GB."""
    if values.size <= _BLOCK or tf.executing_eagerly():
        return tf.constant(values)
    times = -(-values.size // _BLOCK)
    return tf.reshape(tf.tile(tf.constant(values.ravel()[:_BLOCK]), [times])[: values.size], values.shape)


def digest(values: Any) -> int:
    """A checksum of an array."""
    return zlib.crc32(values.tobytes())


def description(values: Any) -> str:
    """What a tensor with these values was drawn from, if it still is as it was drawn; empty otherwise."""
    if values.dtype != "float32" or not _descriptions:
        return ""
    return _descriptions.get((tuple(values.shape), digest(values)), "")


def of_model(model: Any) -> list[Weight]:
    """The weights of a model in a fixed order, without the state of metrics, optimizers and seed generators."""
    try:
        variables = list(model.weights)
    except (AttributeError, ValueError):  # not built yet
        return []
    skipped = {id(variable) for variable in _of_metrics(model)}
    found: list[tuple[int, Weight]] = []
    for variable in variables:
        if id(variable) in skipped or "float" not in _dtype_name(getattr(variable, "dtype", None)):
            continue
        skipped.add(id(variable))  # a layer that stands in the model twice
        name = str(getattr(variable, "path", None) or getattr(variable, "name", "") or "")
        made, moving = getattr(variable, "_made_as", (0, False))
        found.append((made, Weight("", variable, moving or "moving_" in name, name)))
    if all(made for made, _ in found):
        found.sort(key=lambda pair: pair[0])
    ranks: dict[Shape, int] = {}
    for _, weight in found:
        shape = tuple(int(size) for size in weight.variable.shape)
        rank = ranks.get(shape, 0)
        ranks[shape] = rank + 1
        weight.key = "x".join(map(str, shape)) + f"#{rank}"
    return [weight for _, weight in found]


def _of_metrics(model: Any) -> list[Any]:
    """tf_keras counts the metrics that a model holds as attributes among its weights."""
    try:
        metrics = list(model.metrics or [])
    except (AttributeError, ValueError):
        return []
    return [
        variable
        for metric in metrics
        if not isinstance(metric, str)
        for variable in getattr(metric, "weights", [])
    ]


def values(variables: Sequence[Any]) -> list[Any]:
    """What variables hold now, as arrays; works eagerly and in a graph."""
    np = importlib.import_module("numpy")

    if not variables:
        return []
    backend = _graph_backend(variables)
    if backend is None:
        return [np.array(_eager(variable)) for variable in variables]
    return [np.array(value) for value in backend.batch_get_value(list(variables))]


def assign(pairs: Iterable[tuple[Any, Any]]) -> None:
    """Set variables to values; works eagerly and in a graph."""
    pairs = list(pairs)
    backend = _graph_backend([variable for variable, _ in pairs])
    if backend is None:
        for variable, value in pairs:
            variable.assign(value)
    elif pairs:
        backend.batch_set_value(pairs)


def _eager(variable: Any) -> Any:
    return variable.numpy() if hasattr(variable, "numpy") else variable


def _graph_backend(variables: Sequence[Any]) -> Any:
    """The Keras backend whose session holds the variables; None if they can be read without one."""
    tf = sys.modules["tensorflow"]
    # Keras 3's variables wrap TensorFlow's and exist only eagerly.
    if not variables or tf.executing_eagerly() or not isinstance(variables[0], tf.Variable):
        return None
    keras = sys.modules.get("keras") or tf.keras
    return keras.backend if hasattr(keras.backend, "batch_get_value") else tf.keras.backend
