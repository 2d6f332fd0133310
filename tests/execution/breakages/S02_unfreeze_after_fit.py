# silent

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(2, input_shape=(2,), kernel_initializer='ones'), Dense(1, kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.layers[0].trainable = False
model.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=1, verbose=0)
result = model.get_weights()[0].tolist()
