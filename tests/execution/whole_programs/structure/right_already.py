# unchanged: right on both sides: layers, operators and real tensors
import numpy as np
import tensorflow as tf
from keras import Input, Model, layers


def residual(x, units):
    y = layers.Dense(units, activation='relu')(x)
    return layers.add([x, y])


class Heads(layers.Layer):
    def __init__(self, count, **kwargs):
        super().__init__(**kwargs)
        self.parts = [layers.Dense(2) for _ in range(count)]

    def call(self, inputs):
        return tf.stack([part(inputs) for part in self.parts], axis=1)


def scale(x):
    return tf.reduce_mean(tf.concat([x, x], axis=0), axis=0)


a = Input((4,), name='a')
b = Input((4,), name='b')
h = 1 - a[:, ::-1] + b * 2.0 - (-a) / 4
for _ in range(2):
    h = residual(h, 4)
encoder = Model([a, b], h)
outputs = layers.Flatten()(Heads(3)(encoder([b, a])))
model = Model([a, b], outputs)
model.compile('sgd', 'mse')
x = np.linspace(0, 1, 32).reshape(2, 4, 4).astype('float32')
model.fit([x[0], x[1]], np.zeros((4, 6)), epochs=1, verbose=0)
print(model.predict([x[0], x[1]], verbose=0).shape)
print(np.round(scale(tf.constant(x[0])).numpy(), 3))
print([layer.name for layer in model.layers if layer.name in 'ab'])
