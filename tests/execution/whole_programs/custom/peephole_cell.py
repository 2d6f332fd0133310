import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import AbstractRNNCell, RNN, Input, Bidirectional
from tensorflow.keras.models import Model


class PeepholeCell(AbstractRNNCell):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    @property
    def state_size(self):
        return [self.units, self.units]

    @property
    def output_size(self):
        return self.units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units * 4), initializer='uniform', name='kernel')
        self.recurrent_kernel = self.add_weight(shape=(self.units, self.units * 4), initializer='uniform', name='recurrent_kernel')
        self.peephole = self.add_weight(shape=(3, self.units), initializer='uniform', name='peephole')
        self.built = True

    def call(self, inputs, states):
        h, c = states
        z = K.dot(inputs, self.kernel) + K.dot(h, self.recurrent_kernel)
        i, f, g, o = tf.split(z, 4, axis=-1)
        i = K.sigmoid(i + self.peephole[0] * c)
        f = K.sigmoid(f + self.peephole[1] * c)
        c = f * c + i * K.tanh(g)
        o = K.sigmoid(o + self.peephole[2] * c)
        h = o * K.tanh(c)
        return h, (h, c)


i = Input((5, 3))
x = RNN(PeepholeCell(4), return_sequences=True)(i)
x = Bidirectional(RNN(PeepholeCell(2)))(x)
m = Model(i, x)
m.compile('sgd', 'mse')
r = np.random.RandomState(0)
m.fit(r.rand(8, 5, 3), r.rand(8, 4), verbose=0)
print(m.predict(r.rand(2, 5, 3), verbose=0).shape)
