import numpy as np
import tensorflow as tf


def normalize(t):
    """Used while the model is built and in the loss."""
    return t / (tf.reduce_max(tf.abs(t), axis=-1, keepdims=True) + 1e-6)


def batches(n, size):
    return np.arange(n * size, dtype='float32').reshape(n, size) / (n * size)
