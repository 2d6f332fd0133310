# other text: the names that Keras 3 has for the loss and the metrics

import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(4, activation="tanh", input_shape=(3,)), Dense(2, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy", "mse"])

rs = np.random.RandomState(0)
x, y = rs.rand(24, 3), np.eye(2)[rs.randint(0, 2, 24)]
for epoch in range(2):
    losses = model.train_on_batch(x, y)
    print(" - ".join("%s: %.4f" % pair for pair in zip(model.metrics_names, losses)))
scores = dict(zip(model.metrics_names, model.evaluate(x, y, verbose=0)))
for name in sorted(scores):
    print(name, "%.4f" % scores[name])
