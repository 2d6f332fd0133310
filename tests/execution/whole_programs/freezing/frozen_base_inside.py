import numpy as np
from keras.layers import Dense, Input
from keras.models import Model, Sequential

features = Sequential([Dense(8, activation="tanh", input_shape=(6,))])
features.trainable = False
discriminator = Sequential([features, Dense(1, activation="sigmoid")])
discriminator.compile(optimizer="sgd", loss="binary_crossentropy")

generator = Sequential([Dense(6, activation="tanh", input_shape=(3,))])
discriminator.trainable = False
z = Input(shape=(3,))
gan = Model(z, discriminator(generator(z)))
gan.compile(optimizer="sgd", loss="binary_crossentropy")

rs = np.random.RandomState(0)
for step in range(3):
    noise = rs.rand(8, 3)
    d_loss = discriminator.train_on_batch(rs.rand(8, 6), np.ones((8, 1)))
    d_loss += discriminator.train_on_batch(generator.predict(noise), np.zeros((8, 1)))
    g_loss = gan.train_on_batch(noise, np.ones((8, 1)))
    print(step, d_loss, g_loss)
print(features.get_weights()[0].sum())
