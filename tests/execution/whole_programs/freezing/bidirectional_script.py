import numpy as np
from keras.layers import Dense, Input, LeakyReLU, concatenate
from keras.models import Model, Sequential
from keras.optimizers import Adam

latent_dim, size = 4, 6
optimizer = Adam(0.0002, 0.5)


def build_encoder():
    img = Input(shape=(size,))
    return Model(img, Dense(latent_dim)(Dense(8, activation="relu")(img)))


def build_generator():
    z = Input(shape=(latent_dim,))
    return Model(z, Dense(size, activation="tanh")(Dense(8, activation="relu")(z)))


def build_discriminator():
    z = Input(shape=(latent_dim,))
    img = Input(shape=(size,))
    model = LeakyReLU(alpha=0.2)(Dense(8)(concatenate([z, img])))
    return Model([z, img], Dense(1, activation="sigmoid")(model))


discriminator = build_discriminator()
discriminator.compile(loss=["binary_crossentropy"], optimizer=optimizer, metrics=["accuracy"])
generator = build_generator()
encoder = build_encoder()

# The part of the bigan that trains the discriminator and encoder
discriminator.trainable = False

# Generate image from sampled noise, encode image
z = Input(shape=(latent_dim,))
img = Input(shape=(size,))
fake = discriminator([z, generator(z)])
valid = discriminator([encoder(img), img])

# Trains generator to fool discriminator
both_ways = Model([z, img], [fake, valid])
both_ways.compile(loss=["binary_crossentropy", "binary_crossentropy"], optimizer=optimizer)

random = np.random.RandomState(0)
valid, fake = np.ones((8, 1)), np.zeros((8, 1))
for epoch in range(2):
    noise = random.normal(size=(8, latent_dim))
    imgs = random.rand(8, size)
    d_loss_real = discriminator.train_on_batch([encoder.predict(imgs), imgs], valid)
    d_loss_fake = discriminator.train_on_batch([noise, generator.predict(noise)], fake)
    d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)
    g_loss = both_ways.train_on_batch([noise, imgs], [valid, fake])
    print("%d [D loss: %f, acc: %.2f%%] [G loss: %f]" % (epoch, d_loss[0], 100 * d_loss[1], g_loss[0]))
