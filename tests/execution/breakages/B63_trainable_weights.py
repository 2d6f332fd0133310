# error: AttributeError: property 'trainable_weights' of 'L' object has no setter
# error: AttributeError: 'L' object has no attribute 'add_variable'
# result: [[[3.0, 3.0]], 1]

import numpy as np
from keras import backend as K
from keras import initializers
from keras.layers import Layer


class L(Layer):
    def build(self, input_shape):
        self.W = K.variable(initializers.get('ones')((input_shape[-1], 2)), name='W')
        self.trainable_weights = [self.W]
        super(L, self).build(input_shape)

    def call(self, x):
        return K.dot(x, self.W)


layer = L()
out = layer(K.ones((1, 3)))
result = [K.eval(out).tolist(), len(layer.trainable_weights)]
