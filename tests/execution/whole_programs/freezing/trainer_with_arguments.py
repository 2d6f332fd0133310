import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
class Trainer:
    def __init__(self, critic, maker, both):
        self.critic, self.maker, self.both = critic, maker, both
    def train(self, n):
        for i in range(n):
            real = self.critic.train_on_batch(X, ONE)
            fake = self.critic.train_on_batch(self.maker.predict(Z), ZERO)
            print(real, fake, self.both.train_on_batch(Z, ONE))

def main():
    d, g = mk_d(), mk_g()
    d.compile("sgd", "mse")
    d.trainable = False
    z = Input((3,))
    both = Model(z, d(g(z)))
    both.compile("sgd", "mse")
    Trainer(critic=d, maker=g, both=both).train(2)

main()
