import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import RMSprop

model = Sequential()
model.add(Dense(5, input_dim=4, activation="tanh"))
model.add(Dense(1))
model.compile(loss="mean_squared_error", optimizer=RMSprop(lr=0.01))

rs = np.random.RandomState(0)
x, y = rs.rand(30, 4), rs.rand(30, 1)
best = np.inf
for i in range(3):
    loss = model.train_on_batch(x, y)
    if loss < best:
        best = loss
    print("step {}: {:.4f} (best {:.4f})".format(i, loss, best))
score = model.evaluate(x, y, batch_size=10, verbose=0)
print("Test score: %.3f, RMSE %.3f" % (score, np.sqrt(score)))
print("rounded", round(float(score), 2))
