# error: ValueError: For a model with multiple outputs, when providing the `metrics` argument as a list, it should have as many entries as the model has outputs. Received: metrics=['mae'] of length 1 whereas the model has 2 outputs.

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
x = Input((2,))
a, b = Dense(1, kernel_initializer='ones', name='a')(x), Dense(1, kernel_initializer='zeros', name='b')(x)
model = Model(x, [a, b])
model.compile('sgd', ['mse', 'mse'], metrics=['mae'])
out = model.evaluate(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
result = [float(v) for v in out]
