# error: ValueError: `loss_weights` must match the number of losses, got 1 losses and 2 weights.

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
x = Input((2,))
model = Model(x, [Dense(1, kernel_initializer='ones')(x), Dense(1, kernel_initializer='zeros')(x)])
model.compile(optimizer='sgd', loss='mse', loss_weights=[1.0, 0.5])
model.fit(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
result = model.get_weights()
