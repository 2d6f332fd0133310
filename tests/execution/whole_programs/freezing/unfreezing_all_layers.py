import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import SGD

base = Sequential([Dense(5, activation="relu", input_shape=(6,)), Dense(4, activation="relu")])
model = Sequential([base, Dense(1)])

# train the new head only
for layer in base.layers:
    layer.trainable = False
model.compile(SGD(0.1), "mse")
x, y = np.random.RandomState(0).rand(32, 6), np.ones((32, 1))
model.fit(x, y, epochs=1, verbose=0)

# now all of it
base.trainable = True
model.compile(SGD(0.01), "mse")
model.fit(x, y, epochs=1, verbose=0)
print(model.evaluate(x, y, verbose=0))
