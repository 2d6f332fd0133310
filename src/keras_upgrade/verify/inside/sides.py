"""The sides: what `keras` and `tensorflow.keras` mean to a program.

On the sides `keras3` and `keras2` they are what is installed. On the side `tf_keras` both are a façade over
`tf_keras` (the Keras 2 code in its last release) that also answers to the module paths and the few names that
Keras 2.3 had and `tf_keras` dropped. Importing runs no TensorFlow operation, so a process may be forked afterwards.
"""

from __future__ import annotations

import functools
import importlib
import os
import random
import re
import sys
from types import ModuleType
from typing import Any, Dict, Sequence

from .oldlayers import accept_old_arguments

_STANDALONE_KERAS = re.compile(r"^\s*(?:from|import)\s+keras\b", re.MULTILINE)
_EAGER_ONLY = re.compile(
    r"GradientTape|tf\.function|\.numpy\(\)|run_eagerly|\bdef train_step\b|executing_eagerly"
)
_standalone = False
_OPTIONAL = (
    "h5py",
    "matplotlib.pyplot",
    "pandas",
    "PIL.Image",
    "scipy.ndimage",
    "scipy.stats",
    "sklearn",
    "IPython.display",
)

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
    "engine.base_layer": "engine.base_layer",
    "layers.recurrent": "layers.rnn.dropout_rnn_cell_mixin",
    "utils.conv_utils": "utils.conv_utils",
    "utils.generic_utils": "utils.generic_utils",
    "utils.layer_utils": "utils.layer_utils",
}


