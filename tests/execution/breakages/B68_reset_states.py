# error: AttributeError: 'Sequential' object has no attribute 'reset_states'
# error: ValueError: When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: sequence.shape=(None, 3, 2)

import numpy as np
from keras.layers import LSTM
from keras.models import Sequential
model = Sequential([LSTM(2, batch_input_shape=(1, 3, 2), stateful=True, kernel_initializer='ones', recurrent_initializer='ones')])
first = model.predict(np.ones((1, 3, 2)))
model.reset_states()
result = [first.tolist(), model.predict(np.ones((1, 3, 2))).tolist()]
