import numpy as np
from keras.layers import Dense
from keras.models import Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
def main():
    d, g = mk_d(), mk_g()
    d.compile("sgd", "mse")
    d.trainable = False
    gan = Sequential([g, d])
    gan.compile("sgd", "mse")
    def train(n):
        for i in range(n):
            dl = d.train_on_batch(X, ONE)
            gl = gan.train_on_batch(Z, ONE)
            yield dl, gl
    for pair in train(2):
        print("%.4f %.4f" % pair)
main()
