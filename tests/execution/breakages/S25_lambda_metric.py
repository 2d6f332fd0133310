# silent
# result: 2

import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse', metrics=[lambda y, p: K.mean(K.abs(y - p))])
history = model.fit(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = len(history.history)
