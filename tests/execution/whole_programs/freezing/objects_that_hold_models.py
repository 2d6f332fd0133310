import numpy as np
from keras.layers import Dense
from keras.models import Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
class Discriminator:
    def __init__(self):
        self.model = mk_d()
        self.model.compile("sgd", "mse")
    def freeze(self):
        self.model.trainable = False
    def learn(self, x, y):
        return self.model.train_on_batch(x, y)

class Gan:
    def __init__(self, d, g):
        self.d = d
        d.freeze()
        self.net = Sequential([g, d.model])
        self.net.compile("sgd", "mse")
    def learn(self):
        return self.net.train_on_batch(Z, ONE)

d = Discriminator()
gan = Gan(d, mk_g())
for i in range(2):
    print(d.learn(X, ONE), gan.learn())
