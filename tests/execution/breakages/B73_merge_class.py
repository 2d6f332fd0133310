# error: ImportError: cannot import name 'Merge' from 'keras.layers'
# advised: KU209
# result: [[12.0]]

import numpy as np
from keras.layers import Dense, Merge
from keras.models import Sequential
left = Sequential()
left.add(Dense(2, input_dim=3, kernel_initializer='ones'))
right = Sequential()
right.add(Dense(2, input_dim=3, kernel_initializer='ones'))
model = Sequential()
model.add(Merge([left, right], mode='concat'))
model.add(Dense(1, kernel_initializer='ones'))
result = model.predict([np.ones((1, 3)), np.ones((1, 3))]).tolist()
