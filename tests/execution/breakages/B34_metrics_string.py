# error: ValueError: Expected `metrics` argument to be a list, tuple, or dict. Received instead: metrics=mae of type <class 'str'>

import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(loss='mse', optimizer='sgd', metrics='mae')
result = [float(v) for v in model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)]
