"""What callbacks read that `fit` does not set any more (KU609), and keys of their logs (KU204)."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

SCORE = """\
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class BestScore(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(self.model.predict(self.validation_data[0]))


model = Sequential([Dense(1, input_shape=(2,))])
"""


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def test_a_callback_made_in_the_call_gets_a_name() -> None:
    source = migrated(
        SCORE + "h = model.fit(a, b, callbacks=[BestScore()], validation_data=val)\n"
    ).document.source
    assert source.endswith(
        "best_score = BestScore()\nbest_score.validation_data = val\n"
        "h = model.fit(a, b, callbacks=[best_score], validation_data=val)\n"
    )


def test_data_that_are_made_in_the_call_get_no_second_making() -> None:
    program = SCORE + "score = BestScore()\nmodel.fit(a, b, callbacks=[score], validation_data=load())\n"
    outcome = migrated(program)
    assert outcome.document.source == program
    assert [report.finding.code for report in outcome.left] == ["KU609"]


@pytest.mark.parametrize(
    "change",
    [
        ("validation_data[0]", "validation_data[2]"),
        ("validation_data[0]", "validation_data"),
        ("Sequential([Dense(1, input_shape=(2,))])", "Model([p, q], Dense(1)(Add()([p, q])))"),
    ],
)
def test_other_data_than_one_input_and_target_are_left_with_an_advice(change: tuple[str, str]) -> None:
    head = "from keras.layers import Add, Dense, Input\nfrom keras.models import Model, Sequential\n"
    start = SCORE.replace("from keras.layers import Dense\nfrom keras.models import Sequential\n", head)
    start = start.replace("model = ", "p, q = Input((2,)), Input((2,))\nmodel = ").replace(*change)
    program = start + "score = BestScore()\nmodel.fit(a, b, callbacks=[score], validation_data=(c, d))\n"
    outcome = migrated(program)
    assert outcome.document.source == program
    assert [report.finding.code for report in outcome.left] == ["KU609"]


def test_a_class_with_data_of_its_own_is_right() -> None:
    program = SCORE.replace(
        "    def on_epoch_end",
        "    def __init__(self, data):\n        super().__init__()\n"
        "        self.validation_data = data\n\n    def on_epoch_end",
    )
    program += "model.fit(a, b, callbacks=[BestScore(c)], validation_data=(c, d))\n"
    outcome = migrated(program)
    assert outcome.document.source == program
    assert outcome.left == []


@pytest.mark.parametrize(
    ("key", "word"), [("metrics", "`logs`"), ("samples", "`steps`"), ("batch_size", "`steps`")]
)
def test_keys_of_params_that_are_gone(key: str, word: str) -> None:
    program = SCORE.replace("self.model.predict(self.validation_data[0])", f"self.params['{key}']")
    outcome = migrated(program)
    assert word in outcome.left[0].finding.message
    assert migrated(program.replace(key, "nb_epoch")).document.source == program.replace(key, "epochs")
    assert migrated(program.replace(key, "steps")).left == []


RATE = """\
from keras.callbacks import {callback}
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
history = model.fit(x, y, callbacks=[{callback}()])
print(history.history['lr'])
"""


def test_the_rate_that_keras_notes_has_another_key() -> None:
    after = migrated(RATE.format(callback="ReduceLROnPlateau")).document.source
    assert after.endswith("print(history.history['learning_rate'])\n")


@pytest.mark.parametrize(
    "program",
    [
        RATE.format(callback="TerminateOnNaN"),
        RATE.format(callback="ReduceLROnPlateau").replace(
            "history = ", "history.history['lr'] = []\nhistory = "
        )
        + "history.history['lr'] = [1]\n",
        RATE.format(callback="ReduceLROnPlateau").replace("history.history['lr']", "settings['lr']"),
    ],
)
def test_another_rate_keeps_its_key(program: str) -> None:
    assert migrated(program).document.source == program
