# error: ModuleNotFoundError: No module named 'keras_contrib'
# result: 0.0

import numpy as np
from keras.models import Sequential
from keras_contrib.layers.normalization.instancenormalization import InstanceNormalization
model = Sequential([InstanceNormalization(axis=-1, input_shape=(4, 4, 2))])
result = float(np.abs(model.predict(np.ones((1, 4, 4, 2)))).max())
