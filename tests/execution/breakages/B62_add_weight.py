# error: ValueError: `name` must be passed as a keyword argument
# error: TypeError: Layer.add_weight() got an unexpected keyword argument 'partitioner'

import numpy as np
from tensorflow import keras


class Mine(keras.layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight('kernel', (input_shape[-1], 2), initializer='ones')
        self.bias = self.add_weight('bias', shape=(2,), initializer='zeros', use_resource=True)

    def call(self, inputs):
        return keras.backend.dot(inputs, self.kernel) + self.bias


result = Mine()(np.ones((1, 3), 'float32')).numpy().tolist()
