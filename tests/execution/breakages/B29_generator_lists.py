# error: ValueError: When passing a Python generator to a Keras model, the generator must return a tuple, either (input,) or (inputs, targets) or (inputs, targets, sample_weights). Received: [array([[1., 1.]])
# error: TypeError: `output_signature` must contain objects that are subclass of `tf.TypeSpec` but found <class 'list'> which is not.

import numpy as np
from tensorflow.keras.layers import Add, Dense, Input
from tensorflow.keras.models import Model
from tensorflow.keras.utils import Sequence
a, b = Input((2,)), Input((2,))
model = Model([a, b], Dense(1, kernel_initializer='ones')(Add()([a, b])))
model.compile('sgd', 'mse')


def batches():
    while True:
        yield [np.ones((2, 2)), np.ones((2, 2))], np.zeros((2, 1))


class Batches(Sequence):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        x = [np.ones((2, 2)), np.ones((2, 2))]
        return [x, np.zeros((2, 1))]


model.fit_generator(batches(), steps_per_epoch=2, verbose=0)
model.fit_generator(Batches(), verbose=0)
result = model.get_weights()[0].tolist()
