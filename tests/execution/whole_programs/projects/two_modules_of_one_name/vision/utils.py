import tensorflow as tf
SIZE = 4


def rescale(images):
    return tf.image.resize(images, (2, 2))
