"""Chapter 5: the variational autoencoder again, now with convolutions and `add_loss`.

The loss needs tensors from the middle of the model, not only target and prediction. Instead of a loss function
that reaches for them, this chapter adds the finished tensor to the model. There is no target at all then.
"""
import numpy as np

from keras import backend as K
from keras.datasets import mnist
from keras.layers import Conv2D, Conv2DTranspose, Dense, Flatten, Input, Lambda, Reshape
from keras.losses import binary_crossentropy
from keras.models import Model

image_size = 28
latent_dim = 2
batch_size = 64
epochs = 3
epsilon_std = 1.0


def sampling(args):
    """Draw z from the distribution the encoder describes (reparameterization trick)."""
    z_mean, z_log_var = args
    batch = K.shape(z_mean)[0]
    dim = K.int_shape(z_mean)[1]
    epsilon = K.random_normal(shape=(batch, dim), stddev=epsilon_std)
    return z_mean + K.exp(0.5 * z_log_var) * epsilon


# Encoder
inputs = Input(shape=(image_size, image_size, 1), name='encoder_input')
x = Conv2D(8, 3, strides=2, padding='same', activation='relu')(inputs)
x = Conv2D(16, 3, strides=2, padding='same', activation='relu')(x)
shape = K.int_shape(x)  # the decoder has to build this up again
x = Flatten()(x)
x = Dense(16, activation='relu')(x)
z_mean = Dense(latent_dim, name='z_mean')(x)
z_log_var = Dense(latent_dim, name='z_log_var')(x)
z = Lambda(sampling, output_shape=(latent_dim,), name='z')([z_mean, z_log_var])
encoder = Model(inputs, [z_mean, z_log_var, z], name='encoder')

# Decoder
latent_inputs = Input(shape=(latent_dim,), name='z_sampling')
x = Dense(shape[1] * shape[2] * shape[3], activation='relu')(latent_inputs)
x = Reshape((shape[1], shape[2], shape[3]))(x)
x = Conv2DTranspose(16, 3, strides=2, padding='same', activation='relu')(x)
x = Conv2DTranspose(8, 3, strides=2, padding='same', activation='relu')(x)
outputs = Conv2DTranspose(1, 3, padding='same', activation='sigmoid', name='decoder_output')(x)
decoder = Model(latent_inputs, outputs, name='decoder')

# Variational autoencoder
outputs = decoder(encoder(inputs)[2])
vae = Model(inputs, outputs, name='vae')


if __name__ == '__main__':
    (x_train, _), (x_test, _) = mnist.load_data()
    x_train = np.reshape(x_train, [-1, image_size, image_size, 1]).astype('float32') / 255
    x_test = np.reshape(x_test, [-1, image_size, image_size, 1]).astype('float32') / 255

    reconstruction_loss = binary_crossentropy(K.flatten(inputs), K.flatten(outputs))
    reconstruction_loss *= image_size * image_size
    kl_loss = 1 + z_log_var - K.square(z_mean) - K.exp(z_log_var)
    kl_loss = K.sum(kl_loss, axis=-1)
    kl_loss *= -0.5
    vae_loss = K.mean(reconstruction_loss + kl_loss)
    vae.add_loss(vae_loss)
    vae.compile(optimizer='rmsprop')
    vae.summary()

    history = vae.fit(x_train,
                      epochs=epochs,
                      batch_size=batch_size,
                      validation_data=(x_test, None))

    z_test, _, _ = encoder.predict(x_test, batch_size=batch_size)
    print('The test images lie around', z_test.mean(axis=0))
