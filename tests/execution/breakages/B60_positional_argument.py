# error: ValueError: Only input tensors may be passed as positional arguments. The following argument value should be passed as a keyword argument: 3 (of type <class 'int'>)

import numpy as np
from tensorflow import keras


class Times(keras.layers.Layer):
    def call(self, inputs, factor=1, training=None):
        return inputs * factor


x = keras.Input((2,))
model = keras.Model(x, keras.layers.Dropout(0.5)(Times()(x, 3), False))
result = model.predict(np.ones((1, 2))).tolist()
