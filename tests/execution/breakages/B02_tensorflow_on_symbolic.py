# error: ValueError: A KerasTensor cannot be used as input to a TensorFlow function.

import tensorflow as tf
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model
a, b = Input((2,)), Input((3,))
x = tf.concat([a, b], -1)
x = tf.reshape(x, (tf.shape(x)[0], 5, 1))
model = Model([a, b], x)
result = model.predict([[[1.0, 2.0]], [[3.0, 4.0, 5.0]]] and [__import__('numpy').ones((1, 2)), __import__('numpy').zeros((1, 3))]).tolist()
