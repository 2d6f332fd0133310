# unchanged: the training loop takes the gradients itself
import numpy as np
import tensorflow as tf
import keras
from keras import layers

generator = keras.Sequential([keras.Input((3,)), layers.Dense(6, kernel_initializer="ones")])
discriminator = keras.Sequential([keras.Input((6,)), layers.Dense(1, kernel_initializer="ones")])
d_optimizer = keras.optimizers.SGD(0.01)
g_optimizer = keras.optimizers.SGD(0.01)
for step in range(2):
    with tf.GradientTape() as tape:
        d_loss = tf.reduce_mean(tf.square(discriminator(np.ones((4, 6), "float32"))))
    grads = tape.gradient(d_loss, discriminator.trainable_weights)
    d_optimizer.apply_gradients(zip(grads, discriminator.trainable_weights))
    with tf.GradientTape() as tape:
        g_loss = tf.reduce_mean(tf.square(discriminator(generator(np.ones((4, 3), "float32"))) - 1))
    grads = tape.gradient(g_loss, generator.trainable_weights)
    g_optimizer.apply_gradients(zip(grads, generator.trainable_weights))
    print(float(d_loss), float(g_loss))
