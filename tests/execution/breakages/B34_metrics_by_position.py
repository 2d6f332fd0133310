# error: ValueError: dtype='string' is not a valid dtype for Keras type promotion.

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse', ['mae'])
scores = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = [float(score) for score in scores]
