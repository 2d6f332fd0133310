import numpy as np
from keras.layers import Dense
from keras.models import Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
class Net:
    def __init__(self):
        self.D, self.G = self.build()
        self.D.compile("sgd", "mse")
        self.GAN = self.stack(self.G, self.D)
    def build(self):
        return mk_d(), mk_g()
    @staticmethod
    def stack(g, d):
        d.trainable = False
        m = Sequential([g, d])
        m.compile("sgd", "mse")
        return m
    def run(self):
        for i in range(2):
            a = self.D.train_on_batch(X, ONE)
            b = self.GAN.train_on_batch(Z, ONE)
            print(a, b)
Net().run()
