import numpy as np
from keras.layers import Activation, Concatenate, Conv2D, Conv2DTranspose, Input, LeakyReLU
from keras.models import Model
from keras.optimizers import Adam


def make_critic(image_shape):
    in_src_image = Input(shape=image_shape)
    in_target_image = Input(shape=image_shape)
    merged = Concatenate()([in_src_image, in_target_image])
    d = Conv2D(4, (4, 4), strides=(2, 2), padding="same")(merged)
    d = LeakyReLU(alpha=0.2)(d)
    patch_out = Activation("sigmoid")(Conv2D(1, (4, 4), padding="same")(d))
    model = Model([in_src_image, in_target_image], patch_out)
    model.compile(loss="binary_crossentropy", optimizer=Adam(lr=0.0002, beta_1=0.5), loss_weights=[0.5])
    return model


def make_painter(image_shape):
    in_image = Input(shape=image_shape)
    g = Activation("relu")(Conv2D(4, (4, 4), strides=(2, 2), padding="same")(in_image))
    g = Conv2DTranspose(3, (4, 4), strides=(2, 2), padding="same")(g)
    return Model(in_image, Activation("tanh")(g))


def stack(g_model, d_model, image_shape):
    d_model.trainable = False
    in_src = Input(shape=image_shape)
    gen_out = g_model(in_src)
    dis_out = d_model([in_src, gen_out])
    model = Model(in_src, [dis_out, gen_out])
    model.compile(
        loss=["binary_crossentropy", "mae"], optimizer=Adam(lr=0.0002, beta_1=0.5), loss_weights=[1, 100]
    )
    return model


def train(d_model, g_model, gan_model, dataset, n_steps, n_batch=1):
    n_patch = d_model.output_shape[1]
    trainA, trainB = dataset
    for i in range(n_steps):
        real_A, real_B = trainA[i : i + n_batch], trainB[i : i + n_batch]
        ones_ = np.ones((n_batch, n_patch, n_patch, 1))
        fake_B = g_model.predict(real_A)
        zeros_ = np.zeros((len(fake_B), n_patch, n_patch, 1))
        loss_real = d_model.train_on_batch([real_A, real_B], ones_)
        loss_fake = d_model.train_on_batch([real_A, fake_B], zeros_)
        g_loss, _, _ = gan_model.train_on_batch(real_A, [ones_, real_B])
        print(">%d, d1[%.3f] d2[%.3f] g[%.3f]" % (i + 1, loss_real, loss_fake, g_loss))


dataset = np.random.RandomState(0).uniform(-1, 1, (2, 3, 8, 8, 3))
image_shape = dataset[0].shape[1:]
d_model = make_critic(image_shape)
g_model = make_painter(image_shape)
gan_model = stack(g_model, d_model, image_shape)
train(d_model, g_model, gan_model, dataset, n_steps=3)
