# silent

import numpy as np
from keras import backend as K
from keras.layers import Layer, Dense
from keras.models import Sequential


class Shift(Layer):
    def build(self, input_shape):
        self.shift = K.variable(np.zeros(input_shape[-1]), name='shift')
        self._trainable_weights = [self.shift]
        super(Shift, self).build(input_shape)

    def call(self, inputs):
        return inputs + self.shift


model = Sequential([Dense(3, input_shape=(2,), kernel_initializer='ones'), Shift()])
model.compile('sgd', 'mse')
model.train_on_batch(np.ones((4, 2)), np.zeros((4, 3)))
result = [w.tolist() for w in model.get_weights()]
