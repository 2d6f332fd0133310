"""What `keras` and `tf.keras` are on the side that puts Keras 2 back together from `tf_keras`."""

import pytest

from execution.harness import RunResult, run
from keras_upgrade.verify.inside.sides import wants_eager


def run_on_keras2(program: str, *capture: str, eager: bool | None = None) -> RunResult:
    result = run(program, "keras2", capture, eager=eager)
    assert result.ok, result.traceback or result.error
    return result


@pytest.mark.parametrize(
    ("program", "eager"),
    [
        ("import keras", False),
        ("from keras.layers import Dense", False),
        ("from tensorflow import keras", True),
        ("import keras, tensorflow as tf\nwith tf.GradientTape() as tape: pass", True),
        ("import keras\nx = keras.backend.ones(3).numpy()", True),
        ("import keras_tuner", True),
    ],
)
def test_old_standalone_keras_runs_in_a_graph(program: str, eager: bool) -> None:
    assert wants_eager(program) is eager


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "eager"),
    [("import keras\n", False), ("from tensorflow import keras\n", True)],
)
def test_a_program_gets_the_mode_that_it_was_written_for(program: str, eager: bool) -> None:
    # Spelt so that the question does not give the answer.
    mode = 'import tensorflow\nmode = getattr(tensorflow, "executing" + "_eagerly")()'
    assert run_on_keras2(program + mode, "mode").values["mode"] is eager


@pytest.mark.slow
def test_it_knows_what_keras_2_3_knew() -> None:
    program = """
import keras.layers.merge
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras import metrics, objectives, optimizers
from keras.backend import tensorflow_backend
from keras.engine.topology import InputSpec, Layer
from keras.layers import *
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.core import Dense as CoreDense
from keras.optimizers import Adam
from keras.preprocessing.image import ImageDataGenerator
from keras.preprocessing.text import Tokenizer
from keras.utils import np_utils, vis_utils
from keras.utils.np_utils import to_categorical
from tensorflow.keras.layers import Dense as TensorFlowDense

one_dense = Dense is CoreDense is TensorFlowDense
lr = Adam(lr=0.25, decay=1e-3).lr
x = Input((3,))
exponentials = K.function([x], [K.exp(x)])([np.zeros((1, 3))])[0]
tf.set_random_seed(1)
session = K.get_session()
"""
    values = run_on_keras2(program, "one_dense", "lr", "exponentials").values
    assert values["one_dense"] is True
    assert values["lr"] == 0.25
    assert values["exponentials"].tolist() == [[1.0, 1.0, 1.0]]


@pytest.mark.slow
@pytest.mark.parametrize("package", ["keras", "tensorflow.keras"])
@pytest.mark.parametrize("eager", [True, False])
def test_both_packages_are_keras_2(package: str, eager: bool) -> None:
    program = f"""
import {package}.layers
import {package} as k
version = k.__version__
sources = sorted({{vars(k.layers)[name].__module__.split(".")[0] for name in ("Dense", "LSTM", "Conv2D")}})
"""
    values = run_on_keras2(program, "version", "sources", eager=eager).values
    assert values["version"].startswith("2.")
    assert values["sources"] == ["tf_keras"]


@pytest.mark.slow
@pytest.mark.parametrize("eager", [True, False])
def test_optimizers_are_those_with_a_decay(eager: bool) -> None:
    program = """
from keras import optimizers
from tensorflow import keras
made = [optimizers.SGD(lr=0.5, decay=0.25), keras.optimizers.SGD(lr=0.5, decay=0.25), optimizers.RMSprop(lr=0.5)]
rates = [float(keras.backend.get_value(optimizer.lr)) for optimizer in made]
decays = [optimizer.get_config()["decay"] for optimizer in made]
"""
    values = run_on_keras2(program, "rates", "decays", eager=eager).values
    assert values == {"rates": [0.5] * 3, "decays": [0.25, 0.25, 0.0]}


@pytest.mark.slow
@pytest.mark.parametrize("eager", [True, False])
def test_sequential_models_predict_classes(eager: bool) -> None:
    program = """
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
x = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]])
several = Sequential([Dense(2, kernel_initializer="identity", input_shape=(2,))])
one = Sequential([Dense(1, kernel_initializer="ones", bias_initializer="zeros", input_shape=(2,))])
classes = several.predict_classes(x)
decisions = one.predict_classes(x - [[0.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
same = np.array_equal(one.predict_proba(x), one.predict(x))
"""
    values = run_on_keras2(program, "classes", "decisions", "same", eager=eager).values
    assert values["classes"].tolist() == [0, 1, 1]
    assert values["decisions"].tolist() == [[1], [0], [1]]
    assert values["same"] is True


@pytest.mark.slow
def test_only_the_gru_of_standalone_keras_resets_before_the_product() -> None:
    program = """
import keras
from tensorflow.keras.layers import GRU
standalone, tensorflow = (layer(3).get_config()["reset_after"] for layer in (keras.layers.GRU, GRU))
"""
    values = run_on_keras2(program, "standalone", "tensorflow").values
    assert values == {"standalone": False, "tensorflow": True}


@pytest.mark.slow
def test_private_parts_are_where_they_were() -> None:
    program = """
from keras.utils.conv_utils import conv_output_length
from keras.utils.generic_utils import to_list
from keras.engine import Layer
from keras.engine.training import Model
length = conv_output_length(10, 3, "valid", 1)
items = to_list(1)
layer = issubclass(Model, Layer)
"""
    values = run_on_keras2(program, "length", "items", "layer").values
    assert values == {"length": 8, "items": [1], "layer": True}
