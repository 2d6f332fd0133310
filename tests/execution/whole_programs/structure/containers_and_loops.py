"""Tensors through containers, loops, recursion, closures, partial and reduce."""
from functools import partial, reduce

import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model, layers

ACTIVATIONS = {'relu': tf.nn.relu, 'tanh': tf.tanh, 'none': None}
scale = partial(tf.multiply, 0.5)


def compose(*funcs):
    return reduce(lambda f, g: lambda *a, **kw: g(f(*a, **kw)), funcs)


def act(x, name):
    function = ACTIVATIONS[name]
    return x if function is None else function(x)


def hourglass(x, depth):
    skip = layers.Dense(4)(x)
    if depth == 0:
        return tf.nn.relu(skip)
    inner = hourglass(tf.nn.avg_pool1d(x, 2, 2, 'SAME'), depth - 1)
    return skip + tf.repeat(inner, 2, axis=1)


dense = lambda t, n: layers.Dense(n)(t)
inputs = {name: Input((4, 4), name=name) for name in ('a', 'b')}
hidden = []
for name, tensor in inputs.items():
    tensor = act(dense(tensor, 4), 'tanh')
    hidden.append(compose(layers.Dense(4), tf.abs)(tensor))
for i, (left, right) in enumerate(zip(hidden, hidden[::-1])):
    hidden[i] = tf.maximum(left, right) * (i + 1)
total = tf.add_n(hidden) if len(hidden) > 1 else hidden[0]
glass = hourglass(total, 2)
pieces = [tf.reduce_mean(part, axis=-1) for part in tf.split(glass, 2, axis=-1)]
rows = [tf.reduce_sum(row, axis=-1, keepdims=True) for row in tf.unstack(scale(glass), axis=1)]
flags = tf.logical_and(pieces[0] > 0.0, tf.math.is_finite(pieces[1]))
merged = tf.concat([*pieces, *rows, tf.cast(flags, 'float32')], axis=-1)
model = Model(list(inputs.values()), layers.Dense(1)(merged))
model.compile('sgd', 'mse')
rng = np.random.RandomState(0)
data = [rng.normal(size=(4, 4, 4)).astype('float32') for _ in range(2)]
model.fit(data, np.zeros((4, 1)), verbose=0)
print(model.predict(data, verbose=0).shape)
