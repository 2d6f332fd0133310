# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
import keras

model = Sequential()
model.add(Dense(3, input_dim=2, activation='tanh', kernel_initializer='ones'))
model.add(Dense(1, kernel_initializer='ones'))
model.compile('sgd', 'mse')


def get_weight_grad(model, inputs, outputs):
    """ Gets gradient of model for given inputs and outputs for all weights"""
    target = K.placeholder(shape=(None, 1))
    loss = K.mean(keras.losses.mean_squared_error(target, model.output))
    grads = K.gradients(loss, model.trainable_weights)
    f = K.function([model.input, target], grads)
    return f([inputs, outputs])


def get_input_grads(model, x):
    return K.function([model.input], K.gradients(model.output, model.input))([x])[0]


x = np.arange(6.0).reshape(3, 2)
print([g.sum().round(4) for g in get_weight_grad(model, x, np.ones((3, 1)))])
print(get_input_grads(model, x).round(4).tolist())
