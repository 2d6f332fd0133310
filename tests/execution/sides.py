"""The two sides: what `keras` and `tensorflow.keras` mean to a program.

On the Keras 3 side they are what is installed. On the Keras 2 side both are a façade over `tf_keras` (the
Keras 2 code in its last release) that also answers to the module paths and the few names that Keras 2.3 had
and `tf_keras` dropped. Importing runs no TensorFlow operation, so a process may be forked afterwards.
"""

import builtins
import importlib
import os
import random
import sys
import zlib
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Literal

from . import datasets

Side = Literal["keras2", "keras3"]

# Old module paths, and the public modules that hold (at least) what was in them.
_OLD_PATHS: dict[str, Sequence[str]] = {
    **{
        f"layers.{name}": ["layers"]
        for name in (
            "advanced_activations",
            "convolutional",
            "convolutional_recurrent",
            "core",
            "cudnn_recurrent",
            "embeddings",
            "local",
            "merge",
            "noise",
            "normalization",
            "pooling",
            "recurrent",
            "wrappers",
        )
    },
    **{
        f"utils.{name}": ["utils"]
        for name in (
            "conv_utils",
            "data_utils",
            "generic_utils",
            "io_utils",
            "layer_utils",
            "np_utils",
            "vis_utils",
        )
    },
    **{
        path: ["models", "layers"]
        for path in (
            "engine",
            "engine.base_layer",
            "engine.input_layer",
            "engine.network",
            "engine.sequential",
            "engine.topology",
            "engine.training",
        )
    },
    "objectives": ["losses"],
    "backend.tensorflow_backend": ["backend"],
    "callbacks.callbacks": ["callbacks"],
}
# Parts of those modules that were never public; they live on in tf_keras under these paths.
_PRIVATE = {
    "utils.conv_utils": "utils.conv_utils",
    "utils.generic_utils": "utils.generic_utils",
    "utils.layer_utils": "utils.layer_utils",
}


