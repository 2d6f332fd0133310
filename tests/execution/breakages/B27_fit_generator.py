# error: AttributeError: 'Sequential' object has no attribute 'fit_generator'

import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def batches():
    while True:
        yield np.ones((2, 2)), np.zeros((2, 1))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.fit_generator(batches(), steps_per_epoch=2, epochs=1, verbose=0, validation_data=batches(), validation_steps=1, max_queue_size=5, workers=1)
result = [model.predict_generator(batches(), 1).tolist(), model.evaluate_generator(batches(), 1)]
