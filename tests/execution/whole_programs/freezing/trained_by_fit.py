import numpy as np
from keras.layers import Dense
from keras.models import Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
def batches():
    while True:
        yield X, ONE

d, g = mk_d(), mk_g()
d.compile("sgd", "mse")
d.trainable = False
gan = Sequential([g, d])
gan.compile("sgd", "mse")
for i in range(2):
    h = d.fit(X, ONE, batch_size=4, epochs=1, verbose=0)
    d.fit_generator(batches(), steps_per_epoch=2, epochs=1, verbose=0)
    h2 = gan.fit(Z, ONE, batch_size=4, epochs=1, verbose=0)
    print(h.history["loss"], h2.history["loss"])
