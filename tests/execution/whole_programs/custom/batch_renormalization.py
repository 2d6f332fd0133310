from keras.engine import Layer, InputSpec
from keras import initializers, regularizers
from keras import backend as K
from keras.layers import Input, Dense
from keras.models import Model
import numpy as np


class BatchRenorm(Layer):
    def __init__(self, axis=-1, momentum=0.99, epsilon=1e-3, gamma_init='one', beta_init='zero',
                 gamma_regularizer=None, **kwargs):
        self.supports_masking = True
        self.axis = axis
        self.epsilon = epsilon
        self.momentum = momentum
        self.gamma_init = initializers.get(gamma_init)
        self.beta_init = initializers.get(beta_init)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        super(BatchRenorm, self).__init__(**kwargs)

    def build(self, input_shape):
        self.input_spec = [InputSpec(shape=input_shape)]
        shape = (input_shape[self.axis],)

        self.gamma = self.add_weight(shape,
                                     initializer=self.gamma_init,
                                     regularizer=self.gamma_regularizer,
                                     name='{}_gamma'.format(self.name))
        self.beta = self.add_weight(shape,
                                    initializer=self.beta_init,
                                    name='{}_beta'.format(self.name))
        self.running_mean = self.add_weight(shape, initializer='zero',
                                            name='{}_running_mean'.format(self.name),
                                            trainable=False)
        self.running_std = self.add_weight(shape, initializer='one',
                                           name='{}_running_std'.format(self.name),
                                           trainable=False)
        self.built = True

    def call(self, x, mask=None, training=None):
        input_shape = K.int_shape(x)
        reduction_axes = list(range(len(input_shape)))
        del reduction_axes[self.axis]

        mean_batch = K.mean(x, axis=reduction_axes)
        var_batch = K.var(x, axis=reduction_axes)
        x_normed = (x - mean_batch) / K.sqrt(var_batch + self.epsilon)
        self.add_update([K.moving_average_update(self.running_mean, mean_batch, self.momentum),
                         K.moving_average_update(self.running_std, K.sqrt(var_batch + self.epsilon), self.momentum)], x)

        def normalize_inference():
            return (x - self.running_mean) / (self.running_std + self.epsilon)

        x_normed = K.in_train_phase(x_normed, normalize_inference, training=training)
        return self.gamma * x_normed + self.beta

    def get_config(self):
        config = {'epsilon': self.epsilon,
                  'axis': self.axis,
                  'gamma_regularizer': regularizers.serialize(self.gamma_regularizer),
                  'momentum': self.momentum}
        base_config = super(BatchRenorm, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


inp = Input(shape=(6,))
h = Dense(5)(inp)
h = BatchRenorm(momentum=0.9)(h)
out = Dense(1)(h)
model = Model(inp, out)
model.compile('sgd', 'mse')
rng = np.random.RandomState(0)
model.fit(rng.rand(32, 6), rng.rand(32, 1), epochs=2, batch_size=8, verbose=0, shuffle=False)
model.evaluate(rng.rand(8, 6), rng.rand(8, 1), verbose=0)
