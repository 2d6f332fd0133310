import numpy as np
from keras.layers import Dense
from keras.models import Sequential

def mk_d():
    return Sequential([Dense(4, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])

def mk_g():
    return Sequential([Dense(6, activation="tanh", input_shape=(3,))])

rs = np.random.RandomState(0)
X, Z, ONE, ZERO = rs.rand(8, 6), rs.rand(8, 3), np.ones((8, 1)), np.zeros((8, 1))
discriminator = None
generator = None
gan = None

def build():
    global discriminator, generator, gan
    discriminator = mk_d()
    generator = mk_g()
    discriminator.compile("sgd", "mse")
    discriminator.trainable = False
    gan = Sequential([generator, discriminator])
    gan.compile("sgd", "mse")

def train(n):
    for i in range(n):
        d_loss = discriminator.train_on_batch(X, ONE)
        g_loss = gan.train_on_batch(Z, ONE)
        print(d_loss, g_loss)

build()
train(2)
