"""What a program's variables hold, as plain values that travel between processes and compare across sides."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
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
