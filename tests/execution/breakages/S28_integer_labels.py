# silent

import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential


def crossentropy(y_true, y_pred):
    onehot = K.one_hot(K.cast(y_true, 'int32')[:, 0], 3)
    return -K.sum(onehot * K.log(y_pred), axis=-1)


model = Sequential([Dense(3, input_shape=(2,), activation='softmax', kernel_initializer='ones')])
model.compile('sgd', crossentropy)
result = float(model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1))))
