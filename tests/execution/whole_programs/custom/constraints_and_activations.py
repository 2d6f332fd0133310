import numpy as np
from keras import backend as K
from keras.constraints import Constraint
from keras.initializers import Initializer
from keras.regularizers import Regularizer
from keras.layers import Dense, Activation
from keras.models import Sequential
from keras.utils.generic_utils import get_custom_objects


class ClipConstraint(Constraint):
    # set clip value when initialized
    def __init__(self, clip_value):
        self.clip_value = clip_value

    # clip model weights to hypercube
    def __call__(self, weights):
        return K.clip(weights, -self.clip_value, self.clip_value)

    # get the config
    def get_config(self):
        return {'clip_value': self.clip_value}


class RampInit(Initializer):
    def __init__(self, scale=0.1):
        self.scale = scale

    def __call__(self, shape, dtype=None, partition_info=None):
        size = int(np.prod(shape))
        return K.reshape(K.cast(K.arange(0, size), dtype or K.floatx()), shape) * self.scale / size

    def get_config(self):
        return {'scale': self.scale}


def my_init(shape, dtype=None):
    return K.ones(shape, dtype=dtype) * 0.1


class OrthReg(Regularizer):
    def __init__(self, rate=0.01):
        self.rate = K.cast_to_floatx(rate)

    def __call__(self, w):
        wtw = K.dot(K.transpose(w), w)
        return self.rate * K.sum(K.square(wtw - K.eye(int(w.shape[1]))))

    def get_config(self):
        return {'rate': float(self.rate)}


def l1_reg(weight_matrix):
    return 0.01 * K.sum(K.abs(weight_matrix))


def swish(x):
    return K.sigmoid(x) * x


get_custom_objects().update({'swish_act': Activation(swish)})


def gelu_like(x):
    return x * K.sigmoid(1.702 * x)


get_custom_objects()['gelu_like'] = gelu_like

model = Sequential([
    Dense(4, input_dim=3, kernel_initializer=RampInit(), kernel_constraint=ClipConstraint(0.05),
          kernel_regularizer=OrthReg(0.1)),
    Activation('swish_act'),
    Dense(4, activation='gelu_like', kernel_initializer=my_init, kernel_regularizer=l1_reg),
    Dense(1, kernel_constraint=lambda w: K.clip(w, -1, 1)),
])
model.compile('sgd', 'mse')
r = np.random.RandomState(0)
model.fit(r.rand(16, 3), r.rand(16, 1), epochs=2, verbose=0, shuffle=False)
print(np.abs(model.layers[0].get_weights()[0]).max() <= 0.05 + 1e-6)
