# other text: the noise is drawn otherwise; that it is drawn at all is what counts

import numpy as np
from tensorflow.keras.layers import Dense, Dropout, Input
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import SGD

inputs = Input(shape=(5,))
x = Dense(16, activation="relu")(inputs)
x = Dropout(0.5)(x, training=True)
model = Model(inputs, Dense(1)(x))
model.compile(SGD(lr=0.01), "mse")
data = np.random.RandomState(0).rand(16, 5)
model.fit(data, data[:, :1], epochs=1, verbose=0)

# the spread of several predictions tells how sure the model is
predictions = np.stack([model.predict(data) for _ in range(3)])
print("spread %.4f" % predictions.std(axis=0).mean())
assert predictions.std(axis=0).mean() > 0
