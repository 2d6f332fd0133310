"""Layers, models, cells and schedules of the user's: what is rewritten in them, what is only advised, what stays."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

STANDALONE = "import numpy as np\nfrom keras import backend as K\nfrom keras import layers\n\n\n"
TENSORFLOW = (
    "import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras\n"
    "from tensorflow.keras import layers\n\n\n"
)


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def after(program: str) -> str:
    return migrated(program).document.source


def codes(program: str) -> list[str]:
    return [report.finding.code for report in migrated(program).left]


def layer(*lines: str, head: str = STANDALONE, base: str = "layers.Layer") -> str:
    """A layer with these lines in it."""
    return f"{head}class Mine({base}):\n" + "\n".join(f"    {line}" if line else "" for line in lines) + "\n"


# -- KU415 ---------------------------------------------------------------------------------------------------


def test_an_update_of_an_eager_program_takes_place_in_each_call() -> None:
    text = after(
        layer(
            "def call(self, x):",
            "    self.add_update(self.count.assign_add(1.0))",
            "    return x",
            head=TENSORFLOW,
        )
    )
    assert "    def call(self, x):\n        self.count.assign_add(1.0)\n        return x\n" in text


@pytest.mark.parametrize(
    "lines",
    [
        ["if training:", "    self.add_update(K.update_add(self.count, 1))", "return x"],
        ["if not training:", "    return x", "self.add_update(K.update_add(self.count, 1))", "return 2 * x"],
    ],
)
def test_an_update_that_belongs_to_training_already_gets_no_second_condition(lines: list[str]) -> None:
    text = after(layer("def call(self, x, training=None):", *(f"    {line}" for line in lines)))
    assert text.count("if ") == 1
    assert "self.count.assign_add(1)\n" in text
    assert "add_update" not in text


def test_old_values_are_read_before_an_update() -> None:
    text = after(
        layer(
            "def call(self, x, training=None):",
            "    self.add_update([(self.mean, K.mean(x, axis=0))], x)",
            "    # centred by what was known before",
            "    return x - self.mean",
        )
    )
    assert text.endswith(
        "        # centred by what was known before\n"
        "        outputs = x - self.mean\n"
        "        if training:\n"
        "            self.mean.assign(keras.ops.mean(x, axis=0))\n"
        "        return outputs\n"
    )


@pytest.mark.parametrize(
    "update",
    [
        "updates",
        "self.collect(x)",
        "[K.update_add(self.count, 1), self.other(x)]",
        "[  # two\n        (self.a, x)]",
    ],
)
def test_an_update_from_elsewhere_is_advised(update: str) -> None:
    program = layer("def call(self, x):", f"    self.add_update({update})", "    return x")
    assert "KU415" in codes(program)
    assert "self.add_update(" in after(program)


# -- KU417, KU413, KU301 -------------------------------------------------------------------------------------


def test_what_build_makes_of_a_kernel_is_advised() -> None:
    program = layer(
        "def build(self, input_shape):",
        "    super(Mine, self).build(input_shape)",
        "    self.kernel = self.kernel * 2.0",
        base="layers.Dense",
    )
    assert codes(program) == ["KU417"]
    assert "self.kernel = self.kernel * 2.0" in after(program)


def test_a_kernel_of_a_plain_layer_stays() -> None:
    lines = ("def build(self, shape):", "    self.kernel = self.add_weight(shape=shape[1:], name='kernel')")
    assert "self.kernel = " in after(
        layer(*lines, "", "def call(self, x):", "    return K.dot(x, self.kernel)")
    )


def test_a_shape_that_the_program_asks_for_stays() -> None:
    program = layer(
        "def call(self, x):",
        "    self.kept = K.sum(x, axis=1)",
        "    return self.kept",
        "",
        "def compute_output_shape(self, input_shape):",
        "    return K.int_shape(self.kept)",
    )
    assert "compute_output_shape" not in after(program)
    assert "def compute_output_shape" in after(
        program + "\n\nshape = Mine().compute_output_shape((None, 3))\n"
    )


@pytest.mark.parametrize(
    ("second", "function"),
    [
        ("K.expand_dims(w)", "dot"),
        ("K.expand_dims(self.u)", "matmul"),
        ("self.u3", "dot"),
        ("self.u2", "matmul"),
        ("w", "matmul"),
    ],
)
def test_products_with_three_axes_sum_over_the_last_but_one(second: str, function: str) -> None:
    text = after(
        layer(
            "def build(self, shape):",
            "    self.u = self.add_weight(shape=(shape[-1],), name='u')",
            "    self.u2 = self.add_weight(shape=(shape[-1], 2), name='u2')",
            "    self.u3 = self.add_weight(shape=(shape[-1], 2, 2), name='u3')",
            "",
            "def call(self, x, w=None):",
            f"    return K.dot(x, {second})",
        )
    )
    assert f"return keras.ops.{function}(x, " in text


# -- KU418, KU419 --------------------------------------------------------------------------------------------


def test_a_registered_lambda_is_advised() -> None:
    program = (
        STANDALONE + "from keras.utils.generic_utils import get_custom_objects\n\n"
        "get_custom_objects()['twice'] = lambda x: 2 * x\nout = layers.Dense(2, activation='twice')\n"
    )
    assert codes(program) == ["KU418"]
    assert "activation='twice'" in after(program)


def test_a_first_state_that_is_made_of_the_inputs_is_advised() -> None:
    program = layer(
        "state_size = 2",
        "",
        "def __init__(self):",
        "    super().__init__()",
        "    self.state_size = 2",
        "",
        "def get_initial_state(self, inputs=None, batch_size=None, dtype=None):",
        "    return [tf.reduce_sum(inputs, axis=1)]",
        "",
        "def call(self, inputs, states):",
        "    return inputs, states",
        head=TENSORFLOW,
    )
    assert codes(program) == ["KU419"]


# -- KU421, KU422, KU423 -------------------------------------------------------------------------------------

NET = (
    "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
    "        self.dense, self.drop = layers.Dense(2), layers.Dropout(0.5)\n\n"
)
CALL = "    def call(self, inputs):\n        return self.drop(self.dense(inputs))\n\n"
FIT = "\nnet = Net()\nnet.compile('sgd', 'mse')\nnet.fit(np.ones((2, 3)), np.ones((2, 2)))\n"
STEP = "    def train_step(self, data):\n        return {}\n\n"


def test_a_model_that_is_fitted_is_told_of_training() -> None:
    assert "def call(self, inputs, training=None):" in after(TENSORFLOW + NET + CALL + FIT)


@pytest.mark.parametrize(
    "rest",
    [
        CALL + STEP + FIT,
        CALL + "\nnet = Net()\nnet(tf.ones((2, 3)), training=True)\n",
        CALL.replace("self.drop(self.dense(inputs))", "self.dense(inputs)"),
        CALL
        + "\nouter = keras.Sequential([Net()])\nouter.compile('sgd', 'mse')\nouter.fit(np.ones((2, 3)), np.ones((2, 2)))\n",
    ],
    ids=["own step", "own loop", "never fitted", "inside of another"],
)
def test_other_models_take_what_they_took(rest: str) -> None:
    assert "def call(self, inputs):\n" in after(TENSORFLOW + NET + rest)


def test_a_call_of_any_arguments_is_advised() -> None:
    program = (
        TENSORFLOW + NET + CALL.replace("inputs):", "*inputs):").replace("(inputs))", "(inputs[0]))") + FIT
    )
    assert "KU422" in codes(program)


def test_a_decorated_call_with_branches_is_advised() -> None:
    call = "    @tf.function\n    def call(self, x):\n        if tf.reduce_sum(x) > 0:\n"
    call += "            x = -x\n        return self.dense(x)\n"
    tape = "\nnet = Net()\nwith tf.GradientTape() as tape:\n    loss = net(tf.ones((2, 3)))\n"
    program = TENSORFLOW + NET + call + tape
    assert "KU421" in codes(program)
    assert "@tf.function" in after(program)


SCHEDULE = "class Mine(keras.optimizers.schedules.LearningRateSchedule):\n    def __call__(self, step):\n"


@pytest.mark.parametrize(
    "body",
    [
        "        step = tf.cast(step, tf.float32)\n        return 0.1 / step\n",
        "        return 0.1 / tf.cast(step, 'float32')\n",
        "        return tf.cond(step < 10, lambda: 0.1, lambda: 0.01)\n",
        "        return self.inner(step)\n",
        "        return 0.1\n",
    ],
)
def test_schedules_that_take_whole_numbers_stay(body: str) -> None:
    assert "keras.ops.cast" not in after(TENSORFLOW + SCHEDULE + body)


def test_a_schedule_casts_the_step_after_its_docstring() -> None:
    text = after(
        TENSORFLOW + SCHEDULE + '        """The rate."""\n        # linear\n        return step * 0.1\n'
    )
    assert '"""The rate."""\n' in text
    assert '        step = keras.ops.cast(step, "float32")\n        return step * 0.1\n' in text
