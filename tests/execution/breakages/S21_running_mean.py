# silent

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
result = [float(model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1)))) for _ in range(2)]
