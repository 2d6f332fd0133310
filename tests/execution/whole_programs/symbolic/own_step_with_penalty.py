# unchanged: a model with a step of its own takes the gradient of a gradient

import keras
import numpy as np
import tensorflow as tf


class Critic(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(4, activation="tanh", kernel_initializer="ones")
        self.score = keras.layers.Dense(1, kernel_initializer="ones")

    def call(self, x):
        return self.score(self.hidden(x))

    def gradient_penalty(self, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = self(x)
        gradients = tape.gradient(y, x)
        norm = tf.sqrt(tf.reduce_sum(tf.square(gradients), axis=1))
        return tf.reduce_mean(tf.square(norm - 1.0))

    def train_step(self, data):
        real, fake = data
        with tf.GradientTape() as tape:
            mixed = 0.5 * real + 0.5 * fake
            loss = tf.reduce_mean(self(fake)) - tf.reduce_mean(self(real)) + 10.0 * self.gradient_penalty(mixed)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"critic_loss": loss}


r = np.random.RandomState(0)
critic = Critic()
critic.compile(optimizer=keras.optimizers.SGD(0.0001))
real, fake = r.rand(8, 3).astype("float32"), r.rand(8, 3).astype("float32")
history = critic.fit(real, fake, batch_size=8, epochs=2, shuffle=False, verbose=0)
print([round(float(loss), 3) for loss in history.history["critic_loss"]])
