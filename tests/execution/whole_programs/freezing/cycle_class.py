import numpy as np
from keras.layers import Activation, Conv2D, Input, LeakyReLU, UpSampling2D
from keras.models import Model
from keras.optimizers import Adam


class Cycle:
    def __init__(self):
        self.img_shape = (8, 8, 3)
        self.disc_patch = (4, 4, 1)
        self.lambda_cycle = 10.0  # Cycle-consistency loss
        self.lambda_id = 0.1 * self.lambda_cycle  # Identity loss

        optimizer = Adam(0.0002, 0.5)

        self.d_A = self.build_discriminator()
        self.d_B = self.build_discriminator()
        self.d_A.compile(loss="mse", optimizer=optimizer, metrics=["accuracy"])
        self.d_B.compile(loss="mse", optimizer=optimizer, metrics=["accuracy"])

        self.g_AB = self.build_generator()
        self.g_BA = self.build_generator()

        img_A = Input(shape=self.img_shape)
        img_B = Input(shape=self.img_shape)

        fake_B = self.g_AB(img_A)
        fake_A = self.g_BA(img_B)
        back_A = self.g_BA(fake_B)
        back_B = self.g_AB(fake_A)
        same_A = self.g_BA(img_A)
        same_B = self.g_AB(img_B)

        self.d_A.trainable = False
        self.d_B.trainable = False

        valid_A = self.d_A(fake_A)
        valid_B = self.d_B(fake_B)

        self.combined = Model(
            inputs=[img_A, img_B],
            outputs=[valid_A, valid_B, back_A, back_B, same_A, same_B],
        )
        self.combined.compile(
            loss=["mse", "mse", "mae", "mae", "mae", "mae"],
            loss_weights=[1, 1, self.lambda_cycle, self.lambda_cycle, self.lambda_id, self.lambda_id],
            optimizer=optimizer,
        )

    def build_generator(self):
        d0 = Input(shape=self.img_shape)
        d1 = LeakyReLU(alpha=0.2)(Conv2D(4, kernel_size=4, strides=2, padding="same")(d0))
        u1 = UpSampling2D(size=2)(d1)
        return Model(d0, Activation("tanh")(Conv2D(3, kernel_size=4, strides=1, padding="same")(u1)))

    def build_discriminator(self):
        img = Input(shape=self.img_shape)
        d1 = LeakyReLU(alpha=0.2)(Conv2D(4, kernel_size=4, strides=2, padding="same")(img))
        return Model(img, Conv2D(1, kernel_size=4, strides=1, padding="same")(d1))

    def train(self, batches, batch_size=2):
        random = np.random.RandomState(0)
        valid = np.ones((batch_size,) + self.disc_patch)
        fake = np.zeros((batch_size,) + self.disc_patch)
        for batch_i in range(batches):
            imgs_A, imgs_B = random.rand(2, batch_size, *self.img_shape)

            fake_B = self.g_AB.predict(imgs_A)
            fake_A = self.g_BA.predict(imgs_B)

            dA_loss_real = self.d_A.train_on_batch(imgs_A, valid)
            dA_loss_fake = self.d_A.train_on_batch(fake_A, fake)
            dA_loss = 0.5 * np.add(dA_loss_real, dA_loss_fake)

            dB_loss_real = self.d_B.train_on_batch(imgs_B, valid)
            dB_loss_fake = self.d_B.train_on_batch(fake_B, fake)
            dB_loss = 0.5 * np.add(dB_loss_real, dB_loss_fake)

            d_loss = 0.5 * np.add(dA_loss, dB_loss)

            g_loss = self.combined.train_on_batch(
                [imgs_A, imgs_B], [valid, valid, imgs_A, imgs_B, imgs_A, imgs_B]
            )
            print(
                "[Batch %d] [D loss: %f, acc: %3d%%] [G loss: %05f, adv: %05f, recon: %05f, id: %05f]"
                % (
                    batch_i,
                    d_loss[0],
                    100 * d_loss[1],
                    g_loss[0],
                    np.mean(g_loss[1:3]),
                    np.mean(g_loss[3:5]),
                    np.mean(g_loss[5:6]),
                )
            )


if __name__ == "__main__":
    Cycle().train(batches=2)
