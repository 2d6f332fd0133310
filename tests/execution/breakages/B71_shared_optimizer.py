# error: KeyError: 'The optimizer cannot recognize variable kernel.'
# error: ValueError: Unknown variable: <Variable path=sequential_1/dense_1/kernel, shape=(2, 1), dtype=float32>. This optimizer can only be called for the variables it was originally built with. When working with a new set of variables, you should recreate a new optimizer instance.

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
optimizer = SGD(0.1)
one = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
two = Sequential([Dense(1, input_shape=(3,), kernel_initializer='ones')])
one.compile(optimizer, 'mse')
two.compile(optimizer, 'mse')
one.train_on_batch(np.ones((2, 2)), np.zeros((2, 1)))
two.train_on_batch(np.ones((2, 3)), np.zeros((2, 1)))
result = [one.get_weights()[0].tolist(), two.get_weights()[0].tolist()]
