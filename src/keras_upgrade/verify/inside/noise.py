"""The same noise on both sides, whatever the seeds.

What layers and programs draw at random (dropout, noise layers, `K.random_normal`, `tf.random.*`) comes from
TensorFlow's stateless generator with one fixed seed: a draw depends only on its shape, so neither the order of the draws
nor the version of TensorFlow matters (the stateless generator gives the same bits since 1.15).
Draws are counted, so that a recorded call can say that it had noise.
"""

from __future__ import annotations

import importlib
import itertools
import random
import sys
from types import ModuleType
from typing import Any, Callable

SEED = (20, 15)

_ROOTS = {"tensorflow", "tensorflow_core", "keras", "tf_keras"}
_TENSORFLOW = ["tensorflow.python.ops", "tensorflow_core.python.ops"]
_BACKENDS = [
    "tf_keras.src.backend",
    "keras.src.backend",
    "keras.src.legacy.backend",
    "keras.backend.tensorflow_backend",
    "keras.backend",
    "tensorflow.python.keras.backend",
    "tensorflow_core.python.keras.backend",
]
# Where Keras takes seeds from Python's generator, which belongs to the program.
_SEEDED = [("keras.src.random.seed_generator", "python_random"), ("tf_keras.src.backend", "random")]
_SEEDED += [("keras.src.backend", "random"), ("tensorflow.python.keras.backend", "random")]

_draws = 0
_unmatched = 0
_installed = False


def draws() -> int:
    """How many draws were made (in a graph: built) so far."""
    return _draws


def unmatched() -> int:
    """How many of the draws so far could not be made equal on both sides."""
    return _unmatched


def install(side: str) -> None:
    """Make all draws of a side fixed; only once for each process."""
    global _installed  # noqa: PLW0603 (one patch for each process)
    if _installed:
        return
    _installed = True
    _replace(_replacements())
    if side == "keras3":
        module = importlib.import_module("keras.src.backend.tensorflow.random")
        for name, function in _KERAS3.items():
            setattr(module, name, function)
    else:
        _fix_generators()
    for path, name in _SEEDED:
        module_ = sys.modules.get(path)
        if getattr(module_, name, None) is random:
            setattr(module_, name, _OwnRandom(0))
    for path in _BACKENDS:
        backend: Any = sys.modules.get(path)
        if isinstance(getattr(backend, "np", None), ModuleType):
            backend.np = _OwnNumpy()
    _fix_datasets()
    _fix_numpy()


class _OwnRandom(random.Random):
    """A generator in place of the module `random`, so that Keras takes nothing from the program's."""

    Random = random.Random


class _OwnNumpy(ModuleType):
    """NumPy with a generator of its own, from which Keras takes seeds, and even parts of names."""

    def __init__(self) -> None:
        super().__init__("numpy")
        self._numpy = importlib.import_module("numpy")
        self.random = self._numpy.random.RandomState(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._numpy, name)


def _replacements() -> dict[int, tuple[Any, Callable[..., Any]]]:
    """By the identity of a function: the function, and what takes its place."""
    table: dict[int, tuple[Any, Callable[..., Any]]] = {}

    def add(path: str, functions: dict[str, Callable[..., Any]]) -> None:
        module = sys.modules.get(path)
        for name, function in functions.items():
            original = vars(module).get(name) if module is not None else None
            if callable(original):
                table[id(original)] = (original, function)

    for package in _TENSORFLOW:
        add(f"{package}.random_ops", _OPS)
        add(f"{package}.nn_ops", {"dropout_v2": _dropout_v2})
        counted = {
            name: _counted(package, name) for name in ("random_gamma", "random_poisson", "random_poisson_v2")
        }
        add(f"{package}.random_ops", counted)
    for path in _BACKENDS:
        add(path, _BACKEND)
    return table


def _counted(package: str, name: str) -> Callable[..., Any]:
    """A draw that cannot be fixed: it is made as it is, and counted."""
    original = getattr(sys.modules.get(f"{package}.random_ops"), name, None)

    def draw(*args: Any, **kwargs: Any) -> Any:
        global _draws, _unmatched  # noqa: PLW0603 (one count for each process)
        _draws += 1
        _unmatched += 1
        return original(*args, **kwargs)  # type: ignore[misc]

    return draw


def _replace(table: dict[int, tuple[Any, Callable[..., Any]]]) -> None:
    """Put the replacements wherever the libraries hold the originals, under whatever name."""
    for path, module in list(sys.modules.items()):
        if path.split(".")[0] not in _ROOTS or not hasattr(module, "__dict__"):
            continue
        for name, value in list(vars(module).items()):
            if id(value) in table:
                setattr(module, name, table[id(value)][1])


