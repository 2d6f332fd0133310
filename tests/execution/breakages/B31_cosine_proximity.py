# error: ValueError: Could not interpret loss identifier: cosine_proximity
# result: -0.976187

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(2, input_shape=(2,), kernel_initializer='identity')])
model.compile('sgd', loss='cosine_proximity')
result = float(model.train_on_batch(np.array([[1.0, 2.0]]), np.array([[0.2, 0.8]])))
