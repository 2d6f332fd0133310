import numpy as np
from keras.layers import Dense
from keras.models import Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
def train(generator, discriminator, gan, epochs=2, **options):
    for e in range(epochs):
        with open("log.txt", "a") as log:
            log.write("%f\n" % discriminator.train_on_batch(X, ONE))
            log.write("%f\n" % gan.train_on_batch(Z, ONE))

models = dict(generator=mk_g(), discriminator=mk_d())
models["discriminator"].compile("sgd", "mse")
models["discriminator"].trainable = False
models["gan"] = Sequential([models["generator"], models["discriminator"]])
models["gan"].compile("sgd", "mse")
train(epochs=2, **models)
