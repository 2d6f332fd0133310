# error: AttributeError: module 'keras.backend' has no attribute 'learning_phase'

import numpy as np
from keras import backend as K
from keras.layers import Dense, Dropout
from keras.models import Sequential
model = Sequential([Dense(3, input_shape=(2,), kernel_initializer='ones'), Dropout(0.5), Dense(1, kernel_initializer='ones')])
features = K.function([model.input, K.learning_phase()], [model.layers[1].output])
result = features([np.ones((1, 2)), 0])[0].tolist()
