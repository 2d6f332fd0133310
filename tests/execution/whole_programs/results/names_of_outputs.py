# other text: the metrics come in another order, with their names

import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

inputs = Input(shape=(4,))
hidden = Dense(6, activation="tanh")(inputs)
value = Dense(1, name="value")(hidden)
move = Dense(3, activation="softmax", name="move")(hidden)
model = Model(inputs, [value, move])
model.compile(SGD(lr=0.1), ["mse", "categorical_crossentropy"], metrics={"value": "mae", "move": "categorical_accuracy"})

rs = np.random.RandomState(0)
x, values, moves = rs.rand(12, 4), rs.rand(12, 1), np.eye(3)[rs.randint(0, 3, 12)]
for step in range(2):
    losses = model.train_on_batch(x, [values, moves])
    for name, loss in zip(model.metrics_names, losses):
        print(step, name, "%.4f" % loss)
scores = model.evaluate(x, [values, moves], verbose=0)
print({name: round(float(score), 3) for name, score in zip(model.metrics_names, scores)})
