"""Which expressions are KerasTensors."""

import pytest

from keras_upgrade.analysis.values import Tensor, holds_symbolic, is_symbolic

from .facts import analyse, value_of

HEAD = """
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Input, Dense, Lambda, Layer, Concatenate
from keras.models import Model, Sequential
x = Input(shape=(3,))
"""


@pytest.mark.parametrize(
    ("program", "written"),
    [
        ("y = Dense(3)(x)\ny", "y"),
        ("y = 1 + x * 2\ny", "y"),
        ("y = -x[:, 0]\ny", "y"),
        ("y = K.exp(x)\ny", "y"),
        ("y = tf.exp(x)\ny", "y"),
        ("a, b = Dense(1)(x), Dense(2)(x)\nb", "b"),
        ("m = Model(x, [Dense(1)(x), Dense(2)(x)])\np, q = m(x)\nq", "q"),
        ("m = Model(x, Dense(1)(x))\nm.output", "m.output"),
        ("m = Sequential([Dense(1)])\nm.layers[-1].output", "m.layers[-1].output"),
        ("m = Sequential()\nm.add(Dense(1))\nm.get_layer('a').output", "m.get_layer('a').output"),
        ("def f(t):\n    return Dense(1)(t)\ny = f(x)\ny", "y"),
        ("def f(t):\n    inner = t\n    return inner\nf(x)", "inner"),
        ("def f(*ts):\n    return ts[0]\ny = f(x)\ny", "y"),
        ("def f(**ts):\n    return ts['a']\ny = f(a=x)\ny", "y"),
        ("h = x\nfor _ in range(3):\n    h = Dense(3)(h)\nh", "h"),
        ("h = []\nfor _ in range(3):\n    h.append(Dense(3)(x))\ng = h[0]\ng", "g"),
        ("d = {'a': x}\ny = d['a']\ny", "y"),
        ("ys = [Dense(1)(x) for _ in range(2)]\ny = ys[1]\ny", "y"),
        (
            "class A:\n    def __init__(self):\n        self.t = x\n    def g(self):\n        return self.t\ny = A().g()\ny",
            "y",
        ),
        ("y = x if True else Dense(2)(x)\ny", "y"),
        ("if x is None:\n    y = None\nelse:\n    y = Dense(1)(x)\ny", "y"),
        ("class L(Layer):\n    def call(self, t): return t\ny = L()(x)\ny", "y"),
        ("y = Concatenate()([x, x])\ny", "y"),
        ("def block(t, n):\n    return Dense(n)(t)\n", "Dense(n)(t)"),
        ("from functools import partial\nf = partial(Dense(2))\ny = f(x)\ny", "y"),
    ],
)
def test_it_is_symbolic(program: str, written: str) -> None:
    assert is_symbolic(value_of(analyse(HEAD + program), written))


@pytest.mark.parametrize(
    ("program", "written"),
    [
        ("y = tf.constant([1.0])\ny", "y"),
        ("y = np.ones(3)\ny", "y"),
        ("m = Model(x, Dense(1)(x))\ny = m.predict(np.ones((1, 3)))\ny", "y"),
        ("class L(Layer):\n    def call(self, t):\n        return tf.exp(t)\ny = L()(x)", "t"),
        ("class L(Layer):\n    def call(self, t):\n        return tf.exp(t)\n", "tf.exp(t)"),
        ("y = Lambda(lambda t: tf.exp(t))(x)", "t"),
        ("def f(t):\n    return tf.exp(t)\ny = Lambda(f)(x)", "t"),
        ("ds = tf.data.Dataset.range(3).map(lambda t: tf.square(t))", "t"),
        ("def loss(a, b):\n    return tf.abs(a - b)\nm = Model(x, x)\nm.compile('sgd', loss=loss)", "a - b"),
        ("n = x.shape[1]\nn", "n"),
        ("n = K.int_shape(x)\nn", "n"),
        ("class M(Model):\n    def train_step(self, data):\n        y = self(data)\n        return y\n", "y"),
    ],
)
def test_it_is_not_symbolic(program: str, written: str) -> None:
    assert not holds_symbolic(value_of(analyse(HEAD + program), written))


def test_a_helper_called_from_both_sides_may_be_symbolic() -> None:
    module = analyse(HEAD + "def f(t):\n    return tf.exp(t)\nf(x)\nf(tf.ones(3))")
    assert is_symbolic(value_of(module, "t"))


def test_recursion_ends() -> None:
    module = analyse(HEAD + "def f(t, n):\n    return f(Dense(1)(t), n - 1) if n else t\ny = f(x, 3)\ny")
    assert is_symbolic(value_of(module, "t"))


def test_a_model_knows_its_life() -> None:
    module = analyse(
        HEAD
        + "m = Model(x, Dense(1)(x))\nm.compile('sgd', 'mse')\nm.trainable = False\n"
        + "def train():\n    for _ in range(3):\n        m.train_on_batch(1, 2)\ntrain()\n"
    )
    model = next(item for item in module.instances if item.variable == "m")
    assert [event.name for event in model.events] == ["compile", "trainable=", "train_on_batch"]
    assert model.events[-1].function is not None


METHODS = """
class Net:
    @staticmethod
    def block(t):
        return Dense(2)(t)

    @classmethod
    def made(cls, t):
        return cls.block(t)

    def dice(self, y_true, y_pred):
        return K.sum(y_true * y_pred)

    def build(self):
        m = Model(x, self.block(x))
        m.compile('sgd', self.dice)
        return self.made(x)


y = Net().build()
y
z = Net.made(x)
z
"""


@pytest.mark.parametrize("written", ["Dense(2)(t)", "cls.block(t)", "y", "z"])
def test_static_and_class_methods_get_their_own_arguments(written: str) -> None:
    assert is_symbolic(value_of(analyse(HEAD + METHODS), written))


def test_a_method_that_is_a_loss_gets_real_tensors() -> None:
    value = value_of(analyse(HEAD + METHODS), "y_true * y_pred")
    assert isinstance(value, Tensor)
    assert not is_symbolic(value)


def test_a_dict_that_holds_itself_is_followed_only_so_far() -> None:
    program = """
settings = {}
settings["all"] = settings
settings["parts"] = [settings]
def make(settings):
    return Dense(settings["units"])
class Inner(Layer):
    def call(self, inputs):
        return inputs["all"]
make(settings)
Inner()(settings)
y = make(settings)(x)
y
"""
    assert is_symbolic(value_of(analyse(HEAD + program), "y"))
