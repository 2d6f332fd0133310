# unchanged: what it reads of its results is the same in Keras 3

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(4, activation="relu", input_shape=(3,)), Dense(1, activation="sigmoid")])
model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
rs = np.random.RandomState(0)
x, y = rs.rand(32, 3), rs.randint(0, 2, (32, 1))
history = model.fit(x, y, batch_size=16, epochs=1, verbose=0, validation_split=0.5)
print("%.4f %.4f" % (history.history["accuracy"][-1], history.history["val_loss"][-1]))
loss, accuracy = model.train_on_batch(x, y)
print("%.4f %.4f" % (loss, accuracy))
print("%.4f" % model.evaluate(x, y, verbose=0)[0])
