# %%
import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model, Sequential

# %%
generator = Sequential([Dense(8, activation="relu", input_shape=(4,)), Dense(6)])
discriminator = Sequential([Dense(8, activation="relu", input_shape=(6,)), Dense(1, activation="sigmoid")])
discriminator.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

# %%
def make_gan(discriminator, generator):
    discriminator.trainable = False
    gan_input = Input(shape=(4,))
    x = generator(gan_input)
    gan_output = discriminator(x)
    gan = Model(inputs=gan_input, outputs=gan_output)
    gan.compile(loss="binary_crossentropy", optimizer="adam")
    return gan

gan = make_gan(discriminator, generator)

# %%
rng = np.random.RandomState(0)
d_losses, g_losses = [], []
for epoch in range(2):
    noise = rng.normal(size=(8, 4))
    x = np.concatenate([rng.rand(8, 6), generator.predict(noise)])
    y = np.concatenate([np.ones((8, 1)), np.zeros((8, 1))])
    d_losses.append(discriminator.train_on_batch(x, y)[0])
    g_losses.append(gan.train_on_batch(noise, np.ones((8, 1))))
print(["%.4f" % loss for loss in d_losses + g_losses])