def prepare(side: str) -> None:
    """Import everything that a program is likely to use; runs no operation of TensorFlow."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1" if side == "tf_keras" else "0"
    importlib.import_module("tensorflow")
    if side == "tf_keras":
        _install_keras2()
    else:
        importlib.import_module("keras")
        importlib.import_module("keras.datasets")
    if side == "keras3":
        importlib.import_module("keras._tf_keras.keras")
    for optional in _OPTIONAL:
        try:
            importlib.import_module(optional)
        except ImportError:
            continue


def versions() -> str:
    """The Keras and the TensorFlow of this process, for people."""
    keras, tensorflow = sys.modules["keras"], sys.modules["tensorflow"]
    name = "tf_keras" if "tf_keras" in sys.modules else "Keras"
    return "{} {}, TensorFlow {}".format(
        name, getattr(keras, "__version__", "?"), getattr(tensorflow, "__version__", "?")
    )


def wants_eager(text: str) -> bool:
    """Whether a Keras 2 program was written for TensorFlow 2.

    Programs of the standalone Keras ran on TensorFlow 1 graphs; losses that close over tensors of the model,
    for one, only ever worked there. `tf.keras` programs and users of the tape need eager execution.
    """
    return bool(_EAGER_ONLY.search(text)) or not _STANDALONE_KERAS.search(text)


def is_standalone(text: str) -> bool:
    """Whether a Keras 2 program was written for the package `keras`, not for `tf.keras`."""
    return bool(_STANDALONE_KERAS.search(text))


def begin(side: str, eager: bool, seed: int, *, standalone: bool = False) -> None:
    """Set execution mode and seeds of the process that is about to run one program."""
    global _standalone  # noqa: PLW0603 (the process runs one program)
    _standalone = standalone
    tf: Any = sys.modules["tensorflow"]
    has_two_modes = int(tf.__version__.partition(".")[0]) > 1
    if side != "keras3" and not eager and has_two_modes:
        tf.compat.v1.disable_eager_execution()
        _add_tensorflow1_names(tf)
    random.seed(seed)
    sys.modules["numpy"].random.seed(seed)
    (tf.random.set_seed if has_two_modes else tf.compat.v1.set_random_seed)(seed)
    if side == "keras3":
        keras: Any = sys.modules["keras"]
        keras.utils.set_random_seed(seed)
        keras.config.disable_traceback_filtering()  # the frames inside of Keras tell which rule knows an error


def _install_keras2() -> None:
    """Make `keras` and `tensorflow.keras` the façades over tf_keras; some layers of `keras` are those of 2.3."""
    _facade(standalone=False).register("tensorflow.keras")
    standalone = _facade(standalone=True)
    standalone.register("keras")
    tf_keras = importlib.import_module("tf_keras")
    _add_predict_classes(tf_keras.Sequential)
    for name, numbers in (("Conv2D", 2), ("Conv2DTranspose", 2), ("SeparableConv2D", 2), ("Conv3D", 3)):
        _accept_kernel_by_position(getattr(tf_keras.layers, name), numbers)
    _answer_to_old_keys(tf_keras.callbacks.History)
    _accept_constraints_of_updates(tf_keras.optimizers.legacy.Optimizer)
    for module in ("base_layer", "base_layer_v1"):
        accept_old_arguments(importlib.import_module(f"tf_keras.src.engine.{module}").Layer)


def _facade(*, standalone: bool) -> _Facade:
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
        for name, rate in (("Adadelta", 1.0), ("Adagrad", 0.01), ("Adamax", 0.002), ("Nadam", 0.002)):
            _set_default_rate(facade.modules["optimizers"], name, rate)
    for path, sources in _OLD_PATHS.items():
        facade.add_old_path(path, sources)
    for path, private in _PRIVATE.items():
        _add_missing(facade.modules[path], importlib.import_module(f"tf_keras.src.{private}"))
    merge: Any = importlib.import_module("tf_keras.src.layers.merging.base_merge")
    vars(facade.modules["layers.merge"])["_Merge"] = merge._Merge
    for name in ("backend", "backend.tensorflow_backend"):
        vars(facade.modules[name])["tf"] = sys.modules["tensorflow"]
        vars(facade.modules[name])["function"] = _function_without_outputs(tf_keras.backend.function)
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


def _set_default_rate(optimizers: ModuleType, name: str, rate: float) -> None:
    """Give an optimizer the learning rate that standalone Keras had by default."""
    base = vars(optimizers)[name]

    def init(self: Any, learning_rate: float = rate, *args: Any, **kwargs: Any) -> None:
        base.__init__(self, learning_rate, *args, **kwargs)

    vars(optimizers)[name] = type(name, (base,), {"__init__": init})


def _accept_kernel_by_position(layer: Any, numbers: int) -> None:
    """Let a convolution take the sizes of its kernel one by one, as standalone Keras still did."""
    original = layer.__init__

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        if _standalone and len(args) == numbers + 1 and all(type(size) is int for size in args[1:]):
            args = (args[0], args[1:])
        original(self, *args, **kwargs)

    layer.__init__ = init


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


class _Record(Dict[str, Any]):
    """The record of a training, which also answers to the names that metrics had before Keras 2.3."""

    def __missing__(self, key: str) -> Any:
        new = re.sub(r"\bacc$|(?<=_)acc$", "accuracy", key)
        if new not in self:
            raise KeyError(key)
        return self[new]


def _answer_to_old_keys(history: Any) -> None:
    original = history.__init__

    def init(self: Any) -> None:
        original(self)
        self.history = _Record()

    history.__init__ = init


def _accept_constraints_of_updates(optimizer: Any) -> None:
    """`get_updates(params, constraints, loss)`, as it was until Keras 2.0.6 and taken until 2.3."""
    original = optimizer.get_updates

    @functools.wraps(original)
    def get_updates(self: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("constraints", None)
        if len(args) == 3:
            args = (args[2], args[0])
        return original(self, *args, **kwargs)

    optimizer.get_updates = get_updates


def _function_without_outputs(original: Any) -> Any:
    """`K.function` that also takes an empty list of outputs, for the updates alone."""

    @functools.wraps(original)
    def function(inputs: Any, outputs: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(outputs, list) or outputs:
            return original(inputs, outputs, *args, **kwargs)
        made = original(inputs, [sys.modules["tensorflow"].constant(0.0)], *args, **kwargs)
        return lambda arrays: made(arrays)[:0]

    return function


def _add_tensorflow1_names(tf: Any) -> None:
    """Let a graph program use `tf.set_random_seed`, `tf.Session` and what else TensorFlow 2 moved away."""
    for old, new in ((tf.compat.v1, tf), (tf.compat.v1.train, tf.train), (tf.compat.v1.random, tf.random)):
        for name in dir(old):
            if not name.startswith("_") and not hasattr(new, name):
                setattr(new, name, getattr(old, name))
    _let_variables_grow()


def _let_variables_grow() -> None:
    """`loss += value` of a variable made a tensor of the two in TensorFlow 1."""
    variable: Any = importlib.import_module(
        "tensorflow.python.ops.resource_variable_ops"
    ).BaseResourceVariable
    variable.__iadd__ = lambda self, value: self + value
    variable.__isub__ = lambda self, value: self - value
    variable.__imul__ = lambda self, value: self * value
    variable.__itruediv__ = lambda self, value: self / value
