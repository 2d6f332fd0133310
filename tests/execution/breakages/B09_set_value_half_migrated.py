# error: AttributeError: 'str' object has no attribute 'name'

import tensorflow as tf
from tensorflow.keras import backend as K
opt = tf.keras.optimizers.Adam(0.1)
K.set_value(opt.learning_rate, 0.01)
result = float(K.get_value(opt.learning_rate))
