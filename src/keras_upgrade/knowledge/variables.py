"""What makes variables in Keras 2 programs, and what makes the values that they begin with.

For `self.add_weight(shape=..., initializer=...)` in place of `self.w = tf.Variable(tf.zeros(...))`.
"""

from collections.abc import Mapping

from keras_upgrade.records import dataclass


@dataclass(frozen=True, slots=True)
class Maker:
    """A function or class that makes a variable.

    Attributes:
        old: its signature.
        value: the parameter that is the initial value; empty if the call itself says it (`K.zeros(shape)`).
        floats: whether the variable is of the default type (float32) whatever the value is.
        unused: parameters that mean nothing in Keras 3.
    """

    old: str
    value: str
    floats: bool = False
    unused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Initial:
    """A function whose result an initializer of Keras gives as well.

    Attributes:
        old: its signature.
        initializer: the initializer, an expression over the parameters (`+name` writes the default).
        shape: the parameter that is the shape.
        dtype: the type of the result by default; empty if it is that of the parameter `typed`.
        typed: the parameter that tells the type.
        random: whether the values are drawn at random.
    """

    old: str
    initializer: str
    shape: str = "shape"
    dtype: str = "float32"
    typed: str = ""
    random: bool = False


_TF_VARIABLE = Maker(
    "initial_value=None, trainable=None, validate_shape=True, caching_device=None, name=None, variable_def=None, "
    "dtype=None, import_scope=None, constraint=None, synchronization=None, aggregation=None, shape=None, "
    "use_resource=None",
    "initial_value",
    unused=frozenset({"validate_shape", "caching_device", "use_resource"}),
)
_BY_SHAPE = "shape, dtype=None, name=None"

MAKERS: Mapping[str, Maker] = {
    "tensorflow.Variable": _TF_VARIABLE,
    "keras.backend.variable": Maker("value, dtype=None, name=None, constraint=None", "value", floats=True),
    "keras.backend.zeros": Maker(_BY_SHAPE, "", floats=True),
    "keras.backend.ones": Maker(_BY_SHAPE, "", floats=True),
    "keras.backend.random_normal_variable": Maker(
        "shape, mean, scale, dtype=None, name=None, seed=None", "", floats=True
    ),
    "keras.backend.random_uniform_variable": Maker(
        "shape, low, high, dtype=None, name=None, seed=None", "", floats=True
    ),
}
"""By canonical path."""

_NORMAL = "shape, mean=0.0, stddev=1.0, dtype=None, seed=None, name=None"
_UNIFORM = "shape, minval=0, maxval=1, dtype=None, seed=None, name=None"


def _normal(name: str = "RandomNormal", old: str = _NORMAL) -> Initial:
    return Initial(old, f"keras.initializers.{name}(mean=mean, stddev=+stddev)", random=True)


def _uniform(old: str = _UNIFORM) -> Initial:
    return Initial(old, "keras.initializers.RandomUniform(minval=+minval, maxval=+maxval)", random=True)


def _drawn(old: str, initializer: str, shape: str = "size") -> Initial:
    return Initial(old, f"keras.initializers.{initializer}", shape, "float64", random=True)


_FULL = "keras.initializers.Constant(value)"
_UNIT_NORMAL, _UNIT_UNIFORM = "RandomNormal(stddev=1.0)", "RandomUniform(minval=0.0, maxval=1.0)"

INITIAL: Mapping[str, Initial] = {
    "tensorflow.zeros": Initial(_BY_SHAPE, '"zeros"'),
    "tensorflow.ones": Initial(_BY_SHAPE, '"ones"'),
    "tensorflow.constant": Initial("value, dtype=None, shape=None, name=None", _FULL, "shape", "", "value"),
    "keras.backend.constant": Initial("value, dtype=None, shape=None, name=None", _FULL),
    "tensorflow.fill": Initial("dims, value, name=None", _FULL, "dims", "", "value"),
    "tensorflow.random.normal": _normal(),
    "tensorflow.random_normal": _normal(),
    "tensorflow.random.truncated_normal": _normal("TruncatedNormal"),
    "tensorflow.truncated_normal": _normal("TruncatedNormal"),
    "tensorflow.random.uniform": _uniform(),
    "tensorflow.random_uniform": _uniform(),
    "keras.backend.zeros": Initial(_BY_SHAPE, '"zeros"'),
    "keras.backend.ones": Initial(_BY_SHAPE, '"ones"'),
    "keras.backend.random_normal": _normal(old="shape, mean=0.0, stddev=1.0, dtype=None, seed=None"),
    "keras.backend.truncated_normal": _normal(
        "TruncatedNormal", "shape, mean=0.0, stddev=1.0, dtype=None, seed=None"
    ),
    "keras.backend.random_uniform": _uniform("shape, minval=0.0, maxval=1.0, dtype=None, seed=None"),
    "keras.backend.random_normal_variable": Initial(
        "shape, mean, scale, dtype=None, name=None, seed=None",
        "keras.initializers.RandomNormal(mean=mean, stddev=scale)",
        random=True,
    ),
    "keras.backend.random_uniform_variable": Initial(
        "shape, low, high, dtype=None, name=None, seed=None",
        "keras.initializers.RandomUniform(minval=low, maxval=high)",
        random=True,
    ),
    "numpy.zeros": Initial("shape, dtype=None", '"zeros"', dtype="float64"),
    "numpy.ones": Initial("shape, dtype=None", '"ones"', dtype="float64"),
    "numpy.full": Initial("shape, value, dtype=None", _FULL, dtype="float64", typed="value"),
    "numpy.random.normal": _drawn("loc=0.0, scale=1.0, size=None", "RandomNormal(mean=loc, stddev=+scale)"),
    "numpy.random.uniform": _drawn(
        "low=0.0, high=1.0, size=None", "RandomUniform(minval=+low, maxval=+high)"
    ),
    "numpy.random.standard_normal": _drawn("size=None", _UNIT_NORMAL),
    "numpy.random.random": _drawn("size=None", _UNIT_UNIFORM),
    "numpy.random.random_sample": _drawn("size=None", _UNIT_UNIFORM),
    "numpy.random.randn": _drawn("*sizes", _UNIT_NORMAL, "sizes"),
    "numpy.random.rand": _drawn("*sizes", _UNIT_UNIFORM, "sizes"),
}
"""By canonical path. A call with a seed is left as it is: an initializer would draw other numbers."""

LISTS: Mapping[str, bool] = {
    "_trainable_weights": True,
    "trainable_weights": True,
    "_non_trainable_weights": False,
    "non_trainable_weights": False,
}
"""The lists of weights that layers of Keras 1 and 2 kept by hand, and whether what is in them is trained."""

MEMBERS = frozenset(
    {
        "assign", "assign_add", "assign_sub", "constraint", "dtype", "name", "ndim", "numpy", "path",
        "read_value", "shape", "trainable", "value",
    }
)  # fmt: skip
"""Members of a variable that a variable of Keras 3 has too; `value()` and `read_value()` are KU305's."""
