# error: AttributeError: 'Mean' object has no attribute 'reset_states'. Did you mean: 'reset_state'?

import tensorflow as tf
mean = tf.keras.metrics.Mean()
mean.update_state(3.0)
mean.reset_states()
result = float(mean.result())
