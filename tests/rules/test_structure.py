"""Fixes that move code: where it lands, and when it must not be moved."""

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

MODEL = """\
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

x = Input((4,))
code = Dense(2)(x)
model = Model(x, Dense(4)(code))
"""


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def test_a_model_is_built_where_its_constants_are_known() -> None:
    after = migrated(
        MODEL
        + "price = 0.1\n\n\ndef loss(y, p):\n    return K.square(y - p) + price * K.sum(code, axis=-1)\n\n\n"
        + "model.compile('sgd', loss=loss)\n"
    ).document.source
    assert after.index("price = 0.1") < after.index("model.build(x.shape)") < after.index("model.compile(")


def test_a_model_is_built_at_once_where_everything_is_known() -> None:
    after = migrated(
        "price = 0.1\n"
        + MODEL
        + "def loss(y, p):\n    return K.square(y - p) + price * K.sum(code, axis=-1)\n\nmodel.compile('sgd', loss=loss)\n"
    ).document.source
    assert "model = ModelWithLoss(Model(x, [outputs, code]), price)\nmodel.build(x.shape)\n" in after.replace(
        "Dense(4)(code)", "outputs"
    )


def test_a_default_that_hands_on_a_variable_is_that_variable() -> None:
    after = migrated(
        "price = 0.1\n"
        + MODEL
        + "def loss(y, p, price=price):\n    return K.square(y - p) + price * K.sum(code, axis=-1)\n\n"
        + "model.compile('sgd', loss=loss)\n"
    ).document.source
    assert "self.add_loss(keras.ops.mean(self.price * keras.ops.sum(code, axis=-1)))" in after


def test_a_loss_whose_inner_terms_read_a_parameter_is_left_with_an_advice() -> None:
    program = (
        MODEL
        + "def loss(y, p, price=0.1):\n    return K.square(y - p) + price * K.sum(code, axis=-1)\n\n"
        + "model.compile('sgd', loss=loss)\n"
    )
    outcome = migrated(program)
    assert "class " not in outcome.document.source
    assert [report.finding.code for report in outcome.left] == ["KU501"]


def test_a_lambda_that_uses_objects_of_a_function_becomes_a_class_in_it() -> None:
    program = (
        "from keras import backend as K\nfrom keras.layers import Dense, Input, Lambda\n\n\n"
        "def build(n):\n    inner = Dense(n)\n    x = Input((n,))\n"
        "    return Lambda(lambda t: K.exp(inner(t)))(x)\n"
    )
    after = migrated(program).document.source
    assert "    class Exp(keras.layers.Layer):\n        def call(self, t):\n" in after
    assert after.endswith("    return Exp()(x)\n")
