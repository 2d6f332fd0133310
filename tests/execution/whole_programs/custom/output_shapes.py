import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Layer, Input, Conv2D, Dense
from tensorflow.keras.models import Model


class PixelShuffle(Layer):
    def __init__(self, scale=2, **kwargs):
        super(PixelShuffle, self).__init__(**kwargs)
        self.scale = scale

    def call(self, inputs):
        return tf.nn.depth_to_space(inputs, self.scale)

    def compute_output_shape(self, input_shape):
        shape = tf.TensorShape(input_shape).as_list()
        shape[1] = None if shape[1] is None else shape[1] * self.scale
        shape[2] = None if shape[2] is None else shape[2] * self.scale
        shape[-1] = shape[-1] // self.scale**2
        return tf.TensorShape(shape)


class ReflectionPadding2D(Layer):
    def __init__(self, padding=(1, 1), **kwargs):
        self.padding = tuple(padding)
        super(ReflectionPadding2D, self).__init__(**kwargs)

    def compute_output_shape(self, s):
        return (s[0], s[1] + 2 * self.padding[0], s[2] + 2 * self.padding[1], s[3])

    def call(self, x, mask=None):
        w_pad, h_pad = self.padding
        return tf.pad(x, [[0, 0], [h_pad, h_pad], [w_pad, w_pad], [0, 0]], 'REFLECT')


class SplitLast(Layer):
    def call(self, x):
        n = x.shape[-1] // 2
        return [x[..., :n], x[..., n:]]

    def compute_output_shape(self, input_shape):
        s = input_shape.as_list() if hasattr(input_shape, "as_list") else list(input_shape)
        half = tuple(s[:-1]) + (s[-1] // 2,)
        return [half, half]


class MyDense(Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = tf.keras.activations.get(activation)

    def build(self, batch_input_shape):
        self.kernel = self.add_weight(
            name="kernel", shape=[batch_input_shape[-1], self.units],
            initializer="glorot_normal")
        self.bias = self.add_weight(
            name="bias", shape=[self.units], initializer="zeros")
        super().build(batch_input_shape)  # must be at the end

    def call(self, X):
        return self.activation(X @ self.kernel + self.bias)

    def compute_output_shape(self, batch_input_shape):
        return tf.TensorShape(batch_input_shape.as_list()[:-1] + [self.units])

    def get_config(self):
        base_config = super().get_config()
        return {**base_config, "units": self.units,
                "activation": tf.keras.activations.serialize(self.activation)}


class DenseOld(Layer):
    def __init__(self, units, **kwargs):
        self.units = units
        super(DenseOld, self).__init__(**kwargs)

    def build(self, input_shape):
        input_dim = input_shape[-1]
        if hasattr(input_dim, "value"):
            input_dim = input_dim.value
        self.kernel = self.add_weight("kernel", shape=[int(input_shape[-1]), self.units])
        assert input_dim == self.kernel.shape[0]
        super(DenseOld, self).build(input_shape)

    def call(self, x):
        return tf.matmul(tf.reshape(x, (-1, x.get_shape().as_list()[-1])), self.kernel)

    def compute_output_shape(self, input_shape):
        shape = tf.TensorShape(input_shape).as_list()
        shape[-1] = self.units
        return tf.TensorShape(shape)


i = Input((4, 4, 3))
x = Conv2D(8, 3, padding="same")(i)
x = PixelShuffle(2)(x)
x = ReflectionPadding2D((1, 1))(x)
a, b = SplitLast()(x)
m = Model(i, [a, b])
r = np.random.RandomState(0)
print([p.shape for p in m.predict(r.rand(2, 4, 4, 3), verbose=0)])

j = Input((5,))
m2 = Model(j, DenseOld(2)(MyDense(3, "tanh")(j)))
m2.compile("sgd", "mse")
m2.fit(r.rand(8, 5), r.rand(8, 2), verbose=0, epochs=2)
