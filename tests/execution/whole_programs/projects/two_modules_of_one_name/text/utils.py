import tensorflow as tf
SIZE = 3


def rescale(images):
    """On arrays only: stays TensorFlow's."""
    return tf.image.resize(images, (2, 2)).numpy()


def mask(ids):
    return tf.cast(tf.not_equal(ids, 0), tf.float32)
