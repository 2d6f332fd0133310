# error: ValueError: Unrecognized keyword arguments passed to LSTM: {'batch_input_shape': (1, 3, 2)}
# error: ValueError: Unrecognized keyword arguments passed to LSTM: {'input_length': 3}

import numpy as np
from keras.layers import LSTM, Dense
from keras.models import Sequential
model = Sequential()
model.add(LSTM(2, batch_input_shape=(1, 3, 2), stateful=True, kernel_initializer='ones', recurrent_initializer='ones'))
model.add(Dense(1, kernel_initializer='ones'))
other = Sequential([LSTM(2, input_dim=2, input_length=3, kernel_initializer='ones', recurrent_initializer='ones')])
result = [model.predict(np.ones((1, 3, 2))).tolist(), other.predict(np.ones((1, 3, 2))).tolist()]
