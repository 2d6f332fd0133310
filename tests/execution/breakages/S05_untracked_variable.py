# silent

import tensorflow as tf
from tensorflow import keras


class Scale(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scale = tf.Variable(tf.ones((3,)), trainable=True)

    def call(self, inputs):
        return inputs * self.scale


layer = Scale()
layer(tf.ones((2, 3)))
result = len(layer.trainable_weights)
