# unchanged: written for Keras 3

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
