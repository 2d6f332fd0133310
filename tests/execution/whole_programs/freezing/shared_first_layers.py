import keras.backend as K
import numpy as np
from keras.layers import BatchNormalization, Dense, Input, concatenate
from keras.models import Model, Sequential
from keras.optimizers import Adam


class Informed:
    def __init__(self):
        self.num_classes = 3
        self.latent_dim = 6

        optimizer = Adam(0.0002, 0.5)
        losses = ["binary_crossentropy", self.information]

        self.discriminator, self.recognizer = self.build_heads()
        self.discriminator.compile(loss=["binary_crossentropy"], optimizer=optimizer, metrics=["accuracy"])
        self.recognizer.compile(loss=[self.information], optimizer=optimizer, metrics=["accuracy"])

        self.generator = self.build_generator()
        gen_input = Input(shape=(self.latent_dim,))
        img = self.generator(gen_input)

        self.discriminator.trainable = False

        valid = self.discriminator(img)
        target_label = self.recognizer(img)
        self.combined = Model(gen_input, [valid, target_label])
        self.combined.compile(loss=losses, optimizer=optimizer)

    def build_generator(self):
        model = Sequential()
        model.add(Dense(8, activation="relu", input_dim=self.latent_dim))
        model.add(BatchNormalization(momentum=0.8))
        model.add(Dense(5, activation="tanh"))
        gen_input = Input(shape=(self.latent_dim,))
        return Model(gen_input, model(gen_input))

    def build_heads(self):
        img = Input(shape=(5,))
        model = Sequential()
        model.add(Dense(8, activation="relu", input_dim=5))
        img_embedding = model(img)
        validity = Dense(1, activation="sigmoid")(img_embedding)
        q_net = Dense(6, activation="relu")(img_embedding)
        label = Dense(self.num_classes, activation="softmax")(q_net)
        return Model(img, validity), Model(img, label)

    def information(self, c, c_given_x):
        eps = 1e-8
        conditional_entropy = K.mean(-K.sum(K.log(c_given_x + eps) * c, axis=1))
        entropy = K.mean(-K.sum(K.log(c + eps) * c, axis=1))
        return conditional_entropy + entropy

    def train(self, epochs, batch_size=8):
        random = np.random.RandomState(0)
        valid = np.ones((batch_size, 1))
        fake = np.zeros((batch_size, 1))
        for epoch in range(epochs):
            imgs = random.rand(batch_size, 5)
            noise = random.normal(0, 1, (batch_size, 3))
            labels = np.eye(self.num_classes)[random.randint(0, self.num_classes, batch_size)]
            gen_input = np.concatenate((noise, labels), axis=1)
            gen_imgs = self.generator.predict(gen_input)

            d_loss_real = self.discriminator.train_on_batch(imgs, valid)
            d_loss_fake = self.discriminator.train_on_batch(gen_imgs, fake)
            d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)

            g_loss = self.combined.train_on_batch(gen_input, [valid, labels])
            print(
                "%d [D loss: %.2f, acc.: %.2f%%] [Q loss: %.2f] [G loss: %.2f]"
                % (epoch, d_loss[0], 100 * d_loss[1], g_loss[1], g_loss[2])
            )


if __name__ == "__main__":
    Informed().train(epochs=2)
