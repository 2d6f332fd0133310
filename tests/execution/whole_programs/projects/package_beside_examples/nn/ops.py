import tensorflow as tf


def gram(x):
    return tf.matmul(x, x, transpose_b=True)
