# unchanged: it sets `trainable` ahead of each training, as it was when the model was compiled

import numpy as np
import tensorflow as tf
from tensorflow import keras

codings_size = 5
generator = keras.models.Sequential([
    keras.layers.Dense(10, activation="selu", input_shape=[codings_size]),
    keras.layers.Dense(6 * 2, activation="sigmoid"),
    keras.layers.Reshape([6, 2])
])
discriminator = keras.models.Sequential([
    keras.layers.Flatten(input_shape=[6, 2]),
    keras.layers.Dense(10, activation="selu"),
    keras.layers.Dense(1, activation="sigmoid")
])
gan = keras.models.Sequential([generator, discriminator])

discriminator.compile(loss="binary_crossentropy", optimizer="rmsprop")
discriminator.trainable = False
gan.compile(loss="binary_crossentropy", optimizer="rmsprop")

rs = np.random.RandomState(0)
X_train = rs.rand(64, 6, 2).astype(np.float32)
batch_size = 16
dataset = tf.data.Dataset.from_tensor_slices(X_train)
dataset = dataset.batch(batch_size, drop_remainder=True).prefetch(1)


def train_gan(gan, dataset, batch_size, codings_size, n_epochs=50):
    generator, discriminator = gan.layers
    for epoch in range(n_epochs):
        for X_batch in dataset:
            noise = tf.constant(rs.normal(size=[batch_size, codings_size]), dtype=tf.float32)
            generated_images = generator(noise)
            X_fake_and_real = tf.concat([generated_images, X_batch], axis=0)
            y1 = tf.constant([[0.]] * batch_size + [[1.]] * batch_size)
            discriminator.trainable = True
            discriminator.train_on_batch(X_fake_and_real, y1)
            noise = tf.constant(rs.normal(size=[batch_size, codings_size]), dtype=tf.float32)
            y2 = tf.constant([[1.]] * batch_size)
            discriminator.trainable = False
            gan.train_on_batch(noise, y2)


train_gan(gan, dataset, batch_size, codings_size, n_epochs=1)
print(discriminator.evaluate(X_train, np.ones((64, 1)), verbose=0))
