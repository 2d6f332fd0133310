import numpy as np
import tensorflow as tf


def double(x, y):
    return tf.concat([x, x], axis=-1)[..., :3], tf.cast(y, tf.float32)


def arrays():
    x = np.linspace(0, 1, 24).reshape(8, 3).astype('float32')
    return x, x.sum(axis=1, keepdims=True)


def pipeline(x, y):
    return tf.data.Dataset.from_tensor_slices((x, y)).map(double).batch(4)
