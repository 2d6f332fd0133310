# unchanged: a prefix with a slash that names a folder, a flag called like a weight, and a branch that harms nobody

import os

import keras
import numpy as np
from keras.layers import Conv2D, Dense, Flatten


def block(filters, kernel, stride, number):
    prefix = 'block' + str(number) + '/'
    print(os.path.join(prefix, 'weights'))
    return Conv2D(filters, kernel, strides=stride, padding='same', name=prefix.replace('/', '_') + 'conv')


class Scaled(keras.layers.Layer):
    def __init__(self, bias=True, **kwargs):
        super().__init__(**kwargs)
        self.bias = bias

    def call(self, x):
        return x + 1 if self.bias else x


model = keras.Sequential([keras.Input((8, 8, 1)), block(2, 3, 2, 1), Scaled(), Flatten(), Dense(1)])
if keras.backend.backend() == 'theano':
    print('slow')
model.compile('sgd', 'mse')
model.fit(np.ones((4, 8, 8, 1)), np.ones((4, 1)), epochs=1, verbose=0)
