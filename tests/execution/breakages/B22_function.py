# error: AttributeError: module 'keras.backend' has no attribute 'function'

import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(3, input_shape=(2,), kernel_initializer='ones'), Dense(1, kernel_initializer='ones')])
features = K.function([model.layers[0].input], [model.layers[0].output])
result = features([np.ones((1, 2))])[0].tolist()
