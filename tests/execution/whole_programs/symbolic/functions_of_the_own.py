# unchanged: `K` is a class of the program's, and its functions have nothing to do with Keras

import keras
import numpy as np


class K:
    """What a kernel machine needs."""

    @staticmethod
    def function(inputs, outputs):
        return lambda arrays: [output(*arrays) for output in outputs][: len(inputs) + 1]

    @staticmethod
    def gradients(loss, variables):
        return [lambda x: (loss(x + 1e-3) - loss(x - 1e-3)) / 2e-3 for _ in variables]


model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,), kernel_initializer="ones")])
slope = K.gradients(np.sin, ["x"])[0]
both = K.function(["x"], [np.sin, slope])
print([round(float(value), 4) for value in both([0.5])])
print(model.predict(np.ones((1, 2)), verbose=0).tolist())
