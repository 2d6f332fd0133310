import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


class GatedCell(layers.Layer):
    def __init__(self, units, dropout=0.0, **kwargs):
        super(GatedCell, self).__init__(**kwargs)
        self.units = units
        self.state_size = [tf.TensorShape([units]), tf.TensorShape([units])]
        self.output_size = units
        self.dropout = dropout

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1] + self.units, 2 * self.units), name="w")
        self.b = self.add_weight(shape=(2 * self.units,), initializer="zeros", name="b")

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        if inputs is not None:
            batch_size = tf.shape(inputs)[0]
            dtype = inputs.dtype
        return [tf.zeros([batch_size, self.units], dtype), tf.ones([batch_size, self.units], dtype)]

    def call(self, inputs, states, training=None):
        h, c = states
        gates = tf.matmul(tf.concat([inputs, h], axis=1), self.w) + self.b
        f, g = tf.split(gates, 2, axis=1)
        c = tf.sigmoid(f) * c + tf.tanh(g)
        h = tf.tanh(c)
        return h, [h, c]

    def get_config(self):
        config = super(GatedCell, self).get_config()
        config.update({"units": self.units, "dropout": self.dropout})
        return config


inputs = layers.Input((5, 3))
out, h, c = layers.RNN(GatedCell(4), return_sequences=True, return_state=True)(inputs)
model = tf.keras.Model(inputs, [out, h, c])
x = np.random.RandomState(0).rand(2, 5, 3).astype("float32")
o, h, c = model.predict(x, verbose=0)
print(o.shape, h.shape, c.shape)
