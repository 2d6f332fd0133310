import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential


def critic(n):
    model = Sequential([Dense(n, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])
    model.compile(optimizer="sgd", loss="binary_crossentropy")
    return model


critics = [critic(4), critic(8)]
generator = Sequential([Dense(6, activation="tanh", input_shape=(3,))])
z = Input((3,))
fake = generator(z)
for c in critics:
    c.trainable = False
gan = Model(z, [c(fake) for c in critics])
gan.compile(optimizer="sgd", loss=["binary_crossentropy", "binary_crossentropy"])

rs = np.random.RandomState(0)
for step in range(2):
    noise = rs.rand(8, 3)
    images = generator.predict(noise)
    for c in critics:
        c.train_on_batch(rs.rand(8, 6), np.ones((8, 1)))
        c.train_on_batch(images, np.zeros((8, 1)))
    losses = gan.train_on_batch(noise, [np.ones((8, 1)), np.ones((8, 1))])
    print(step, losses[0])
