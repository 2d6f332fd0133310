# error: AttributeError: 'str' object has no attribute 'base_dtype'

import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
inputs = tf.keras.Input((3,))
outputs = tf.keras.backend.mean(inputs, axis=1, keepdims=True) + K.max(inputs)
result = tf.keras.Model(inputs, outputs).predict(np.ones((2, 3))).tolist()
