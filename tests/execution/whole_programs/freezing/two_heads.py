import numpy as np
from keras import backend
from keras.layers import Activation, Dense, Input, Lambda, LeakyReLU
from keras.models import Model
from keras.optimizers import Adam


def total_evidence(output):
    evidence = backend.sum(backend.exp(output), axis=-1, keepdims=True)
    return evidence / (evidence + 1.0)


def make_critic(in_shape=(6,), n_classes=3):
    in_image = Input(shape=in_shape)
    fe = Dense(8)(in_image)
    fe = LeakyReLU(alpha=0.2)(fe)
    fe = Dense(n_classes)(fe)
    c_out_layer = Activation('softmax')(fe)
    c_model = Model(in_image, c_out_layer)
    c_model.compile(loss='sparse_categorical_crossentropy', optimizer=Adam(lr=0.0002, beta_1=0.5), metrics=['accuracy'])
    d_out_layer = Lambda(total_evidence)(fe)
    d_model = Model(in_image, d_out_layer)
    d_model.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.0002, beta_1=0.5))
    return d_model, c_model


def make_painter(latent_dim):
    in_lat = Input(shape=(latent_dim,))
    gen = Dense(8)(in_lat)
    gen = LeakyReLU(alpha=0.2)(gen)
    out_layer = Dense(6, activation='tanh')(gen)
    return Model(in_lat, out_layer)


def stack(g_model, d_model):
    d_model.trainable = False
    gan_output = d_model(g_model.output)
    model = Model(g_model.input, gan_output)
    opt = Adam(lr=0.0002, beta_1=0.5)
    model.compile(loss='binary_crossentropy', optimizer=opt)
    return model


rs = np.random.RandomState(1)


def train(g_model, d_model, c_model, gan_model, dataset, latent_dim, n_steps=3, n_batch=16):
    X, y = dataset
    half = n_batch // 2
    for i in range(n_steps):
        ix = rs.randint(0, len(X), half)
        [Xsup_real, ysup_real] = [X[ix], y[ix]]
        c_loss, c_acc = c_model.train_on_batch(Xsup_real, ysup_real)
        d_loss1 = d_model.train_on_batch(X[ix], np.ones((half, 1)))
        fake_ = g_model.predict(rs.randn(half, latent_dim))
        d_loss2 = d_model.train_on_batch(fake_, np.zeros((half, 1)))
        X_gan, y_gan = rs.randn(n_batch, latent_dim), np.ones((n_batch, 1))
        g_loss = gan_model.train_on_batch(X_gan, y_gan)
        print('>%d, c[%.3f,%.0f], d[%.3f,%.3f], g[%.3f]' % (i+1, c_loss, c_acc*100, d_loss1, d_loss2, g_loss))


latent_dim = 4
d_model, c_model = make_critic()
g_model = make_painter(latent_dim)
gan_model = stack(g_model, d_model)
dataset = (rs.rand(40, 6), rs.randint(0, 3, 40))
train(g_model, d_model, c_model, gan_model, dataset, latent_dim)
