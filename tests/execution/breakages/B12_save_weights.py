# error: ValueError: The filename must end in `.weights.h5`. Received: filepath=w.h5

import os
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,))])
model.save_weights('w.h5')
model.save_weights(os.path.join('.', 'v.hdf5'))
model.load_weights('w.h5')
model.load_weights('v.hdf5')
result = 1
