# error: ValueError: The layer sequential has never been called and thus has no defined output.
# error: AttributeError: The layer sequential_3 has never been called and thus has no defined input.

import numpy as np
from keras.layers import Dense
from keras.models import Model, Sequential
base = Sequential([Dense(3, input_shape=(2,), kernel_initializer='ones')])
model = Model(inputs=base.input, outputs=base.output)
result = model.predict(np.ones((1, 2))).tolist()
