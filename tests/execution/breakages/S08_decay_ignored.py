# silent

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(SGD(lr=0.1, decay=0.5, momentum=0.9), 'mse')
for _ in range(3):
    model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1)))
result = model.get_weights()[0].tolist()
