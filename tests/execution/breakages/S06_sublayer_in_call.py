# silent

import tensorflow as tf
from tensorflow import keras


class Block(keras.layers.Layer):
    def call(self, inputs):
        return keras.layers.Dense(2)(inputs)


block = Block()
result = block(tf.ones((1, 3))).shape[-1]
