from keras import backend as K
from keras.engine.topology import Layer
from keras.layers import Input, Dense, Dropout
from keras.models import Model
import numpy as np


class Highway(Layer):
    def __init__(self, activation=None, **kwargs):
        self.supports_masking = True
        super(Highway, self).__init__(**kwargs)

    def build(self, input_shape):
        dim = input_shape[-1]
        self.W = self.add_weight((dim, dim), initializer='glorot_uniform', name='{}_W'.format(self.name))
        self.b = self.add_weight((dim,), initializer='zero', name='{}_b'.format(self.name))
        self.T = self.add_weight((dim, dim), initializer='uniform', name='{}_T'.format(self.name))
        self.built = True

    def call(self, x, mask=None):
        t = K.sigmoid(K.dot(x, self.T))
        h = K.relu(K.dot(x, self.W) + self.b)
        return h * t + (1 - t) * x

    def get_output_shape_for(self, input_shape):
        return input_shape


class MeanPool(Layer):
    def __init__(self, **kwargs):
        self.supports_masking = True
        super(MeanPool, self).__init__(**kwargs)

    def call(self, x, mask=None):
        if mask is not None:
            mask = K.cast(mask, K.floatx())
            mask = K.repeat(mask, x.shape[-1])
            mask = K.permute_dimensions(mask, (0, 2, 1))
            return K.sum(x * mask, axis=1) / K.sum(mask, axis=1)
        return K.mean(x, axis=1)

    def compute_mask(self, input, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])


i = Input(shape=(4, 5))
x = Highway(name='highway')(i)
x = MeanPool()(x)
m = Model(inputs=i, outputs=Dense(1)(x))
m.compile(loss='mse', optimizer='sgd')
r = np.random.RandomState(0)
m.fit(r.rand(8, 4, 5), r.rand(8, 1), epochs=2, verbose=0, shuffle=False)
