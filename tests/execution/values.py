"""What a program's variables hold, as plain values that travel between processes and compare across sides.

The harness has this module loaded in the process of each program, before and without the rest of the tests.
"""

import builtins
import pickle
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Symbolic:
    """A tensor without numbers: an input or output of a model."""

    shape: tuple[int | None, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """An object with no plain value: a model, a function."""

    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Captured:
    """Values by expression, or why there are none."""

    values: dict[str, Any] = field(default_factory=dict)
    error_type: str | None = None
    error: str | None = None


def install() -> None:
    """Make the programs' helper a builtin."""
    vars(builtins)["set_weights_deterministically"] = set_weights_deterministically


def capture(expressions: Sequence[str], namespace: dict[str, Any], file: str) -> None:
    """Evaluate expressions in a program's namespace, and pickle what they give into a file."""
    captured = _captured(expressions, namespace)
    try:
        data = pickle.dumps(captured)
    except Exception as error:  # a value that cannot be pickled
        data = pickle.dumps(Captured({}, type(error).__name__, f"capture: {error}"))
    Path(file).write_bytes(data)


def _captured(expressions: Sequence[str], namespace: dict[str, Any]) -> Captured:
    found = {}
    for expression in expressions:
        try:
            found[expression] = to_plain(eval(expression, namespace))
        except Exception as error:
            return Captured({}, type(error).__name__, f"capture of {expression}: {error}")
    return Captured(found)


def set_weights_deterministically(model: Any) -> None:
    """Give each weight values that depend only on its shape and on its rank among those of equal shape.

    The same architecture thus has the same weights on both sides, also where other weights stand in between.
    Vectors are positive, since some are variances.
    """
    numpy = sys.modules["numpy"]
    seen: dict[tuple[int, ...], int] = {}
    values = []
    for old in model.get_weights():
        shape = tuple(old.shape)
        seen[shape] = seen.get(shape, 0) + 1
        draw = numpy.random.RandomState(zlib.crc32(repr((shape, seen[shape])).encode()))
        low, high = (0.05, 0.15) if len(shape) < 2 else (-0.1, 0.1)
        values.append(draw.uniform(low, high, size=shape).astype(old.dtype))
    model.set_weights(values)


def to_plain(value: Any) -> Any:
    """Tensors and variables become NumPy arrays, shapes tuples; containers are converted inside."""
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        return value
    if isinstance(value, Mapping):
        return {to_plain(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, tuple | set | frozenset | range):
        return tuple(to_plain(item) for item in value)
    return _array(value)


def _array(value: Any) -> Any:
    """Numbers of NumPy, TensorFlow and Keras."""
    numpy, tf = sys.modules["numpy"], sys.modules["tensorflow"]
    if isinstance(value, numpy.generic | numpy.ndarray):
        return value if value.dtype != object else to_plain(value.tolist())
    if isinstance(value, tf.TensorShape):
        return tuple(value.as_list()) if value.rank is not None else None
    if isinstance(value, tf.dtypes.DType):
        return value.name
    if isinstance(value, tf.RaggedTensor):
        return value.to_list()
    if isinstance(value, tf.SparseTensor):
        return _tensor(tf.sparse.to_dense(value))
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return _tensor(value)
    return Opaque(type(value).__name__, repr(value))


def _tensor(value: Any) -> Any:
    """The numbers of a tensor or variable; of a graph tensor, what it evaluates to if it needs no input."""
    tf = sys.modules["tensorflow"]
    if hasattr(value, "numpy") and tf.executing_eagerly():
        return value.numpy()
    if isinstance(value, tf.Tensor | tf.Variable):
        try:
            return sys.modules["tf_keras"].backend.get_value(value)
        except tf.errors.InvalidArgumentError:  # it needs a placeholder to be fed
            pass
    return Symbolic(tuple(value.shape), getattr(value.dtype, "name", str(value.dtype)))
