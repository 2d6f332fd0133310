"""Rules about the user's own layers, models and metrics: what they change, and what they must leave alone."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

HEAD = "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n\n\n"


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def layer(*lines: str, base: str = "keras.layers.Layer", inits: str = "") -> str:
    """A class with an `__init__` (`inits` in it) and further lines."""
    head = f"class Mine({base}):\n    def __init__(self, size=3):\n        super().__init__()\n"
    return HEAD + head + inits + "\n" + "\n".join(f"    {line}" for line in lines) + "\n\n\nlayer = Mine(4)\n"


def codes(outcome: Outcome) -> list[str]:
    return [report.finding.code for report in outcome.left]


# -- KU404 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "new"),
    [
        ("tf.ones((size,))", 'self.add_weight(shape=(size,), initializer="ones")'),
        (
            "tf.zeros([2, size], tf.float64)",
            'self.add_weight(shape=[2, size], initializer="zeros", dtype="float64")',
        ),
        ("np.zeros(3)", 'self.add_weight(shape=(3,), initializer="zeros", dtype="float64")'),
        ("0.5", "self.add_weight(shape=(), initializer=keras.initializers.Constant(0.5))"),
        ("-2", 'self.add_weight(shape=(), initializer=keras.initializers.Constant(-2), dtype="int32")'),
        ("tf.constant(2.5)", "self.add_weight(shape=(), initializer=keras.initializers.Constant(2.5))"),
        (
            "tf.constant(3, shape=[2])",
            'self.add_weight(shape=[2], initializer=keras.initializers.Constant(3), dtype="int32")',
        ),
        ("True", 'self.add_weight(shape=(), initializer=keras.initializers.Constant(True), dtype="bool")'),
        (
            "tf.random.normal((2, 2), stddev=0.1)",
            "self.add_weight(shape=(2, 2), initializer=keras.initializers.RandomNormal(stddev=0.1))",
        ),
        (
            "tf.random.uniform((2,))",
            "self.add_weight(shape=(2,), initializer=keras.initializers.RandomUniform(minval=0.0, maxval=1.0))",
        ),
        # With a seed the numbers are those of TensorFlow; a shape that may be a number is not read.
        ("tf.random.normal((2, 2), seed=1)", "keras.Variable(tf.random.normal((2, 2), seed=1))"),
        ("[1.0, 2.0]", "keras.Variable([1.0, 2.0])"),
        ("np.arange(3.0)", "keras.Variable(np.arange(3.0))"),
    ],
)
def test_the_first_value_of_a_variable_is_read(value: str, new: str) -> None:
    after = migrated(layer(inits=f"        self.w = tf.Variable({value})\n")).document.source
    assert f"        self.w = {new}\n" in after


def test_a_size_that_may_be_a_tuple_is_not_taken_for_a_number() -> None:
    program = (
        HEAD
        + "class Mine(keras.layers.Layer):\n    def __init__(self, size):\n        super().__init__()\n"
        + "        self.w = tf.Variable(tf.zeros(size))\n"
    )
    assert "self.w = keras.Variable(tf.zeros(size))" in migrated(program).document.source


@pytest.mark.parametrize(
    "program",
    [
        # Not in a class of Keras.
        HEAD + "class Loader:\n    def __init__(self):\n        self.w = tf.Variable(1.0)\n",
        HEAD + "class Part(tf.Module):\n    def __init__(self):\n        self.w = tf.Variable(1.0)\n",
        HEAD + "w = tf.Variable(1.0)\nlayer = keras.layers.Dense(2)\n",
        # Forgotten by Keras 2 as well: made before the constructor above has run.
        HEAD
        + "class Mine(keras.layers.Layer):\n    def __init__(self):\n        self.w = tf.Variable(1.0)\n"
        + "        super().__init__()\n",
        # A variable of a function alone.
        layer("def call(self, x):", "    w = tf.constant(1.0)", "    return x * w"),
    ],
)
def test_other_variables_stay(program: str) -> None:
    outcome = migrated(program)
    assert (outcome.document.source, codes(outcome)) == (program, [])


def test_a_variable_in_code_for_keras_3_is_meant_to_be_one() -> None:
    program = (
        "import keras\nimport tensorflow as tf\n\n\nclass Mine(keras.layers.Layer):\n    def __init__(self):\n"
        "        super().__init__()\n        self.count = tf.Variable(0)\n\n    def call(self, x):\n"
        "        return keras.ops.exp(x)\n"
    )
    outcome = migrated(program)
    assert (outcome.document.source, codes(outcome)) == (program, [])


@pytest.mark.parametrize(
    "lines",
    [
        ("def call(self, x):", "    self.w = tf.Variable(1.0)", "    return x"),
        ("def reset(self):", "    self.w = tf.Variable(1.0)"),
    ],
)
def test_a_variable_made_late_gets_an_advice(lines: tuple[str, ...]) -> None:
    outcome = migrated(layer(*lines))
    assert "self.w = tf.Variable(1.0)" in outcome.document.source
    assert codes(outcome) == ["KU404"]


def test_what_only_a_variable_of_tensorflow_has_is_not_lost() -> None:
    outcome = migrated(
        layer(
            "def call(self, x):",
            "    self.w.scatter_nd_update([[0]], [1.0])",
            "    return x",
            inits="        self.w = tf.Variable(tf.zeros((3,)))\n",
        )
    )
    assert "tf.Variable(tf.zeros((3,)))" in outcome.document.source
    assert "scatter_nd_update" in outcome.left[0].finding.message


def test_a_list_of_weights_that_is_not_understood_stays() -> None:
    program = (
        "from keras import backend as K\nfrom keras.layers import Layer\n\n\nclass Mine(Layer):\n"
        "    def build(self, shape):\n        self.w = K.variable(1.0)\n"
        "        self._trainable_weights = make(self)\n"
    )
    outcome = migrated(program)
    assert "self._trainable_weights = make(self)" in outcome.document.source
    assert codes(outcome) == ["KU404"]


def test_the_condition_around_a_list_of_weights_goes_with_it() -> None:
    program = (
        "from keras import backend as K\nfrom keras.layers import Layer\n\n\nclass Mine(Layer):\n"
        "    def build(self, shape):\n        self.w = K.variable(1.0)\n        if self.trainable:\n"
        "            self._trainable_weights.append(self.w)\n        self.done = True\n"
    )
    after = migrated(program).document.source
    assert 'self.w = self.add_weight(shape=(), initializer="ones")\n        self.done = True\n' in after


# -- KU405 ---------------------------------------------------------------------------------------------------


def test_arguments_that_are_tensors_stay_where_they_are() -> None:
    program = (
        layer(
            "def call(self, x, y, mask=None):",
            "    return x + y",
            inits="        self.size = size\n",
        )
        + "x = keras.Input((2,))\ny = layer(x, x, None)\n"
    )
    assert "y = layer(x, x, None)" in migrated(program).document.source


def test_the_masks_of_attention_stay_in_code_for_keras_3() -> None:
    program = (
        "import keras\n\nattend = keras.layers.MultiHeadAttention(2, 2)\n\n\n"
        "def run(x, mask):\n    return attend(x, x, x, mask)\n"
    )
    assert migrated(program).document.source == program


def test_an_unknown_argument_is_given_by_keyword_where_its_default_says_that_it_is_no_tensor() -> None:
    program = (
        layer("def call(self, x, scale=1.0, mask=None):", "    return x * scale")
        + "\n\ndef run(x, scale, mask):\n    return layer(x, scale, mask)\n"
    )
    assert "return layer(x, scale=scale, mask=mask)" in migrated(program).document.source


def test_a_number_without_a_default_is_given_by_keyword() -> None:
    program = (
        layer("def call(self, x, factor):", "    return x * factor") + "y = layer(keras.Input((2,)), 3)\n"
    )
    assert "y = layer(keras.Input((2,)), factor=3)" in migrated(program).document.source


# -- KU406 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        "training",
        "training and self.size > 2",
        "x.shape[1] == 3",
        "len(x.shape) > 2",
        "mask is not None",
        "isinstance(x, (list, tuple))",
        "keras.backend.image_data_format() == 'channels_last'",
        "flag > 3",
    ],
)
def test_conditions_on_python_values_are_no_control_flow_of_tensors(condition: str) -> None:
    program = layer(
        "def call(self, x, flag, mask=None, training=None):",
        f"    if {condition}:",
        "        x = x + 1",
        "    return x",
        inits="        self.size = size\n",
    )
    after = migrated(program).document.source
    assert "@tf" not in after


@pytest.mark.parametrize(
    "statement",
    [
        "if tf.reduce_sum(x) > 0:",
        "if training and not tf.reduce_any(x > 0):",
        "while tf.reduce_max(x) > 10.0:",
        "for i in tf.range(3):",
        "for i in range(tf.shape(x)[0]):",
        "for i, j in enumerate(tf.range(3)):",
    ],
)
def test_control_flow_on_tensors(statement: str) -> None:
    program = layer(
        "def call(self, x, training=None):", f"    {statement}", "        x = x + 1", "    return x"
    )
    after = migrated(program).document.source
    assert "    @tf.function\n    def call(" in after


def test_a_layer_with_parts_is_not_put_into_a_function_that_keeps_its_first_run() -> None:
    program = layer(
        "def call(self, x):",
        "    if tf.reduce_sum(x) > 0:",
        "        return self.dense(x)",
        "    return x",
        inits="        self.dense = keras.layers.Dense(2)\n",
    )
    assert "    @tf.autograph.to_graph\n    def call(" in migrated(program).document.source


# -- KU407 ---------------------------------------------------------------------------------------------------


def test_layers_that_depend_on_the_inputs_or_stand_in_loops_get_an_advice() -> None:
    outcome = migrated(
        layer(
            "def call(self, x):",
            "    for _ in range(2):",
            "        x = keras.layers.Dense(2)(x)",
            "    return keras.layers.Dense(x.shape[-1])(x)",
        )
    )
    assert codes(outcome) == ["KU407", "KU407"]
    assert "self.dense" not in outcome.document.source


def test_a_model_with_a_build_of_its_own_is_built_by_it() -> None:
    program = (
        layer(
            "def build(self, shape):",
            "    pass",
            "",
            "def call(self, x):",
            "    return x",
            base="keras.Model",
        )
        + "layer.build((None, 3))\n"
    )
    assert "layer.build((None, 3))" in migrated(program).document.source


def test_a_sequential_model_is_built_by_its_shape() -> None:
    program = HEAD + "model = keras.Sequential([keras.layers.Dense(2)])\nmodel.build((None, 3))\n"
    assert migrated(program).document.source == program


# -- KU408 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    [
        "states = r[0:1] + r[1:]",
        "out, h, c = r",
        "[1, 2] + [3]",
        "x = y[0:1] + y[1:]",
        "keras.layers.Concatenate()(r[1:])",
    ],
)
def test_uses_of_a_tuple_that_are_right(use: str) -> None:
    program = (
        HEAD
        + "x = keras.Input((3, 2))\ny = [1, 2]\nr = keras.layers.LSTM(2, return_state=True)(x)\n"
        + use
        + "\n"
    )
    assert migrated(program).document.source == program


# -- KU506, KU507 --------------------------------------------------------------------------------------------


def test_losses_that_would_count_twice_are_left_with_an_advice() -> None:
    program = layer(
        "def train_step(self, data):",
        "    x, y = data",
        "    loss = self.compiled_loss(y, self(x))",
        "    loss += tf.add_n(self.losses)",
        "    return {'loss': loss}",
        base="keras.Model",
    )
    outcome = migrated(program)
    assert "self.compiled_loss(y, self(x))" in outcome.document.source
    assert "would count twice" in outcome.left[0].finding.message


def test_losses_of_regularizers_that_were_left_out_need_a_review() -> None:
    lines = (
        "def train_step(self, data):",
        "    x, y = data",
        "    loss = self.compiled_loss(y, self(x))",
        "    return {'loss': loss}",
    )
    plain = migrated(layer(*lines, base="keras.Model"))
    other = migrated(
        layer(
            *lines,
            base="keras.Model",
            inits="        self.d = keras.layers.Dense(1, kernel_regularizer='l2')\n",
        )
    )
    found = [next(r.finding for r in o.applied if r.finding.code == "KU506") for o in (plain, other)]
    assert [finding.assumption != "" for finding in found] == [False, True]
    assert "for metric" not in plain.document.source


def test_a_metric_gets_a_name_that_is_free() -> None:
    after = migrated(
        layer(
            "def call(self, x):",
            "    self.add_metric(tf.reduce_mean(x), name='mean')",
            "    return x * self.mean_metric",
            inits="        self.mean_metric = 3\n",
        )
    ).document.source
    assert "self.mean_metric2 = keras.metrics.Mean(name='mean')" in after
    assert "self.mean_metric2.update_state(tf.reduce_mean(x))" in after


def test_a_name_that_is_made_in_call_gets_an_advice() -> None:
    outcome = migrated(
        layer(
            "def call(self, x):",
            "    for i in range(2):",
            "        self.add_metric(x, name=f'part_{i}')",
            "    return x",
        )
    )
    assert codes(outcome) == ["KU507"]


# -- KU410, KU412 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "use",
    [
        "[w for w in model.weights if 'kernel' in w.name]",
        "[w for w in files if 'a/' in w.name]",
        "[l for l in model.layers if 'a/' in l.name]",
        "model.weights[0].numpy()",
    ],
)
def test_names_that_are_right_stay(use: str) -> None:
    program = HEAD + f"model = keras.Sequential([keras.layers.Dense(2)])\nfiles = make()\nprint({use})\n"
    assert migrated(program).document.source == program


def test_a_metric_with_both_names_stays() -> None:
    program = layer(
        "def reset_state(self):",
        "    pass",
        "",
        "def reset_states(self):",
        "    pass",
        base="keras.metrics.Metric",
    )
    assert migrated(program).document.source == program
