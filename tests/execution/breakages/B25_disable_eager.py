# error: RuntimeError: `tf.data.Dataset` only supports Python-style iteration in eager mode or within tf.function.

import numpy as np
import tensorflow as tf
tf.compat.v1.disable_eager_execution()
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.fit(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = model.predict(np.ones((1, 2))).tolist()
