import numpy as np
from tensorflow.keras import layers, Model, backend as K


class AdaIN(layers.Layer):
    def __init__(self, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs):
        x, scale, bias = inputs
        mean = K.mean(x, axis=[1, 2], keepdims=True)
        std = K.std(x, axis=[1, 2], keepdims=True) + self.epsilon
        norm = (x - mean) / std
        scale = K.reshape(scale, (-1, 1, 1, K.int_shape(x)[-1]))
        bias = K.reshape(bias, (-1, 1, 1, K.int_shape(x)[-1]))
        return norm * scale + bias

    def compute_output_shape(self, input_shape):
        return input_shape[0]


class MinibatchStdev(layers.Layer):
    def __init__(self, **kwargs):
        super(MinibatchStdev, self).__init__(**kwargs)

    # perform the operation
    def call(self, inputs):
        # calculate the mean value for each pixel across channels
        mean = K.mean(inputs, axis=0, keepdims=True)
        # calculate the squared differences between pixel values and mean
        squ_diffs = K.square(inputs - mean)
        mean_sq_diff = K.mean(squ_diffs, axis=0, keepdims=True)
        mean_sq_diff += 1e-8
        stdev = K.sqrt(mean_sq_diff)
        mean_pix = K.mean(stdev, keepdims=True)
        # scale this up to be the size of one input feature map for each sample
        shape = K.shape(inputs)
        output = K.tile(mean_pix, (shape[0], shape[1], shape[2], 1))
        return K.concatenate([inputs, output], axis=-1)

    # define the output shape of the layer
    def compute_output_shape(self, input_shape):
        input_shape = list(input_shape)
        input_shape[-1] += 1
        return tuple(input_shape)


class WeightedSum(layers.Add):
    # init with default value
    def __init__(self, alpha=0.0, **kwargs):
        super(WeightedSum, self).__init__(**kwargs)
        self.alpha = K.variable(alpha, name='ws_alpha')

    # output a weighted sum of inputs
    def _merge_function(self, inputs):
        # only supports a weighted sum of two inputs
        assert (len(inputs) == 2)
        # ((1-a) * input1) + (a * input2)
        output = ((1.0 - self.alpha) * inputs[0]) + (self.alpha * inputs[1])
        return output


class PixelNormalization(layers.Layer):
    def call(self, inputs):
        values = inputs**2.0
        mean_values = K.mean(values, axis=-1, keepdims=True)
        mean_values += 1.0e-8
        l2 = K.sqrt(mean_values)
        return inputs / l2


i = layers.Input((4, 4, 3))
s, b = layers.Input((3,)), layers.Input((3,))
x = AdaIN()([i, s, b])
x = MinibatchStdev()(x)
y = layers.Conv2D(4, 1)(i)
w = WeightedSum(alpha=0.25)([x, y])
w = PixelNormalization()(w)
m = Model([i, s, b], w)
m.compile("sgd", "mse")
r = np.random.RandomState(0)
data = [r.rand(4, 4, 4, 3), r.rand(4, 3), r.rand(4, 3)]
m.fit(data, r.rand(4, 4, 4, 4), verbose=0)
for layer in m.layers:
    if isinstance(layer, WeightedSum):
        K.set_value(layer.alpha, 0.5)
        print(K.get_value(layer.alpha))
m.predict(data, verbose=0)
