import numpy as np
import keras
from keras import backend as K
from keras.layers import Layer, Input, Dense
from keras.models import Model


class Counter(Layer):
    def build(self, input_shape):
        self.calls = self.add_weight(name='calls', shape=(), initializer='zeros', trainable=False)
        self.mean = self.add_weight(name='mean', shape=(input_shape[-1],), initializer='zeros', trainable=False)
        super(Counter, self).build(input_shape)

    def call(self, inputs, training=None):
        self.add_update(K.update_add(self.calls, 1))
        mean = K.mean(inputs, axis=0)
        self.add_update([K.update(self.mean, 0.9 * self.mean + 0.1 * mean)], inputs)
        return inputs - self.mean


i = Input((4,))
x = Counter()(i)
m = Model(i, Dense(2)(x))
m.compile('sgd', 'mse')
r = np.random.RandomState(0)
m.fit(r.rand(16, 4), r.rand(16, 2), batch_size=8, epochs=2, verbose=0, shuffle=False)
m.predict(r.rand(4, 4), verbose=0)
print(m.layers[1].get_weights()[0])
