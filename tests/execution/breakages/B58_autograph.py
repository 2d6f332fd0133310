# error: tensorflow.python.framework.errors_impl.OperatorNotAllowedInGraphError: Exception encountered when calling Gate.call().\n\nCould not automatically infer the output shape / dtype of 'gate' (of type Gate). Either the `Gate.call()` method is incorrect, or you need to implement the `Gate.compute_output_spec() / compute_output_shape()` method. Error encountered:\n\nUsing a symbolic `tf.Tensor` as a Python `bool` is not allowed.

import numpy as np
import tensorflow as tf
from tensorflow import keras


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if tf.reduce_sum(inputs) > 0:
            return inputs * 2
        return inputs


x = keras.Input((2,))
model = keras.Model(x, Gate()(x))
result = [model.predict(np.ones((1, 2))).tolist(), model.predict(-np.ones((1, 2))).tolist()]
