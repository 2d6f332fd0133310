import numpy as np
import tensorflow as tf
from tensorflow import keras


class Autoencoder(keras.Model):
    """A functional model that is a class."""

    def __init__(self, size, code, **kwargs):
        x = keras.Input((size,))
        noisy = keras.layers.GaussianNoise(0.0)(x)
        h = keras.layers.Dense(code, activation=tf.nn.elu)(noisy)
        h = tf.nn.l2_normalize(h, -1)
        y = keras.layers.Dense(size)(h)
        super(Autoencoder, self).__init__(inputs=x, outputs=y, **kwargs)
        self.encoder = keras.Model(x, h)


class Trainer:
    def __init__(self, size):
        self.size = size
        self.heads = self.build_heads(2)
        self.net = Autoencoder(size, 2, name='auto')

    def build_heads(self, n):
        return [self.head(i) for i in range(n)]

    def head(self, i):
        x = keras.layers.Input(shape=(self.size,))
        return keras.models.Model(x, tf.reduce_max(keras.layers.Dense(i + 1)(x), axis=1, keepdims=True))

    def combined(self):
        x = keras.layers.Input(shape=(self.size,))
        outs = [head(self.net(x)) for head in self.heads]
        return keras.models.Model(x, tf.concat(outs, axis=1))


trainer = Trainer(4)
model = trainer.combined()
model.compile(loss='mse', optimizer=keras.optimizers.SGD(lr=0.1))
x = np.linspace(0, 1, 16).reshape(4, 4)
print(model.fit(x, x[:, :2], verbose=0).history.keys() == {'loss'})
trainer.net.compile('sgd', 'mse')
trainer.net.fit(x, x, verbose=0)
print(trainer.net.encoder.predict(x, verbose=0).shape)
