# error: TypeError: relu() got an unexpected keyword argument 'alpha'

import numpy as np
import keras
from keras import backend as K
from keras.layers import LeakyReLU
from keras.models import Sequential
model = Sequential([LeakyReLU(alpha=0.5, input_shape=(2,))])
result = [K.eval(keras.activations.relu(K.constant([-1.0, 3.0]), alpha=0.1, max_value=2.0)).tolist(), model.predict(-np.ones((1, 2))).tolist()]
