# silent

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse', metrics=['mae'])
scores = model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = ["%s: %.2f" % (model.metrics_names[1], scores[1])]
