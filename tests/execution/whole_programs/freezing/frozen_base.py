# unchanged: a base that is frozen before the model is compiled, as in transfer learning

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

base = Sequential([Dense(4, activation="relu", input_shape=(3,), kernel_initializer="ones")])
base.trainable = False
model = Sequential([base, Dense(1, kernel_initializer="ones")])
model.compile(optimizer="sgd", loss="mse")
model.fit(np.ones((8, 3)), np.zeros((8, 1)), epochs=2, verbose=0)
print(base.get_weights()[0].sum())
