import numpy as np
from keras.layers import Dense
from keras.models import Sequential, load_model

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
d = mk_d()
d.compile("sgd", "mse")
d.save("d.h5")
d = load_model("d.h5")
g = mk_g()
d.trainable = False
gan = Sequential([g, d])
gan.compile("sgd", "mse")
for i in range(2):
    a = d.train_on_batch(X, ONE)
    print(a, gan.train_on_batch(Z, ONE))
