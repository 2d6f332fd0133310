# silent

import numpy as np
from keras.layers.recurrent import LSTM
from keras.models import Sequential

model = Sequential([LSTM(2, recurrent_activation='hard_sigmoid', input_shape=(3, 1), kernel_initializer='ones', recurrent_initializer='ones')])
result = model.predict(np.ones((1, 3, 1))).tolist()
