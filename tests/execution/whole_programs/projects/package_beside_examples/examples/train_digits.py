import os
import sys
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

import numpy as np
from tensorflow import keras
from nn import blocks
from nn.ops import gram

inputs = keras.Input((4, 3))
x = blocks.residual(inputs, 3)
x = gram(x)
outputs = keras.layers.Dense(1)(keras.layers.Flatten()(x))
model = keras.Model(inputs, outputs)
model.compile(keras.optimizers.SGD(lr=0.01), 'mse')
model.fit(np.ones((4, 4, 3)), np.zeros((4, 1)), epochs=1, verbose=0)
print(model.predict(np.ones((2, 4, 3)), verbose=0).shape)
