# silent

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(optimizer='sgd', loss='mse', metrics=['mae', 'mse'])
scores = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = []
for name, value in zip(model.metrics_names, scores):
    result.append((name, round(float(value), 4)))
