# error: ValueError: Cannot convert '((None, 1), 2)' to a shape. Found invalid entry '(None, 1)' of type '<class 'tuple'>'.

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
i = Input((2,))
o = Dense(1, kernel_initializer='ones')(i)
base = Model(inputs=[i], outputs=[o])
x = Input((2,))
model = Model([x], [Dense(2, kernel_initializer='ones')(base(x))])
other = Model(base.input, Dense(2, kernel_initializer='ones')(base.output))
result = [model.predict(np.ones((1, 2))).tolist(), other.predict(np.ones((1, 2))).tolist()]
