'''Siamese network with the Euclidean distance.'''
from __future__ import print_function
import numpy as np
from keras.models import Model
from keras.layers import Input, Flatten, Dense, Lambda
from keras.optimizers import RMSprop
from keras import backend as K


def euclidean(vects):
    x, y = vects
    sum_square = K.sum(K.square(x - y), axis=1, keepdims=True)
    return K.sqrt(K.maximum(sum_square, K.epsilon()))


def distance_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive(y_true, y_pred):
    margin = 1
    return K.mean(y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(margin - y_pred, 0)))


def base_network(input_shape):
    input = Input(shape=input_shape)
    x = Flatten()(input)
    x = Dense(8, activation='relu')(x)
    return Model(input, x)


shape = (4, 4)
net = base_network(shape)
a, b = Input(shape=shape), Input(shape=shape)
distance = Lambda(euclidean, output_shape=distance_shape, name='distance')([net(a), net(b)])
l1 = Lambda(lambda ts: K.abs(ts[0] - ts[1]))([net(a), net(b)])
score = Dense(1, activation='sigmoid', name='score')(l1)
model = Model([a, b], [distance, score])
model.compile(loss=[contrastive, 'binary_crossentropy'], optimizer=RMSprop(lr=0.001))
np.random.seed(0)
pairs = np.random.rand(2, 12, 4, 4)
y = (np.arange(12) % 2).astype('float32')
model.fit([pairs[0], pairs[1]], [y, y], batch_size=6, epochs=1, verbose=0)
pred, s = model.predict([pairs[0], pairs[1]], verbose=0)
print(pred.shape, s.shape)
