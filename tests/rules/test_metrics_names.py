"""Where the names of a model's results come from (KU604)."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

ONE = """\
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,))])
"""
TWO = """\
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
model = Model(x, [Dense(1, name='price')(x), Dense(1, name='class')(x)])
"""
ASKED = "print(list(model.get_metrics_result()))\n"


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def last_line(program: str) -> str:
    return migrated(program).document.source.splitlines(keepends=True)[-1]


def test_a_model_that_was_trained_is_asked() -> None:
    program = (
        ONE + "model.compile('sgd', 'mse', metrics=['mae'])\nmodel.fit(x, y)\nprint(model.metrics_names)\n"
    )
    assert last_line(program) == ASKED


@pytest.mark.parametrize("between", ["", "model.fit(x, y)\nmodel.compile('sgd', 'mse', metrics=['mae'])\n"])
def test_names_are_written_out_where_the_compiled_model_has_seen_nothing(between: str) -> None:
    start = ONE + "model.compile('sgd', 'mse', metrics=['mae'])\n" + between
    assert last_line(start + "print(model.metrics_names)\n") == 'print(["loss", "mae"])\n'
    assert last_line(start + "print(model.metrics_names[-1])\n") == 'print("mae")\n'


def test_a_prediction_shows_no_targets() -> None:
    start = ONE + "model.compile('sgd', 'mse', metrics=['mae'])\nmodel.predict(x)\n"
    assert last_line(start + "print(model.metrics_names)\n") == 'print(["loss", "mae"])\n'


def test_names_before_training_in_tf_keras_are_written_out_under_an_assumption() -> None:
    program = ONE.replace("keras.", "tensorflow.keras.") + "model.compile('sgd', 'mse', metrics=['mae'])\n"
    outcome = migrated(program + "print(model.metrics_names)\n")
    assert 'print(["loss", "mae"])' in outcome.document.source
    assumptions = [r.finding.assumption for r in outcome.applied if r.finding.code == "KU604"]
    assert len(assumptions) == 1
    assert "before 2.2" in assumptions[0]


@pytest.mark.parametrize("metric", ["lambda y, p: 0", "metrics[0]", "AUC()"])
def test_names_that_compile_does_not_tell_are_left_with_an_advice(metric: str) -> None:
    program = (
        ONE + f"model.compile('sgd', 'mse', metrics=['mae', {metric}])\nprint(model.metrics_names)\n"
    ).replace("import Sequential", "import Sequential\nfrom keras.metrics import AUC")
    outcome = migrated(program)
    assert [report.finding.code for report in outcome.left] == ["KU604"]
    assert outcome.document.source == program


def test_of_several_outputs_the_order_is_that_of_keras_3_and_an_index_keeps_its_name() -> None:
    start = TWO + "model.compile('sgd', 'mse', metrics=[['mae'], ['acc']])\nscores = model.evaluate(x, y)\n"
    assert last_line(start + "print(dict(zip(model.metrics_names, scores)))\n") == (
        'print(dict(zip(["loss", "price_loss", "class_loss", "class_acc", "price_mae"], scores)))\n'
    )
    assert last_line(start + "print(model.metrics_names[3])\n") == 'print("price_mae")\n'


def test_several_outputs_without_metrics_are_right() -> None:
    program = TWO + "model.compile('sgd', 'mse')\nmodel.fit(x, [y, y])\nprint(model.metrics_names)\n"
    assert migrated(program).document.source == program


def test_a_callback_asks_its_model_after_a_batch_only() -> None:
    program = (
        "from keras.callbacks import Callback\n\n\nclass Show(Callback):\n"
        "    def on_train_begin(self, logs=None):\n        print(self.model.metrics_names)\n\n"
        "    def on_epoch_end(self, epoch, logs=None):\n        print(self.model.metrics_names)\n"
    )
    outcome = migrated(program)
    assert outcome.document.source.count("list(self.model.get_metrics_result())") == 1
    assert [report.position.line for report in outcome.left] == [6]


def test_a_class_with_metrics_of_its_own_is_right() -> None:
    program = (
        "import keras\n\n\nclass Net(keras.Model):\n"
        "    @property\n    def metrics(self):\n        return [self.tracker]\n\n\n"
        "net = Net()\nnet.compile('sgd', 'mse', metrics=['mae'])\nnet.fit(x, y)\nprint(net.metrics_names)\n"
    )
    outcome = migrated(program)
    assert outcome.document.source == program
    assert outcome.left == []
