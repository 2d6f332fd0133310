"""Late binding: the index of each slice."""
import numpy as np
from keras.models import Model
from keras.layers import Input, Dense, Lambda, concatenate
from keras import backend as K

inputs = Input(shape=(6, 4))
branches = []
for i in range(6):
    part = Lambda(lambda x: x[:, i, :], output_shape=(4,))(inputs)
    branches.append(Dense(2, activation='tanh')(part))
for i in range(3):
    part = Lambda(lambda x, k: x[:, 2 * k:2 * k + 2, :], arguments={'k': i})(inputs)
    branches.append(Dense(2)(Lambda(lambda t: K.sum(t, axis=1))(part)))
merged = concatenate(branches)
out = Dense(1)(merged)
model = Model(inputs, out)
model.compile(loss='mse', optimizer='sgd')
np.random.seed(0)
x = np.random.rand(10, 6, 4)
y = np.random.rand(10, 1)
model.fit(x, y, epochs=2, verbose=0)
print(model.count_params())
print(model.predict(x, verbose=0).shape)
