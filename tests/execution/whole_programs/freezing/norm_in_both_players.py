import numpy as np
from keras.layers import BatchNormalization, Conv2D, Conv2DTranspose, Dense, Dropout, Flatten, LeakyReLU, Reshape
from keras.models import Sequential
from keras.optimizers import Adam

np.random.seed(1)
noise_size = 5


def painter():
    net = Sequential()
    net.add(Dense(4 * 4 * 3, input_dim=noise_size))
    net.add(Reshape((4, 4, 3)))
    net.add(BatchNormalization(momentum=0.8))
    net.add(LeakyReLU(alpha=0.2))
    net.add(Conv2DTranspose(1, kernel_size=4, strides=2, padding="same", activation="tanh"))
    return net


def judge():
    net = Sequential()
    net.add(Conv2D(4, kernel_size=3, strides=2, padding="same", input_shape=(8, 8, 1)))
    net.add(BatchNormalization(momentum=0.8))
    net.add(LeakyReLU(alpha=0.2))
    net.add(Dropout(0.25))
    net.add(Flatten())
    net.add(Dense(1, activation="sigmoid"))
    return net


D, G = judge(), painter()
D.compile(loss="binary_crossentropy", optimizer=Adam(lr=0.0002, beta_1=0.5), metrics=["accuracy"])
D.trainable = False
both = Sequential([G, D])
both.compile(loss="binary_crossentropy", optimizer=Adam(lr=0.0002, beta_1=0.5))

images = np.random.uniform(-1, 1, (32, 8, 8, 1))
for epoch in range(2):
    real = images[:8]
    noise = np.random.normal(0, 1, (8, noise_size))
    made = G.predict(noise)
    d_real, acc_real = D.train_on_batch(real, np.ones((8, 1)) * 0.9)
    d_fake, acc_fake = D.train_on_batch(made, np.zeros((8, 1)))
    g_loss = both.train_on_batch(noise, np.ones((8, 1)))
    print("epoch %d d %.4f %.4f g %.4f" % (epoch, d_real, d_fake, g_loss))
print("kept mean %.4f" % D.layers[1].get_weights()[2].mean())
