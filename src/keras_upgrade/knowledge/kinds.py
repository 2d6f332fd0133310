"""What a library name makes when it is called, by its canonical path."""

from enum import StrEnum
from functools import cache


class Kind(StrEnum):
    """What calling an API name gives."""

    INPUT = "input"
    """A KerasTensor."""
    MODEL = "model"
    """A functional model, from inputs and outputs."""
    SEQUENTIAL = "sequential"
    APPLICATION = "application"
    """A ready functional model (`keras.applications.VGG16`)."""
    LAYER = "layer"
    OPTIMIZER = "optimizer"
    LOSS = "loss"
    METRIC = "metric"
    CALLBACK = "callback"
    OBJECT = "object"
    """An instance of another class (initializer, regularizer, preprocessing tool, ...)."""
    TENSOR_FUNCTION = "tensor_function"
    """A tensor when given one; symbolic when given a symbolic one."""
    VALUE = "value"
    """Something else: a number, a shape, an array, a file, ..."""


_CLASS_KINDS = {
    "layers": Kind.LAYER,
    "engine": Kind.LAYER,
    "legacy": Kind.LAYER,
    "optimizers": Kind.OPTIMIZER,
    "losses": Kind.LOSS,
    "metrics": Kind.METRIC,
    "callbacks": Kind.CALLBACK,
}
_TENSOR_MODULES = frozenset(
    {
        "backend",
        "ops",
        "random",
        "activations",
        "layers",
        "losses",
        "metrics",
        "objectives",
        "legacy",
        "image",
    }
)
# keras.backend, keras.ops: functions of a tensor that give no tensor.
_NO_TENSOR = frozenset(
    [
        "backend",
        "cast_to_floatx",
        "clear_session",
        "count_params",
        "dtype",
        "epsilon",
        "eval",
        "floatx",
        "function",
        "get_session",
        "get_uid",
        "get_value",
        "get_variable_shape",
        "image_data_format",
        "image_dim_ordering",
        "int_shape",
        "is_keras_tensor",
        "is_placeholder",
        "is_sparse",
        "is_tensor",
        "is_tf_tensor",
        "is_variable",
        "learning_phase",
        "manual_variable_initialization",
        "name_scope",
        "ndim",
        "print_tensor",
        "reset_uids",
        "set_epsilon",
        "set_floatx",
        "set_image_data_format",
        "set_image_dim_ordering",
        "set_learning_phase",
        "set_session",
        "set_value",
        "convert_to_numpy",
        "get",
        "serialize",
        "deserialize",
        "standardize_dtype",
        "result_type",
    ]
)
# TensorFlow functions that make something else than a tensor, or open a scope.
_NO_TENSOR_TF = (
    "tensorflow.data.",
    "tensorflow.Graph",
    "tensorflow.GradientTape",
    "tensorflow.Module",
    "tensorflow.Session",
    "tensorflow.ConfigProto",
    "tensorflow.get_default_",
    "tensorflow.global_variables_initializer",
    "tensorflow.initialize_",
    "tensorflow.local_variables_initializer",
    "tensorflow.tables_initializer",
    "tensorflow.variables_initializer",
    "tensorflow.TensorShape",
    "tensorflow.function",
    "tensorflow.device",
    "tensorflow.name_scope",
    "tensorflow.variable_scope",
    "tensorflow.compat.",
    "tensorflow.config.",
    "tensorflow.io.",
    "tensorflow.saved_model.",
    "tensorflow.train.",
    "tensorflow.estimator.",
    "tensorflow.distribute.",
    "tensorflow.summary.",
    "tensorflow.logging.",
    "tensorflow.app.",
    "tensorflow.gfile.",
    "tensorflow.flags.",
    "tensorflow.contrib.",
    "tensorflow.executing_eagerly",
    "tensorflow.is_tensor",
    "tensorflow.get_static_value",
    "tensorflow.debugging.set",
    "tensorflow.random.set_seed",
    "tensorflow.random.Generator",
    "tensorflow.init_scope",
    "tensorflow.autograph.",
    "tensorflow.test.",
    "tensorflow.version.",
    "tensorflow.lite.",
    "tensorflow.dtypes.as_dtype",
)


@cache
def kind_of(path: str) -> Kind:
    """The kind of what `path(...)` gives, for a canonical path of Keras or TensorFlow."""
    parts = path.split(".")
    name = parts[-1]
    if parts[0] == "tensorflow":
        return Kind.VALUE if path.startswith(_NO_TENSOR_TF) else Kind.TENSOR_FUNCTION
    if parts[0] != "keras":
        return Kind.VALUE
    is_class = name[:1].isupper()
    if name == "Input":
        return Kind.INPUT
    if name in ("Model", "Functional", "Network", "Container"):
        return Kind.MODEL
    if name == "Sequential":
        return Kind.SEQUENTIAL
    if "applications" in parts:
        return Kind.APPLICATION if is_class else Kind.VALUE
    if is_class:
        if path == "keras.Layer":
            return Kind.LAYER
        return next((_CLASS_KINDS[part] for part in parts[:-1] if part in _CLASS_KINDS), Kind.OBJECT)
    if "optimizers" in parts[:-1]:
        return Kind.OPTIMIZER if name not in ("get", "serialize", "deserialize") else Kind.OBJECT
    if name in _NO_TENSOR:
        return Kind.VALUE
    return Kind.TENSOR_FUNCTION if _TENSOR_MODULES.intersection(parts[1:-1]) else Kind.VALUE
