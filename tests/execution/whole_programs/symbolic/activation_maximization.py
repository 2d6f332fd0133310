# no calls: the function of the backend is all that computes; the numbers are printed

"""Activation maximization with regularizers, by gradient ascent on a blank image."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K

tf.compat.v1.disable_eager_execution()


def total_variation(img):
    dx = img[:, 1:, :-1, :] - img[:, :-1, :-1, :]
    dy = img[:, :-1, 1:, :] - img[:, :-1, :-1, :]
    return K.mean(K.sqrt(K.square(dx) + K.square(dy) + 1e-8))


def make_step(model, class_index, decay=0.01, tv=0.1):
    img = model.input
    score = model.layers[-1].output[:, class_index]
    objective = K.mean(score) - decay * K.sum(K.square(img)) - tv * total_variation(img)
    gradient = K.gradients(objective, img)[0]
    gradient = gradient / (K.std(gradient) + K.epsilon())
    return K.function([img], [objective, gradient])


inputs = keras.Input((8, 8, 3))
x = keras.layers.Conv2D(3, 3, activation='elu', name='features')(inputs)
x = keras.layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, keras.layers.Dense(4)(x))
model.set_weights([np.linspace(-0.5, 0.5, w.size).reshape(w.shape) for w in model.get_weights()])

step = make_step(model, 2)
img = np.random.RandomState(0).uniform(-0.1, 0.1, (1, 8, 8, 3))
for i in range(4):
    value, gradient = step([img])
    img += gradient * 0.05
    print('%d: %.4f' % (i, value))
