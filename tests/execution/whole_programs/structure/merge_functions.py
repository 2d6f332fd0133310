import numpy as np
import keras
from keras import layers
from keras.layers import add, multiply, subtract, average, maximum, minimum, dot, concatenate
from keras.models import Model

a, b = layers.Input((4,)), layers.Input((4,))
parts = [add([a, b]), multiply([a, b]), subtract([a, b]), average([a, b]), maximum([a, b]),
         minimum([a, b]), dot([a, b], axes=1), keras.layers.merge.concatenate([a, b])]
model = Model([a, b], layers.Dense(2)(concatenate(parts, axis=-1)))
model.compile(optimizer=keras.optimizers.SGD(lr=0.01), loss='mse')
x = [np.ones((4, 4)), np.arange(16.).reshape(4, 4) / 16]
model.fit(x, np.zeros((4, 2)), epochs=1, verbose=0)
print(model.predict(x, verbose=0).shape)