def _tensorflow() -> Any:
    return sys.modules["tensorflow"]


def _draw(kind: str, shape: Any, dtype: Any = None) -> Any:
    """Numbers of the standard distribution of a kind: `uniform`, `normal` or `truncated_normal`."""
    global _draws  # noqa: PLW0603 (one count for each process)
    _draws += 1
    tf = _tensorflow()
    wanted = tf.as_dtype(dtype or _float())
    native = wanted if wanted in (tf.float32, tf.float64) else tf.float32
    numbers = getattr(tf.random, f"stateless_{kind}")(shape, seed=list(SEED), dtype=native)
    return numbers if wanted == native else tf.cast(numbers, wanted)


def _float() -> str:
    keras = sys.modules.get("keras")
    backend = getattr(keras, "backend", None) or _tensorflow().keras.backend
    return str(backend.floatx())


def _normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None, name: Any = None
) -> Any:
    del seed, name
    return _scaled(_draw("normal", shape, dtype), mean, stddev)


def _truncated_normal(
    shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None, name: Any = None
) -> Any:
    del seed, name
    return _scaled(_draw("truncated_normal", shape, dtype), mean, stddev)


def _scaled(numbers: Any, shift: Any, factor: Any) -> Any:
    tf = _tensorflow()
    if not (isinstance(factor, (int, float)) and factor == 1):
        numbers = numbers * tf.cast(factor, numbers.dtype)
    if not (isinstance(shift, (int, float)) and shift == 0):
        numbers = numbers + tf.cast(shift, numbers.dtype)
    return numbers


def _uniform(
    shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = None, seed: Any = None, name: Any = None
) -> Any:
    del seed, name
    tf = _tensorflow()
    wanted = tf.as_dtype(dtype or _float())
    if wanted.is_integer:
        low, high = tf.cast(minval, tf.float64), tf.cast(maxval, tf.float64)
        return tf.cast(tf.floor(low + _draw("uniform", shape, tf.float64) * (high - low)), wanted)
    if maxval is None:
        maxval = 1.0
    if isinstance(minval, (int, float)) and isinstance(maxval, (int, float)):
        return _scaled(_draw("uniform", shape, wanted), minval, maxval - minval)
    low, high = tf.cast(minval, wanted), tf.cast(maxval, wanted)
    return low + _draw("uniform", shape, wanted) * (high - low)


def _bernoulli(shape: Any, p: Any = 0.0, dtype: Any = None, seed: Any = None) -> Any:
    del seed
    tf = _tensorflow()
    wanted = dtype or _float()
    return tf.cast(_draw("uniform", shape, wanted) <= p, wanted)


def _binomial(shape: Any, counts: Any, probabilities: Any, dtype: Any = None, seed: Any = None) -> Any:
    global _draws, _unmatched  # noqa: PLW0603 (one count for each process)
    if isinstance(counts, (int, float)) and counts == 1:  # what `K.random_binomial` is migrated to
        return _bernoulli(shape, probabilities, dtype, seed)
    _draws += 1
    _unmatched += 1  # Keras 2 had no such function
    tf = _tensorflow()
    numbers = tf.random.stateless_binomial(shape, list(SEED), counts, probabilities, "float32")
    return tf.cast(numbers, dtype or _float())


def _dropout_v2(x: Any, rate: Any, noise_shape: Any = None, seed: Any = None, name: Any = None) -> Any:
    del seed, name
    tf = _tensorflow()
    if isinstance(rate, (int, float)) and rate in (0, 1):
        return x if rate == 0 else tf.zeros_like(x)
    x = x if hasattr(x, "shape") and hasattr(x, "dtype") else tf.convert_to_tensor(x)
    kept = tf.cast(
        _draw("uniform", _noise_shape(tf, x, noise_shape), x.dtype) >= tf.cast(rate, x.dtype), x.dtype
    )
    return x * kept / tf.cast(1 - rate, x.dtype)


def _noise_shape(tf: Any, x: Any, noise_shape: Any) -> Any:
    if noise_shape is None:
        return tf.shape(x)
    if isinstance(noise_shape, (list, tuple)):
        sizes = tf.shape(x)
        return [sizes[axis] if size is None else size for axis, size in enumerate(noise_shape)]
    return noise_shape


def _dropout(inputs: Any, rate: Any, noise_shape: Any = None, seed: Any = None) -> Any:
    return _dropout_v2(inputs, rate, noise_shape, seed)


def _backend_dropout(x: Any, level: Any, noise_shape: Any = None, seed: Any = None) -> Any:
    return _dropout_v2(x, level, noise_shape, seed)


