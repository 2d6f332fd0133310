"""What was wrong in code of public repositories: imports, names and models of other files."""

from collections.abc import Mapping
from pathlib import Path

from keras_upgrade.documents import load, loads
from keras_upgrade.engine import Outcome, migrate


def outcome_of(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def migrated(program: str) -> str:
    return outcome_of(program).document.source


def project(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    outcomes = migrate([load(folder / name) for name in files])
    return {outcome.document.path.name: outcome.document.source for outcome in outcomes}


# -- imports -------------------------------------------------------------------------------------------------


def test_keras_is_imported_before_its_first_use() -> None:
    after = migrated(
        "import os\nimport tensorflow as tf  # the framework\ntf.keras.backend.clear_session()\n"
        "from tensorflow.keras.layers import Dense\nprint(tf.ones(2))\nopt = tf.keras.optimizers.Adam(lr=0.1)\n"
    )
    assert after.startswith(
        "import os\nimport tensorflow as tf  # the framework\nimport keras\nkeras.backend.clear_session()\n"
    )


def test_keras_is_imported_before_a_use_that_is_rewritten_later() -> None:
    after = migrated(
        "import tensorflow as tf\ntf.keras.backend.clear_session()\nfrom tensorflow.keras.layers import Dense\n\n\n"
        "def f(x):\n    return tf.keras.backend.exp(x) + tf.ones(2)\n"
    )
    assert after.startswith("import tensorflow as tf\nimport keras\nkeras.backend.clear_session()\n")


def test_an_optional_import_stays_optional() -> None:
    after = migrated(
        "from typing import Union\n\nfound = True\nif found:\n    import tensorflow as tf\n"
        "    made = tf.keras.optimizers.Adam(lr=0.1)\n\nKind = Union['tf.keras.Model', int]\n"
    )
    assert after == (
        "from typing import Union\n\nfound = True\nif found:\n    import tensorflow as tf\n    import keras\n"
        "    made = keras.optimizers.Adam(learning_rate=0.1)\n\nKind = Union['tf.keras.Model', int]\n"
    )


def test_the_package_that_a_program_puts_in_place_of_keras_stays() -> None:
    program = "import sys\nimport tensorflow as tf\n\nsys.modules['keras'] = tf.keras\n\nimport keras\n"
    after = migrated(program + "opt = keras.optimizers.Adam(lr=0.1)\n")
    assert after == program + "opt = keras.optimizers.Adam(learning_rate=0.1)\n"


def test_all_uses_of_a_module_that_is_called_otherwise_follow() -> None:
    after = migrated("from keras.engine import base_layer\n\n\nclass Mine(base_layer.Layer):\n    pass\n")
    assert "base_layer" not in after or "as base_layer" in after


# -- lambdas -------------------------------------------------------------------------------------------------

LAMBDAS = "from keras import backend as K\nfrom keras.layers import Input, Lambda\n\nx = Input((4,))\n"


def test_two_lambdas_do_not_become_classes_of_one_name() -> None:
    after = migrated(
        LAMBDAS + "y = Lambda(lambda t: K.exp(t) * 2)(x)\nz = Lambda(lambda t: K.log(t) * 2)(y)\n"
    )
    assert after.count("class Scale(") == 1
    assert "y = Scale()(x)\n" in after
    assert "z = ScaleLayer()(y)\n" in after
    assert "\n\n\n\n" not in after


def test_equal_lambdas_become_one_class() -> None:
    after = migrated(LAMBDAS + "y = Lambda(lambda t: K.exp(t))(x)\nz = Lambda(lambda t: K.exp(t))(y)\n")
    assert after.count("class ") == 1
    assert after.endswith("y = Exp()(x)\nz = Exp()(y)\n")


def test_equal_lambdas_of_different_functions_with_variables_of_their_own_stay_apart() -> None:
    one = "def one(n):\n    return Lambda(lambda t: K.exp(t) * n)(x)\n\n\n"
    after = migrated(LAMBDAS + "\n\n" + one + one.replace("one", "two"))
    assert after.count("class ") == 2
    assert after.count("Scale(n)(x)") == after.count("ScaleLayer(n)(x)") == 1


def test_a_function_whose_name_becomes_that_of_the_output() -> None:
    after = migrated(
        LAMBDAS + "def total(t):\n    return K.sum(t, axis=-1)\n\ntotal = Lambda(total)(x)\nprint([total])\n"
    )
    assert "def total" not in after
    assert after.endswith("total = Total()(x)\nprint([total])\n")


def test_a_function_that_is_called_before_its_name_is_given_away() -> None:
    program = LAMBDAS + (
        "def total(t):\n    return K.sum(t, axis=-1)\n\nprint(total(x))\ntotal = Lambda(total)(x)\n"
    )
    outcome = outcome_of(program)
    assert "Lambda(total)(x)" in outcome.document.source
    assert [report.finding.code for report in outcome.left] == ["KU401"]


def test_the_self_of_a_method_is_not_that_of_the_layer() -> None:
    method = (
        "\n\nclass Actor:\n    def __init__(self):\n        self.range = 2.0\n\n"
        "    def build(self):\n        return Lambda(lambda t: {})(x)\n"
    )
    assert "Lambda(lambda t: t * self.range)" in migrated(
        LAMBDAS + "K.exp(x)" + method.format("t * self.range")
    )
    outcome = outcome_of(LAMBDAS + method.format("K.exp(t) * self.range"))
    assert "Lambda(lambda t: keras.ops.exp(t) * self.range)" in outcome.document.source
    assert [report.finding.code for report in outcome.left] == []  # a `Lambda` of `keras.ops` is right


# -- tensors and variables -----------------------------------------------------------------------------------


def test_tensors_in_a_call_are_real_where_a_layer_is_called_in_two_ways() -> None:
    program = (
        "import tensorflow as tf\nfrom tensorflow import keras\n\n\nclass Mine(keras.layers.Layer):\n"
        "    def call(self, inputs):\n        a, b = inputs\n"
        "        return tf.tile(tf.expand_dims(a, 1), [1, 1, 1]) + b\n\n\n"
        "def apply(x, flag):\n    other = keras.layers.Dense(3)(x) if flag else x\n    return Mine()([other, x])\n\n\n"
        "first = apply(keras.Input((3,)), True)\nopt = keras.optimizers.Adam(lr=0.1)\n"
    )
    assert "tf.tile(tf.expand_dims(a, 1), [1, 1, 1])" in migrated(program)


def test_zeros_that_are_updated_are_a_variable() -> None:
    after = migrated(
        "from keras import backend as K\n\ncount = K.zeros((2,))\nother = K.zeros((2,))\nK.update_add(count, other)\n"
    )
    assert 'count = keras.Variable("zeros", shape=(2,))\n' in after
    assert "other = keras.ops.zeros((2,))\n" in after


def test_the_axes_of_tensordot_are_lists_for_a_keras_tensor() -> None:
    after = migrated(
        "import tensorflow as tf\nfrom tensorflow import keras\n\nx = keras.Input((4, 3))\n"
        "y = tf.tensordot(x, tf.ones((3, 2)), axes=(-1, 0))\n"
    )
    assert "keras.ops.tensordot(x, tf.ones((3, 2)), [[-1], [0]])" in after


def test_a_loss_of_an_inner_function_does_not_move_out_of_its_reach() -> None:
    program = (
        "from keras import backend as K\nfrom keras.layers import Dense, Input\nfrom keras.models import Model\n\n\n"
        "def build():\n    x = Input((1,))\n    y = Dense(1)(x)\n    model = Model(x, y)\n\n"
        "    def loss(a, b):\n        return K.mean(a - b)\n\n    model.add_loss(loss(x, y))\n    return model\n"
    )
    outcome = outcome_of(program)
    assert "class " not in outcome.document.source
    assert [report.finding.code for report in outcome.left] == ["KU502"]


# -- other files ---------------------------------------------------------------------------------------------

USE = (
    "from helper import Dense\nfrom keras.models import Sequential\nfrom keras.callbacks import EarlyStopping\n"
    "model = Sequential([Dense(2)])\nmodel.compile('sgd', 'mse', metrics=['{}'])\nstop = EarlyStopping(monitor='val_{}')\n"
)


def test_the_metrics_of_a_program_beside_this_one_do_not_matter(tmp_path: Path) -> None:
    known, unknown = (
        USE.format("accuracy", "accuracy"),
        USE.format("acc", "acc").replace("Sequential([", "make(["),
    )
    files = {"helper.py": "from keras.layers import Dense\n", "one.py": known, "two.py": unknown}
    assert project(tmp_path, files)["two.py"] == unknown


def test_the_model_of_a_package_around_keras_may_be_fitted_with_a_generator() -> None:
    outcome = outcome_of(
        "from keras_contrib.applications import DenseNet\n\nmodel = DenseNet(classes=2)\nmodel.fit_generator(g, 3)\n"
    )
    assert "model.fit(g, steps_per_epoch=3)" in outcome.document.source
