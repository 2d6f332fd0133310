import numpy as np
from keras.layers import Dense
from keras.models import Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
# both models compiled before the freeze: the toggles of the loop mean nothing to Keras 2
d, g = mk_d(), mk_g()
d.compile("sgd", "mse")
gan = Sequential([g, d])
gan.compile("sgd", "mse")
for i in range(2):
    d.trainable = True
    dl = d.train_on_batch(X, ONE)
    d.trainable = False
    gl = gan.train_on_batch(Z, ONE)
    print(dl, gl)
