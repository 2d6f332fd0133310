# silent

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential
from keras.optimizers import SGD

D = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
D.compile(loss='mse', optimizer=SGD(0.1))
D.trainable = False
z = Input((3,))
G = Dense(2, kernel_initializer='ones')
C = Model(z, D(G(z)))
C.compile(loss='mse', optimizer=SGD(0.1))
for step in range(2):
    D.train_on_batch(np.ones((4, 2)), np.zeros((4, 1)))
    C.train_on_batch(np.ones((4, 3)), np.ones((4, 1)))
result = [w.tolist() for w in D.get_weights()] + [w.tolist() for w in C.get_weights()]
