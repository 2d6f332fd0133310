import numpy as np
from keras.layers import *
from keras.models import *
from keras.optimizers import *

def make_trainable(net, val):
    net.trainable = val
    for l in net.layers:
        l.trainable = val

opt = Adam(lr=1e-4)
dopt = Adam(lr=1e-3)
g_input = Input(shape=[10])
H = Dense(12, kernel_initializer='glorot_normal')(g_input)
H = Activation('relu')(H)
g_V = Dense(6, activation='sigmoid')(H)
generator = Model(g_input, g_V)
generator.compile(loss='binary_crossentropy', optimizer=opt)

d_input = Input(shape=[6])
H = Dense(12)(d_input)
H = LeakyReLU(0.2)(H)
d_V = Dense(2, activation='softmax')(H)
discriminator = Model(d_input, d_V)
discriminator.compile(loss='categorical_crossentropy', optimizer=dopt)

make_trainable(discriminator, False)

gan_input = Input(shape=[10])
H = generator(gan_input)
gan_V = discriminator(H)
GAN = Model(gan_input, gan_V)
GAN.compile(loss='categorical_crossentropy', optimizer=opt)

rs = np.random.RandomState(0)
X_train = rs.rand(40, 6)

noise_gen = rs.uniform(0, 1, size=[20, 10])
generated_images = generator.predict(noise_gen)
X = np.concatenate((X_train[:20], generated_images))
y = np.zeros([40, 2])
y[:20, 1] = 1
y[20:, 0] = 1

make_trainable(discriminator, True)
discriminator.fit(X, y, epochs=1, batch_size=8)
losses = {"d": [], "g": []}

def rounds(nb_epoch=3, BATCH_SIZE=8):
    for e in range(nb_epoch):
        image_batch = X_train[rs.randint(0, X_train.shape[0], size=BATCH_SIZE)]
        noise_gen = rs.uniform(0, 1, size=[BATCH_SIZE, 10])
        generated_images = generator.predict(noise_gen)

        X = np.concatenate((image_batch, generated_images))
        y = np.zeros([2 * BATCH_SIZE, 2])
        y[0:BATCH_SIZE, 1] = 1
        y[BATCH_SIZE:, 0] = 1

        make_trainable(discriminator, True)
        d_loss = discriminator.train_on_batch(X, y)
        losses["d"].append(d_loss)

        noise_tr = rs.uniform(0, 1, size=[BATCH_SIZE, 10])
        y2 = np.zeros([BATCH_SIZE, 2])
        y2[:, 1] = 1

        make_trainable(discriminator, False)
        g_loss = GAN.train_on_batch(noise_tr, y2)
        losses["g"].append(g_loss)

rounds()
print(" ".join("%.4f" % loss for loss in losses["d"] + losses["g"]))
