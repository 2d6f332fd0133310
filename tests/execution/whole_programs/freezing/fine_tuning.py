# unchanged: the program compiles again after it unfreezes
import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model

inputs = Input(shape=(6,))
h = Dense(5, activation="relu", name="hidden")(inputs)
base = Model(inputs, h)
outputs = Dense(1)(base.output)
model = Model(base.input, outputs)
for layer in base.layers:
    layer.trainable = False
model.compile(optimizer="sgd", loss="mse")
rs = np.random.RandomState(0)
x, y = rs.rand(32, 6), rs.rand(32, 1)
model.fit(x, y, epochs=1, verbose=0)
for layer in base.layers:
    layer.trainable = True
model.compile(optimizer="sgd", loss="mse")
model.fit(x, y, epochs=1, verbose=0)
print(model.evaluate(x, y, verbose=0))
