# other text: the graph of the Keras 2 side prints warnings of its own
import numpy as np
from keras import backend as K
from keras.layers import Layer, Input, Dense
from keras.models import Model


class Decay(Layer):
    def __init__(self, units, **kwargs):
        self.units = units
        super(Decay, self).__init__(**kwargs)

    def build(self, input_shape):
        self.kernel = self.add_weight(name='kernel', shape=(input_shape[-1], self.units), initializer='glorot_uniform')
        super(Decay, self).build(input_shape)

    def call(self, x):
        def step(inputs, states):
            new = 0.5 * states[0] + K.tanh(K.dot(inputs, self.kernel))
            return new, [new]

        start = K.zeros_like(x[:, 0, :1]) * K.ones((1, self.units))
        last, outputs, states = K.rnn(step, x, [start])
        total = K.foldl(lambda a, b: a + b, K.permute_dimensions(outputs, (1, 0, 2)))
        each = K.map_fn(lambda row: K.max(row, axis=0), outputs)
        return last + total + each

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)


x = Input((5, 3))
model = Model(x, Dense(1)(Decay(4)(x)))
model.compile('sgd', 'mse')
data = np.arange(60.).reshape(4, 5, 3) / 60
model.fit(data, np.zeros((4, 1)), epochs=1, verbose=0)
print(model.predict(data, verbose=0).shape)
