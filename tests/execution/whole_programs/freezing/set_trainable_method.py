import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models, optimizers
from tensorflow.keras.models import Model

class Gan:
    def __init__(self, input_dim, z_dim):
        self.input_dim = input_dim
        self.z_dim = z_dim
        self.d_losses = []
        self.g_losses = []
        self.epoch = 0
        self._build_discriminator()
        self._build_generator()
        self._build_adversarial()

    def _build_discriminator(self):
        inp = layers.Input(shape=(self.input_dim,), name='discriminator_input')
        x = layers.Dense(8)(inp)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU()(x)
        out = layers.Dense(1, activation='sigmoid')(x)
        self.discriminator = Model(inp, out)

    def _build_generator(self):
        inp = layers.Input(shape=(self.z_dim,), name='generator_input')
        x = layers.Dense(8)(inp)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU()(x)
        self.generator = Model(inp, layers.Dense(self.input_dim, activation='tanh')(x))

    def set_trainable(self, m, val):
        m.trainable = val
        for l in m.layers:
            l.trainable = val

    def _build_adversarial(self):
        self.discriminator.compile(optimizer=optimizers.RMSprop(lr=0.0008), loss='binary_crossentropy', metrics=['accuracy'])
        self.set_trainable(self.discriminator, False)
        model_input = layers.Input(shape=(self.z_dim,), name='model_input')
        model_output = self.discriminator(self.generator(model_input))
        self.model = Model(model_input, model_output)
        self.model.compile(optimizer=optimizers.RMSprop(lr=0.0004), loss='binary_crossentropy', metrics=['accuracy'])
        self.set_trainable(self.discriminator, True)

    def train_discriminator(self, x_train, batch_size):
        valid = np.ones((batch_size, 1))
        fake = np.zeros((batch_size, 1))
        idx = self.rs.randint(0, x_train.shape[0], batch_size)
        true_imgs = x_train[idx]
        noise = self.rs.normal(0, 1, (batch_size, self.z_dim))
        gen_imgs = self.generator.predict(noise)
        d_loss_real, d_acc_real = self.discriminator.train_on_batch(true_imgs, valid)
        d_loss_fake, d_acc_fake = self.discriminator.train_on_batch(gen_imgs, fake)
        d_loss = 0.5 * (d_loss_real + d_loss_fake)
        d_acc = 0.5 * (d_acc_real + d_acc_fake)
        return [d_loss, d_loss_real, d_loss_fake, d_acc, d_acc_real, d_acc_fake]

    def train_generator(self, batch_size):
        valid = np.ones((batch_size, 1))
        noise = self.rs.normal(0, 1, (batch_size, self.z_dim))
        return self.model.train_on_batch(noise, valid)

    def train(self, x_train, batch_size, epochs):
        self.rs = np.random.RandomState(0)
        for epoch in range(self.epoch, self.epoch + epochs):
            d = self.train_discriminator(x_train, batch_size)
            g = self.train_generator(batch_size)
            print("%d [D loss: (%.3f)(R %.3f, F %.3f)] [D acc: (%.3f)(%.3f, %.3f)] [G loss: %.3f] [G acc: %.3f]" % (epoch, d[0], d[1], d[2], d[3], d[4], d[5], g[0], g[1]))
            self.d_losses.append(d)
            self.g_losses.append(g)
            self.epoch += 1

gan = Gan(6, 4)
gan.train(np.random.RandomState(1).rand(40, 6), 8, 3)
