# silent

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD
x = Input((2,))
price = Dense(1, kernel_initializer='ones', name='price')(x)
kind = Dense(1, kernel_initializer='zeros', name='kind')(x)
model = Model(x, [price, kind])
model.compile(SGD(lr=0.1), 'mse', metrics={'price': 'mae', 'kind': 'mse'})
scores = model.evaluate(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
result = [float(scores[0]), float(scores[3]), float(scores[4])]
