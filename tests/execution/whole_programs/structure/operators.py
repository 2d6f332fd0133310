"""Arithmetic on the tensors of a functional model."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, Model, Input

a = Input(shape=(4, 3), name='a')
b = Input(shape=(4, 3), name='b')

first = a[:, 0]
last = a[:, -1, :]
widened = first[..., tf.newaxis]
flipped = a[:, ::-1]
negated = -b
squared = b ** 2
product = a @ tf.transpose(b, [0, 2, 1])
mask = tf.cast(a > 0, tf.float32)
rest = 1 - mask
both = tf.concat([first, last, tf.squeeze(widened, -1)], axis=1)
mixed = flipped * mask + negated * rest - squared / 2.0
pooled = tf.reduce_mean(mixed, axis=[1, 2], keepdims=False)
joined = tf.concat([both, tf.reduce_max(product, axis=-1), pooled[:, None]], axis=-1)
outputs = layers.Dense(2)(joined)

model = Model([a, b], outputs)
model.compile('sgd', 'mse')
rng = np.random.RandomState(0)
x = [rng.normal(size=(8, 4, 3)).astype('float32') for _ in range(2)]
model.fit(x, np.zeros((8, 2)), epochs=2, verbose=0)
print(model.predict(x, verbose=0).shape)