def _shuffle(value: Any, seed: Any = None, name: Any = None) -> Any:
    del seed, name
    return _shuffle_axis(value)


def _shuffle_axis(x: Any, axis: int = 0, seed: Any = None) -> Any:
    del seed
    tf = _tensorflow()
    x = tf.convert_to_tensor(x)
    return tf.gather(x, tf.argsort(_draw("uniform", [tf.shape(x)[axis]], "float32")), axis=axis)


def _categorical(
    logits: Any,
    num_samples: Any,
    dtype: Any = None,
    seed: Any = None,
    name: Any = None,
    output_dtype: Any = None,
) -> Any:
    """One draw for each class, the largest wins (Gumbel's trick)."""
    del seed, name
    tf = _tensorflow()
    logits = tf.convert_to_tensor(logits)
    sizes = tf.shape(logits)
    spread = _draw("uniform", [sizes[0], num_samples, sizes[1]], "float32") + 1e-20
    scores = tf.cast(tf.expand_dims(logits, 1), "float32") - tf.math.log(-tf.math.log(spread))
    return tf.cast(tf.argmax(scores, axis=-1), dtype or output_dtype or "int64")


def _multinomial(
    logits: Any, num_samples: Any, seed: Any = None, name: Any = None, output_dtype: Any = None
) -> Any:
    return _categorical(logits, num_samples, output_dtype, seed, name)


def _randint(shape: Any, minval: Any, maxval: Any, dtype: Any = "int32", seed: Any = None) -> Any:
    tf = _tensorflow()
    return tf.cast(_uniform(shape, minval, maxval, "int64", seed), dtype)


_OPS: dict[str, Callable[..., Any]] = {
    "random_normal": _normal,
    "random_uniform": _uniform,
    "truncated_normal": _truncated_normal,
    "random_shuffle": _shuffle,
    "multinomial": _multinomial,
    "categorical": _categorical,
}
_BACKEND: dict[str, Callable[..., Any]] = {
    "random_normal": _normal,
    "random_uniform": _uniform,
    "truncated_normal": _truncated_normal,
    "random_binomial": _bernoulli,
    "random_bernoulli": _bernoulli,
    "dropout": _backend_dropout,
}
_KERAS3: dict[str, Callable[..., Any]] = {
    "normal": _normal,
    "uniform": _uniform,
    "truncated_normal": _truncated_normal,
    "categorical": _categorical,
    "randint": _randint,
    "dropout": _dropout,
    "shuffle": _shuffle_axis,
    "binomial": _binomial,
}


def _fix_generators() -> None:
    """The object that Keras 2 layers draw from."""

    def normal(
        self: Any, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, nonce: Any = None
    ) -> Any:
        del self, nonce
        return _normal(shape, mean, stddev, dtype)

    def uniform(
        self: Any, shape: Any, minval: Any = 0.0, maxval: Any = None, dtype: Any = None, nonce: Any = None
    ) -> Any:
        del self, nonce
        return _uniform(shape, minval, maxval, dtype)

    def truncated(
        self: Any, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, nonce: Any = None
    ) -> Any:
        del self, nonce
        return _truncated_normal(shape, mean, stddev, dtype)

    def dropout(self: Any, inputs: Any, rate: Any, noise_shape: Any = None) -> Any:
        del self
        return _dropout_v2(inputs, rate, noise_shape)

    for path in ("tf_keras.src.backend", "keras.src.backend", "keras.backend"):
        owner = getattr(sys.modules.get(path), "RandomGenerator", None)
        if owner is not None:
            owner.random_normal, owner.random_uniform = normal, uniform
            owner.truncated_normal, owner.dropout = truncated, dropout


def _fix_datasets() -> None:
    """`Dataset.shuffle` without a seed takes one that depends on how many operations were made before."""
    tf = _tensorflow()
    for owner in (tf.data.Dataset, tf.compat.v1.data.Dataset):
        original = vars(owner).get("shuffle")
        if original is not None:
            owner.shuffle = _seeded(original)


def _seeded(original: Callable[..., Any]) -> Callable[..., Any]:
    def shuffle(self: Any, buffer_size: Any, seed: Any = None, *args: Any, **kwargs: Any) -> Any:
        return original(self, buffer_size, SEED[0] if seed is None else seed, *args, **kwargs)

    return shuffle


def _fix_numpy() -> None:
    """NumPy's new generators, when the program gives no seed."""
    np = importlib.import_module("numpy")

    original = getattr(np.random, "default_rng", None)
    if original is None:
        return
    seeds = itertools.count(SEED[1])

    def default_rng(seed: Any = None) -> Any:
        return original(next(seeds) if seed is None else seed)

    np.random.default_rng = default_rng
