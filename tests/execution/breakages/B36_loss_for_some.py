# error: KeyError: "Expected keys ['a', 'b'] in loss dict, but found loss.keys()=['a']"

import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model
x = Input((2,))
a, b = Dense(1, kernel_initializer='ones', name='a')(x), Dense(1, kernel_initializer='ones', name='b')(x)
model = Model(inputs=x, outputs=[a, b])
model.compile('sgd', {'a': 'mse'})
model.fit(np.ones((4, 2)), {'a': np.zeros((4, 1))}, verbose=0)
result = model.get_layer('a').get_weights()[0].tolist()
