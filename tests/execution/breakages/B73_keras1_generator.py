# error: ImportError: cannot import name 'activity_l1' from 'keras.regularizers'
# advised: KU202
# result: 1

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.regularizers import activity_l1


def batches():
    while True:
        yield np.ones((2, 2)), np.zeros((2, 1))


model = Sequential([Dense(1, input_dim=2, kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.fit_generator(batches(), samples_per_epoch=4, nb_epoch=1, validation_data=batches(), nb_val_samples=2, verbose=0)
result = 1
