import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import Adam


def make_models(latent=4):
    models = {}
    models["gen"] = Sequential([Dense(6, activation="tanh", input_shape=(latent,))])
    models["disc"] = Sequential([Dense(6, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])
    models["disc"].compile(optimizer=Adam(1e-3), loss="binary_crossentropy")
    models["disc"].trainable = False
    noise = Input((latent,))
    models["gan"] = Model(noise, models["disc"](models["gen"](noise)))
    models["gan"].compile(optimizer=Adam(1e-3), loss="binary_crossentropy")
    return models


def run(models, steps):
    rng = np.random.RandomState(2)
    for i in range(steps):
        z = rng.normal(size=(8, 4))
        real = models["disc"].train_on_batch(rng.rand(8, 6), np.ones((8, 1)))
        fake = models["disc"].train_on_batch(models["gen"].predict(z), np.zeros((8, 1)))
        print(i, real, fake, models["gan"].train_on_batch(z, np.ones((8, 1))))


run(make_models(), 2)
