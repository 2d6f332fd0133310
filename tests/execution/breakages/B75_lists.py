# error: ValueError: Unrecognized data type: x=[[1, 2], [3, 4]] (of type <class 'list'>)
# error: AttributeError: 'str' object has no attribute 'get'

import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
x = [[1, 2], [3, 4]]
y = [0, 1]
model.fit(x, y, verbose=0)
result = model.predict([[1, 2]]).tolist()
