from .backend import K, layers


class Scale(layers.Layer):
    """Multiplies by a trained factor and subtracts the mean."""

    def build(self, input_shape):
        self.factor = self.add_weight(name='factor', shape=(input_shape[-1],), initializer='ones')
        super(Scale, self).build(input_shape)

    def call(self, inputs):
        return self.factor * (inputs - K.mean(inputs, axis=-1, keepdims=True))
