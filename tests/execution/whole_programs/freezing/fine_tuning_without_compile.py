# unchanged: it does not compile again after it unfreezes, and so goes on as before in either version

import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model = Sequential([Dense(5, activation="relu", input_shape=(6,)), Dense(1)])
model.layers[0].trainable = False
model.compile(optimizer="sgd", loss="mse")
rs = np.random.RandomState(0)
x, y = rs.rand(32, 6), rs.rand(32, 1)
model.fit(x, y, epochs=1, verbose=0)
model.layers[0].trainable = True
model.fit(x, y, epochs=1, verbose=0)
print(model.evaluate(x, y, verbose=0))
