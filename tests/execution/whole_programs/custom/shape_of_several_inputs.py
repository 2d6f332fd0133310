import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, Layer
from keras.models import Model


class Weighted(Layer):
    """Sums a sequence with weights; the shape that it tells is that of its inputs."""

    def call(self, inputs, **kwargs):
        features, weights = inputs
        return K.sum(features * K.expand_dims(weights, axis=-1), axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape

    def compute_mask(self, inputs, mask=None):
        return None


features, weights = Input((4, 3)), Input((4,))
model = Model([features, weights], Dense(1, kernel_initializer="ones")(Weighted()([features, weights])))
model.compile(optimizer="sgd", loss="mse")
random = np.random.RandomState(0)
x, w = random.rand(8, 4, 3), random.rand(8, 4)
model.fit([x, w], np.ones((8, 1)), epochs=1, verbose=0)
print(model.predict([x, w], verbose=0).shape)
