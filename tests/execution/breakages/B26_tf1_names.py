# error: AttributeError: module 'tensorflow' has no attribute 'Session'
# error: AttributeError: module 'tensorflow' has no attribute 'ConfigProto'
# error: AttributeError: module 'tensorflow' has no attribute 'placeholder'
# error: AttributeError: module 'tensorflow' has no attribute 'log'
# error: AttributeError: module 'tensorflow' has no attribute 'set_random_seed'
# error: AttributeError: module 'tensorflow' has no attribute 'get_default_graph'
# result: [(1, 4, 4, 1), (2, 1), (2,)]

import tensorflow as tf
from keras.layers import Dense
tf.set_random_seed(3)
tf.logging.set_verbosity(tf.logging.ERROR)
x = tf.log(tf.constant([1.0, 1.0]))
y = tf.random_uniform((2,), minval=1.0, maxval=1.0)
z = tf.image.resize_images(tf.ones((1, 2, 2, 1)), (4, 4))
v = tf.reduce_sum(tf.ones((2, 3)), reduction_indices=[1], keep_dims=True)
result = [tuple(z.shape), tuple(v.shape), tuple(tf.to_float(x).shape)]
