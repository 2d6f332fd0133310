import keras
from keras import layers
import numpy as np

code_size = 8
height = width = 8
channels = 3

generator_input = keras.Input(shape=(code_size,))
x = layers.Dense(4 * 4 * 4)(generator_input)
x = layers.LeakyReLU()(x)
x = layers.Reshape((4, 4, 4))(x)
x = layers.Conv2DTranspose(4, 4, strides=2, padding='same')(x)
x = layers.LeakyReLU()(x)
x = layers.Conv2D(channels, 3, activation='tanh', padding='same')(x)
generator = keras.models.Model(generator_input, x)

discriminator_input = layers.Input(shape=(height, width, channels))
x = layers.Conv2D(4, 3)(discriminator_input)
x = layers.LeakyReLU()(x)
x = layers.Flatten()(x)
x = layers.Dense(1, activation='sigmoid')(x)
discriminator = keras.models.Model(discriminator_input, x)
discriminator_optimizer = keras.optimizers.RMSprop(lr=0.0008, clipvalue=1.0, decay=1e-8)
discriminator.compile(optimizer=discriminator_optimizer, loss='binary_crossentropy')

discriminator.trainable = False
gan_input = keras.Input(shape=(code_size,))
gan_output = discriminator(generator(gan_input))
gan = keras.models.Model(gan_input, gan_output)
gan_optimizer = keras.optimizers.RMSprop(lr=0.0004, clipvalue=1.0, decay=1e-8)
gan.compile(optimizer=gan_optimizer, loss='binary_crossentropy')

rs = np.random.RandomState(0)
x_train = rs.rand(100, height, width, channels)
iterations = 4
batch_size = 8
start = 0
for step in range(iterations):
    codes = rs.normal(size=(batch_size, code_size))
    generated_images = generator.predict(codes)

    stop = start + batch_size
    real_images = x_train[start: stop]
    both = np.concatenate([generated_images, real_images])
    labels = np.concatenate([np.ones((batch_size, 1)), np.zeros((batch_size, 1))])

    d_loss = discriminator.train_on_batch(both, labels)

    codes = rs.normal(size=(batch_size, code_size))
    wishes = np.zeros((batch_size, 1))

    gan_loss = gan.train_on_batch(codes, wishes)
    start += batch_size
    if step % 2 == 0:
        gan.save_weights('gan.h5')
        print('discriminator loss at step %s: %s' % (step, d_loss))
        print('adversarial loss at step %s: %s' % (step, gan_loss))
