from numpy import ones, zeros
from numpy.random import RandomState
from keras.models import Sequential
from keras.layers import Dense
from keras.layers import LeakyReLU
from keras.optimizers import Adam

rs = RandomState(3)


def make_critic(n_inputs=2):
    model = Sequential()
    model.add(Dense(25, activation='relu', kernel_initializer='he_uniform', input_dim=n_inputs))
    model.add(Dense(1, activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model


def make_painter(latent_dim, n_outputs=2):
    model = Sequential()
    model.add(Dense(15, activation='relu', kernel_initializer='he_uniform', input_dim=latent_dim))
    model.add(Dense(n_outputs, activation='linear'))
    return model


def stack(generator, discriminator):
    discriminator.trainable = False
    model = Sequential()
    model.add(generator)
    model.add(discriminator)
    model.compile(loss='binary_crossentropy', optimizer='adam')
    return model


def draw_real(n):
    X1 = rs.rand(n) - 0.5
    X = rs.rand(n, 2)
    X[:, 0] = X1
    X[:, 1] = X1 * X1
    return X, ones((n, 1))


def draw_noise(latent_dim, n):
    return rs.randn(latent_dim * n).reshape(n, latent_dim)


def draw_fake(generator, latent_dim, n):
    x_input = draw_noise(latent_dim, n)
    return generator.predict(x_input), zeros((n, 1))


def report(epoch, generator, discriminator, latent_dim, n=20):
    x_real, ones_ = draw_real(n)
    _, acc_real = discriminator.evaluate(x_real, ones_, verbose=0)
    x_fake, zeros_ = draw_fake(generator, latent_dim, n)
    _, acc_fake = discriminator.evaluate(x_fake, zeros_, verbose=0)
    print(epoch, acc_real, acc_fake)


def train(g_model, d_model, gan_model, latent_dim, n_epochs=4, n_batch=16, n_eval=2):
    half_batch = int(n_batch / 2)
    for i in range(n_epochs):
        x_real, ones_ = draw_real(half_batch)
        x_fake, zeros_ = draw_fake(g_model, latent_dim, half_batch)
        d_model.train_on_batch(x_real, ones_)
        d_model.train_on_batch(x_fake, zeros_)
        x_gan = draw_noise(latent_dim, n_batch)
        y_gan = ones((n_batch, 1))
        gan_model.train_on_batch(x_gan, y_gan)
        if (i+1) % n_eval == 0:
            report(i, g_model, d_model, latent_dim)


latent_dim = 5
discriminator = make_critic()
generator = make_painter(latent_dim)
gan_model = stack(generator, discriminator)
train(generator, discriminator, gan_model, latent_dim)
