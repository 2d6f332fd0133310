# error: AttributeError: 'Sequential' object has no attribute 'predict_classes'
# error: AttributeError: 'Sequential' object has no attribute 'predict_proba'

import numpy as np
from keras.layers import Activation, Dense
from keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones'), Activation('sigmoid')])
result = [model.predict_classes(np.array([[1.0, 1.0], [-1.0, -1.0]])).tolist(), model.predict_proba(np.zeros((1, 2))).tolist()]
