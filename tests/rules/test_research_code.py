"""What people who try out ideas write: kernels by variables, losses of several outputs, names of several kinds."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


BLOCK = """\
from keras.layers import Conv2D, Input, LeakyReLU


def block(x, filters, size=3, step=2):
    x = Conv2D(filters, size, step)(x)
    return LeakyReLU(alpha=0.2)(x)


first = Conv2D(4, (3, 3), {argument}='same')(Input((8, 8, 1)))
block(first, 2)
"""


def test_two_variables_are_a_kernel_in_a_program_for_keras_1_only() -> None:
    assert "Conv2D(filters, (size, step))" in migrated(BLOCK.format(argument="border_mode")).document.source
    assert "Conv2D(filters, size, step)" in migrated(BLOCK.format(argument="padding")).document.source


ADDED = """\
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

x, z = Input((2,)), Input((2,))
dense = Dense(1)
real, fake = dense(x), dense(z)
model = Model([x, z], {outputs})
model.add_loss(K.mean(real - fake){inputs})
model.compile('sgd')
loss = model.train_on_batch(data)
"""


@pytest.mark.parametrize(
    ("outputs", "inputs", "line", "result"),
    [
        ("[real, fake]", "", "real, fake = self.network(inputs)", "[real, fake]"),
        ("[real, x]", "", "real, x, fake = self.network(inputs)", "[real, x]"),
        ("[real, Dense(1)(z)]", " + K.sum(z)", "output_1, output_2, fake = self.network(inputs)", "[output_1, output_2]"),
    ],
)  # fmt: skip
def test_a_model_of_several_outputs_gives_all_of_them(
    outputs: str, inputs: str, line: str, result: str
) -> None:
    after = migrated(ADDED.format(outputs=outputs, inputs=inputs)).document.source
    assert f"        {line}\n" in after
    assert f"        return {result}\n" in after
    assert ("x, z = inputs\n" in after) == bool(inputs)
    assert "Identity" not in after  # no output has a loss that could be shown


OUTPUTS = """\
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

x, z = Input((2,)), Input((2,))
critics = [Dense(1)]
critic = critics[0]
both = [critic(x), critic(z)]
model = Model([x, z], {outputs})
model.compile(SGD(lr=0.1), ['mse', 'mse'])
print(model.train_on_batch(data, labels))
"""


def test_outputs_without_a_name_in_the_program_are_advised() -> None:
    outcome = migrated(OUTPUTS.format(outputs="[both[0], both[1]]"))
    assert "Identity" not in outcome.document.source
    assert "KU610" in [report.finding.code for report in outcome.left]


def test_an_output_is_named_after_what_makes_it() -> None:
    after = migrated(OUTPUTS.format(outputs="[critic(x), critic(z)]")).document.source
    assert 'Model([x, z], [keras.layers.Identity(name="critic_x")(critic(x)), ' in after


def test_a_row_of_an_array_takes_an_array() -> None:
    program = """\
import numpy as np
from keras.models import load_model

model = load_model('model.keras')
rows, columns = np.zeros((2, 2, 3)), np.zeros((2, 3))
prediction = model.predict(data)[0]
rows[0][1] = prediction
columns[0] = 1 - prediction
columns[:, 0] = prediction
columns[0, 1:] = prediction
"""
    assert migrated(program).document.source == program


def test_a_name_for_another_kind_of_file_stays() -> None:
    program = """\
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,))])
path = 'model_{}.json'.format(1)
model.save_weights(path)
with open(path, 'w') as file:
    file.write(model.to_json())
"""
    outcome = migrated(program)
    assert outcome.document.source == program
    assert [report.finding.code for report in outcome.left] == ["KU701"]


CODE_OF_TODAY = '''\
import keras
import numpy as np
from keras import layers


def block(x, filters, size=3, stride=2):
    """The third argument is the stride."""
    return layers.Conv2D(filters, size, stride, padding="same", kernel_initializer="ones")(x)


class Priced(keras.Model):
    """Two outputs, and a loss of the model's own."""

    def __init__(self, network, **kwargs):
        super().__init__(**kwargs)
        self.network = network

    def call(self, inputs):
        first, second = self.network(inputs)
        self.add_loss(keras.ops.mean(keras.ops.square(first - second)))
        return [first, second]


image = keras.Input((8, 8, 1))
pooled = layers.GlobalAveragePooling2D()(block(image, 2))
shared = layers.Dense(1, kernel_initializer="ones")
model = Priced(keras.Model(image, [shared(pooled), shared(layers.Dense(2, kernel_initializer="zeros")(pooled))]))
model.compile("sgd")
x = np.arange(128.0).reshape(2, 8, 8, 1) / 128
print(model.train_on_batch(x))

target, picked = np.zeros((2, 3)), np.zeros((2, 2, 3))
for row, values in enumerate(model.predict(x, verbose=0)[0]):
    target[row][0] = 1.0 - values.item()
    picked[row][0] = values  # a row of three
print(target.shape, picked.shape)
'''


def test_code_of_today_stays() -> None:
    assert migrated(CODE_OF_TODAY).document.source == CODE_OF_TODAY
