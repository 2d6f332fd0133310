import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import RMSprop
import keras.backend as K


class TwoPlayers():
    def __init__(self):
        self.latent_dim = 4
        self.n_critic = 2
        optimizer = RMSprop(lr=0.00005)

        self.generator = self.build_generator()
        self.critic = self.build_critic()

        self.generator.trainable = False
        real_img = Input(shape=(6,))
        z_disc = Input(shape=(self.latent_dim,))
        fake_img = self.generator(z_disc)
        fake = self.critic(fake_img)
        valid = self.critic(real_img)
        self.critic_model = Model(inputs=[real_img, z_disc], outputs=[valid, fake])
        self.critic_model.compile(loss=[self.wasserstein_loss, self.wasserstein_loss], optimizer=optimizer, loss_weights=[1, 1])

        self.critic.trainable = False
        self.generator.trainable = True

        z_gen = Input(shape=(self.latent_dim,))
        img = self.generator(z_gen)
        valid = self.critic(img)
        self.generator_model = Model(z_gen, valid)
        self.generator_model.compile(loss=self.wasserstein_loss, optimizer=optimizer)

    def wasserstein_loss(self, y_true, y_pred):
        return K.mean(y_true * y_pred)

    def build_generator(self):
        noise = Input(shape=(self.latent_dim,))
        return Model(noise, Dense(6, activation="tanh")(Dense(8, activation="relu")(noise)))

    def build_critic(self):
        img = Input(shape=(6,))
        return Model(img, Dense(1)(Dense(8, activation="tanh")(img)))

    def train(self, epochs, batch_size):
        rs = np.random.RandomState(0)
        X_train = rs.rand(64, 6)
        valid = -np.ones((batch_size, 1))
        fake = np.ones((batch_size, 1))
        for epoch in range(epochs):
            for _ in range(self.n_critic):
                imgs = X_train[rs.randint(0, 64, batch_size)]
                noise = rs.normal(0, 1, (batch_size, self.latent_dim))
                d_loss = self.critic_model.train_on_batch([imgs, noise], [valid, fake])

            g_loss = self.generator_model.train_on_batch(noise, valid)
            print("%d [D loss: %f] [G loss: %f]" % (epoch, d_loss[0], g_loss))


if __name__ == '__main__':
    TwoPlayers().train(epochs=3, batch_size=8)
