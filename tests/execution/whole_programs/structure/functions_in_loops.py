import numpy as np
from keras.layers import Input, Dense, Lambda, Concatenate, Reshape
from keras.models import Model
from keras import backend as K

inputs = Input(shape=(4, 3))
outs = []
for step in range(4):
    def take(t):
        return K.squeeze(t[:, step:step + 1, :], axis=1)
    outs.append(Lambda(take, output_shape=(3,))(inputs))
rows = [Lambda(lambda t, i=i: t[:, i] * (i + 1))(inputs) for i in range(2)]
h = Concatenate()(outs + rows)
model = Model(inputs, Dense(1)(h))
model.compile('sgd', 'mse')
x = np.arange(24.).reshape(2, 4, 3) / 24
model.fit(x, np.ones((2, 1)), epochs=1, verbose=0)
print(model.predict(x, verbose=0).shape)
