"""A penalty whose function is made for its samples."""

import numpy as np
import tensorflow as tf
import keras.backend as K
from keras.layers import Dense, Input, Lambda
from keras.models import Model
from keras.optimizers import RMSprop


def gp_loss(samples, weight=10.0):
    def loss(y_true, y_pred):
        slopes = tf.gradients(y_pred, [samples])[0]
        norm = tf.sqrt(tf.reduce_sum(tf.square(slopes), axis=1))
        return weight * tf.reduce_mean((norm - 1.0) ** 2)
    return loss


def critic_loss(y_true, y_pred):
    return K.mean(y_true * y_pred)


def build():
    x = Input((4,))
    h = Dense(5, activation='elu', kernel_initializer='ones')(x)
    h = Dense(3, activation='elu', kernel_initializer='ones')(h)
    critic = Model(x, Dense(1, kernel_initializer='ones')(h))
    real, fake, eps = Input((4,)), Input((4,)), Input((1,))
    mixed = Lambda(lambda t: t[2] * t[0] + (1 - t[2]) * t[1])([real, fake, eps])
    valid = critic(real)
    invalid = critic(fake)
    trainer = Model(inputs=[real, fake, eps], outputs=[valid, invalid, critic(mixed)])
    trainer.compile(loss=[critic_loss, critic_loss, gp_loss(mixed, weight=5.0)], optimizer=RMSprop(0.0001))
    return critic, trainer


critic, trainer = build()
r = np.random.RandomState(1)
ones = np.ones((6, 1))
for step in range(3):
    losses = trainer.train_on_batch([r.rand(6, 4), r.rand(6, 4), r.rand(6, 1)], [-ones, ones, ones])
    print(step, np.round(losses, 3).tolist())
print(critic.predict(np.ones((1, 4)), verbose=0).round(3).tolist())
