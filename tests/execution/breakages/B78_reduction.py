# error: ValueError: Invalid value for argument `reduction`. Expected one of {'sum', None, 'mean', 'sum_over_batch_size'}. Received: reduction=auto
# error: AttributeError: module 'keras.losses' has no attribute 'Reduction'

import tensorflow as tf
from tensorflow import keras
a = keras.losses.MeanSquaredError(reduction='auto')
b = keras.losses.MeanSquaredError(reduction=keras.losses.Reduction.SUM)
c = tf.keras.losses.MeanAbsoluteError(reduction=tf.keras.losses.Reduction.NONE)
x, y = tf.ones((2, 3)), tf.zeros((2, 3))
result = [float(a(x, y)), float(b(x, y)), c(x, y).numpy().tolist()]
