import numpy as np
from tensorflow.keras.initializers import RandomNormal
from tensorflow.keras.layers import Activation, BatchNormalization, Concatenate, Conv2D, Conv2DTranspose, Dropout, Input, LeakyReLU
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam


def down(x, filters, norm=True):
    g = Conv2D(filters, (4, 4), strides=(2, 2), padding="same", kernel_initializer=RandomNormal(stddev=0.02))(x)
    if norm:
        g = BatchNormalization()(g, training=True)
    return LeakyReLU(alpha=0.2)(g)


def up(x, skip, filters, drop=True):
    g = Conv2DTranspose(filters, (4, 4), strides=(2, 2), padding="same")(x)
    # normalize in any case
    g = BatchNormalization()(g, training=True)
    if drop:
        g = Dropout(0.5)(g, training=True)
    return Activation("relu")(Concatenate()([g, skip]))


def translator(shape=(8, 8, 3)):
    image = Input(shape=shape)
    e1 = down(image, 4, norm=False)
    e2 = down(e1, 8)
    d1 = up(e2, e1, 4, drop=False)
    g = Conv2DTranspose(3, (4, 4), strides=(2, 2), padding="same")(d1)
    return Model(image, Activation("tanh")(g))


model = translator()
model.compile(loss="mae", optimizer=Adam(lr=0.0002, beta_1=0.5))
images = np.random.RandomState(0).uniform(-1, 1, (4, 8, 8, 3))
print("%.4f" % np.abs(model.predict(images)).mean())
print("%.4f" % model.train_on_batch(images, images[::-1]))
print("%.4f" % model.evaluate(images, images, verbose=0))
