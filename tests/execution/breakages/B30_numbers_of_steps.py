# error: TypeError: 'numpy.float64' object cannot be interpreted as an integer
# error: TypeError: 'float' object cannot be interpreted as an integer

import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def batches():
    while True:
        yield np.ones((4, 2)), np.zeros((4, 1))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
steps = 10 / 4
model.fit_generator(batches(), steps_per_epoch=steps, verbose=0)
model.fit_generator(batches(), steps_per_epoch=np.ceil(10 / 4), verbose=0)
result = model.get_weights()
