import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models
from tensorflow.keras import backend as K


class ActivityRegularizationLayer(layers.Layer):
    def __init__(self, rate=1e-2, **kwargs):
        super(ActivityRegularizationLayer, self).__init__(**kwargs)
        self.rate = rate

    def call(self, inputs):
        self.add_loss(self.rate * K.sum(K.square(inputs)), inputs=inputs)
        self.add_metric(K.mean(inputs), name="mean_activity", aggregation="mean")
        return inputs


class Attn(layers.Layer):
    def __init__(self, units, regularizer=None, **kwargs):
        super(Attn, self).__init__(**kwargs)
        self.units = units
        self.regularizer = tf.keras.regularizers.get(regularizer)

    def build(self, input_shape):
        self.w = self.add_weight("w", (int(input_shape[-1]), self.units), initializer="glorot_uniform")
        super(Attn, self).build(input_shape)

    def call(self, inputs):
        out = K.dot(inputs, self.w)
        if self.regularizer is not None:
            self.add_loss(self.regularizer(out), inputs)
        return out

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)


i = layers.Input((5,))
x = layers.Dense(4, activation="relu")(i)
x = ActivityRegularizationLayer(0.1)(x)
x = Attn(3, regularizer="l2")(x)
m = models.Model(i, layers.Dense(1)(x))
m.compile("sgd", "mse")
data = np.random.RandomState(0).rand(16, 5)
h = m.fit(data, np.ones((16, 1)), epochs=2, verbose=0, shuffle=False)
print(sorted(h.history))
