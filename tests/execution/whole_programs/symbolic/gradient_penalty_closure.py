"""The gradient penalty as a closure over the interpolated samples."""
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, Lambda
from keras.models import Model
from keras.optimizers import SGD


def build_critic():
    x = Input((4,))
    h = Dense(5, activation='tanh', kernel_initializer='ones')(x)
    return Model(x, Dense(1, kernel_initializer='ones')(h))


critic = build_critic()
real = Input((4,))
fake = Input((4,))
mixed = Lambda(lambda pair: 0.5 * pair[0] + 0.5 * pair[1])([real, fake])

real_out = critic(real)
fake_out = critic(fake)
mixed_out = critic(mixed)


def wasserstein(y_true, y_pred):
    return K.mean(y_true * y_pred)


def gradient_penalty(y_true, y_pred):
    grads = K.gradients(y_pred, mixed)[0]
    norm = K.sqrt(K.sum(K.square(grads), axis=-1))
    return K.mean(K.square(norm - 1))


trainer = Model([real, fake], [real_out, fake_out, mixed_out])
trainer.compile(SGD(0.0001), loss=[wasserstein, wasserstein, gradient_penalty], loss_weights=[1, 1, 10])

r = np.random.RandomState(1)
ones = np.ones((6, 1))
for step in range(3):
    losses = trainer.train_on_batch([r.rand(6, 4), r.rand(6, 4)], [-ones, ones, ones])
    print(step, np.round(losses, 4).tolist())
