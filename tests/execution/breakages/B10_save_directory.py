# error: ValueError: Invalid filepath extension for saving. Please add either a `.keras` extension for the native Keras format (recommended) or a `.h5` extension.

from keras.layers import Dense
from keras.models import Sequential, load_model
import numpy as np
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.save('final_model')
model.save('x.model')
result = load_model('x.model').predict(np.ones((1, 2))).tolist()
