# error: TypeError: can only concatenate list (not "tuple") to list

import numpy as np
from tensorflow.keras.layers import LSTM, Input
from tensorflow.keras.models import Model
x = Input((3, 2))
outputs = LSTM(2, return_state=True, kernel_initializer='ones', recurrent_initializer='ones')(x)
model = Model(x, [outputs[0]] + outputs[1:])
result = [part.tolist() for part in model.predict(np.ones((1, 3, 2)))]
