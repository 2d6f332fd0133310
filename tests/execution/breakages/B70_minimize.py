# error: AttributeError: 'SGD' object has no attribute 'minimize'
# error: AttributeError: 'Adam' object has no attribute 'get_weights'
# error: AttributeError: 'Adam' object has no attribute 'get_updates'

import tensorflow as tf
w = tf.Variable([1.0, 2.0])
optimizer = tf.keras.optimizers.SGD(0.1)
optimizer.minimize(lambda: tf.reduce_sum(w * w), var_list=[w])
result = w.numpy().tolist()
