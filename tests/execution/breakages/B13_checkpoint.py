# error: ValueError: The filepath provided must end in `.keras` (Keras model format). Received: filepath=w.hdf5
# error: ValueError: When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided must end in `.weights.h5` (Keras weights format). Received: filepath=w.hdf5

import numpy as np
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
calls = [ModelCheckpoint('w.{epoch:02d}.hdf5', save_weights_only=True), ModelCheckpoint('best', monitor='loss', save_best_only=True)]
model.fit(np.ones((2, 2)), np.ones((2, 1)), epochs=1, verbose=0, callbacks=calls)
model.load_weights('w.01.hdf5')
result = 1
