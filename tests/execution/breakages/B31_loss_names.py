# error: AttributeError: module 'keras._tf_keras.keras.losses' has no attribute 'mean_squared_error'
# error: ValueError: Could not interpret loss identifier: kullback_leibler_divergence

import numpy as np
import tensorflow as tf
from tensorflow.keras import losses
from tensorflow.keras.losses import mse
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
a, b = tf.constant([[1.0, 2.0]]), tf.constant([[0.5, 0.5]])
model = Sequential([Dense(2, input_shape=(2,), activation='softmax', kernel_initializer='ones')])
model.compile('sgd', loss='kullback_leibler_divergence', metrics=['mean_squared_error', 'logcosh'])
out = model.train_on_batch(np.ones((2, 2)), np.array([[0.2, 0.8], [0.3, 0.7]]))
result = [float(losses.mean_squared_error(a, b)[0]), float(mse(a, b)[0]), float(tf.keras.losses.kullback_leibler_divergence(a, b)[0]), [float(v) for v in out]]