def prepare(side: Side) -> None:
    """Import everything a program is likely to use and put the stand-ins in place."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1" if side == "keras2" else "0"
    importlib.import_module("tensorflow")
    if side == "keras2":
        _install_keras2()
        _replace_datasets("keras.datasets")
        _replace_datasets("tensorflow.keras.datasets")
    else:
        for name in ("keras", "keras.datasets", "keras._tf_keras.keras"):
            importlib.import_module(name)
        _replace_datasets("keras.datasets")
        _replace_datasets("keras._tf_keras.keras.datasets")
    for optional in ("h5py", "matplotlib.pyplot", "scipy.ndimage", "PIL.Image"):
        try:
            importlib.import_module(optional)
        except ImportError:
            continue
    vars(builtins)["set_weights_deterministically"] = set_weights_deterministically


def begin(side: Side, eager: bool, seed: int) -> None:
    """Set execution mode and seeds of the process that is about to run one program."""
    tf = sys.modules["tensorflow"]
    if side == "keras2" and not eager:
        tf.compat.v1.disable_eager_execution()
        _add_tensorflow1_names(tf)
    random.seed(seed)
    sys.modules["numpy"].random.seed(seed)
    tf.random.set_seed(seed)
    if side == "keras3":
        sys.modules["keras"].utils.set_random_seed(seed)


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


def _replace_datasets(package: str) -> None:
    """Serve the synthetic data instead of downloads."""
    for name, functions in datasets.loaders().items():
        module = importlib.import_module(f"{package}.{name}")
        for function, stand_in in functions.items():
            setattr(module, function, stand_in)


def _install_keras2() -> None:
    """Make `keras` and `tensorflow.keras` the façades over tf_keras; some layers of `keras` are those of Keras 2.3."""
    _facade(standalone=False).register("tensorflow.keras")
    standalone = _facade(standalone=True)
    standalone.register("keras")
    _add_predict_classes(importlib.import_module("tf_keras").Sequential)


def _facade(*, standalone: bool) -> "_Facade":
    tf_keras = importlib.import_module("tf_keras")
    api = importlib.import_module("tf_keras.api._v2.keras")
    facade = _Facade()
    facade.copy(api, "")
    facade.copy(importlib.import_module("tf_keras.api._v1.keras"), "")
    facade.modules[""].__dict__["__version__"] = tf_keras.__version__
    _use_legacy_optimizers(facade, tf_keras.optimizers.legacy)
    if standalone:
        # Standalone Keras applied the reset gate before the matrix product by default.
        facade.modules["layers"].__dict__["GRU"] = importlib.import_module(
            "tf_keras.api._v1.keras.layers"
        ).GRU
    for path, sources in _OLD_PATHS.items():
        facade.add_old_path(path, sources)
    for path, private in _PRIVATE.items():
        _add_missing(facade.modules[path], importlib.import_module(f"tf_keras.src.{private}"))
    vars(facade.modules["backend.tensorflow_backend"])["tf"] = sys.modules["tensorflow"]
    return facade


class _Facade:
    """A tree of modules under construction, by dotted path below `keras` (itself the empty path)."""

    def __init__(self) -> None:
        self.modules: dict[str, ModuleType] = {}

    def copy(self, source: ModuleType, path: str) -> None:
        """Take over the public names of a tree of modules; names that are there already win."""
        target = self.module(path)
        for name, value in vars(source).items():
            if not isinstance(value, ModuleType):
                continue
            if value.__name__.startswith(source.__name__ + "."):
                self.copy(value, f"{path}.{name}".lstrip("."))
        _add_missing(target, source)

    def module(self, path: str) -> ModuleType:
        """The module at a path, made and hung into its parent if new."""
        if path not in self.modules:
            module = ModuleType(f"keras.{path}" if path else "keras")
            vars(module)["__path__"] = []  # a package, in which the import system finds nothing more
            self.modules[path] = module
            if path:
                parent, _, name = path.rpartition(".")
                setattr(self.module(parent), name, module)
        return self.modules[path]

    def add_old_path(self, path: str, sources: Sequence[str]) -> None:
        """Make an old module path that holds everything of the public modules given."""
        module = self.module(path)
        for source in sources:
            _add_missing(module, self.modules[source])

    def register(self, root: str) -> None:
        """Let `import` find the tree, as `keras` or as `tensorflow.keras`."""
        for path, module in self.modules.items():
            sys.modules[f"{root}.{path}".rstrip(".")] = module
        if root == "tensorflow.keras":
            vars(sys.modules["tensorflow"])["keras"] = self.modules[""]


def _add_missing(target: ModuleType, source: ModuleType) -> None:
    """Copy the public names that the target lacks."""
    for name, value in vars(source).items():
        if not name.startswith("_") and not hasattr(target, name):
            setattr(target, name, value)


def _use_legacy_optimizers(facade: _Facade, legacy: ModuleType) -> None:
    """Keras 2.3's optimizers, which know `lr` and `decay`, are the ones that tf_keras calls legacy."""
    for name, value in vars(legacy).items():
        if isinstance(value, type):
            setattr(facade.modules["optimizers"], name, value)


def _add_predict_classes(sequential: Any) -> None:
    """`Sequential.predict_classes` and `predict_proba`, as Keras 2.3 defined them."""

    def predict_classes(self: Any, x: Any, batch_size: int | None = None, verbose: int = 0) -> Any:
        probabilities = self.predict(x, batch_size=batch_size, verbose=verbose)
        if probabilities.shape[-1] > 1:
            return probabilities.argmax(axis=-1)
        return (probabilities > 0.5).astype("int32")

    def predict_proba(self: Any, x: Any, batch_size: int | None = None, verbose: int = 0) -> Any:
        return self.predict(x, batch_size=batch_size, verbose=verbose)

    sequential.predict_classes = predict_classes
    sequential.predict_proba = predict_proba


def _add_tensorflow1_names(tf: Any) -> None:
    """Let a graph program use `tf.set_random_seed`, `tf.Session` and what else TensorFlow 2 moved away."""
    for name in dir(tf.compat.v1):
        if not name.startswith("_") and not hasattr(tf, name):
            setattr(tf, name, getattr(tf.compat.v1, name))
