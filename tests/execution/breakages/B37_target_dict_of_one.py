# error: TypeError: Expected float32, but got out of type 'str'.

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
x = Input((2,))
model = Model(x, Dense(1, kernel_initializer='ones', name='out')(x))
model.compile('sgd', 'mse')
model.fit(np.ones((4, 2)), {'out': np.zeros((4, 1))}, verbose=0)
result = model.get_weights()[0].tolist()
