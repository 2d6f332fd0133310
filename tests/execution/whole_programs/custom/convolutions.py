import numpy as np
from keras import backend as K
from keras import activations, initializers, regularizers, constraints
from keras.engine import InputSpec
from keras.layers import Conv2D, Input, Layer
from keras.models import Model
from keras.utils import conv_utils


class WeightScaledConv(Layer):
    def __init__(self, filters, kernel_size, strides=(1, 1), padding='valid', data_format=None,
                 dilation_rate=(1, 1), activation=None, use_bias=True, **kwargs):
        super(WeightScaledConv, self).__init__(**kwargs)
        self.rank = 2
        self.filters = filters
        self.kernel_size = conv_utils.normalize_tuple(kernel_size, self.rank, 'kernel_size')
        self.strides = conv_utils.normalize_tuple(strides, self.rank, 'strides')
        self.padding = conv_utils.normalize_padding(padding)
        self.data_format = conv_utils.normalize_data_format(data_format)
        self.dilation_rate = conv_utils.normalize_tuple(dilation_rate, self.rank, 'dilation_rate')
        self.activation = activations.get(activation)
        self.use_bias = use_bias

    def build(self, input_shape):
        channel_axis = 1 if self.data_format == 'channels_first' else -1
        input_dim = input_shape[channel_axis]
        self.kernel = self.add_weight(shape=self.kernel_size + (input_dim, self.filters),
                                      initializer='he_normal', name='kernel')
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.filters,), initializer='zeros', name='bias')
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={channel_axis: input_dim})
        self.built = True

    def call(self, inputs):
        scale = K.sqrt(K.mean(K.square(self.kernel)) + 1e-8)
        outputs = K.conv2d(inputs, self.kernel / scale, strides=self.strides, padding=self.padding,
                           data_format=self.data_format, dilation_rate=self.dilation_rate)
        if self.use_bias:
            outputs = K.bias_add(outputs, self.bias, data_format=self.data_format)
        if self.activation is not None:
            return self.activation(outputs)
        return outputs

    def compute_output_shape(self, input_shape):
        space = input_shape[1:-1]
        new_space = []
        for i in range(len(space)):
            new_dim = conv_utils.conv_output_length(
                space[i],
                self.kernel_size[i],
                padding=self.padding,
                stride=self.strides[i],
                dilation=self.dilation_rate[i])
            new_space.append(new_dim)
        return (input_shape[0],) + tuple(new_space) + (self.filters,)


class MaskedConv2D(Conv2D):
    def __init__(self, filters, kernel_size, mask_type='A', **kwargs):
        super(MaskedConv2D, self).__init__(filters, kernel_size, **kwargs)
        self.mask_type = mask_type

    def build(self, input_shape):
        super(MaskedConv2D, self).build(input_shape)
        mask = np.ones(K.int_shape(self.kernel), dtype='float32')
        cy, cx = self.kernel_size[0] // 2, self.kernel_size[1] // 2
        mask[cy, cx + (self.mask_type == 'B'):] = 0
        mask[cy + 1:] = 0
        self.kernel_mask = K.constant(mask)

    def call(self, x):
        out = K.conv2d(x, self.kernel * self.kernel_mask, strides=self.strides, padding=self.padding,
                       data_format=self.data_format)
        if self.use_bias:
            out = K.bias_add(out, self.bias, data_format=self.data_format)
        return out if self.activation is None else self.activation(out)


i = Input((8, 8, 2))
x = WeightScaledConv(3, 3, padding='same', activation='relu')(i)
x = MaskedConv2D(2, 3, padding='same', mask_type='B')(x)
m = Model(i, x)
m.compile('sgd', 'mse')
r = np.random.RandomState(0)
m.fit(r.rand(4, 8, 8, 2), r.rand(4, 8, 8, 2), verbose=0)
print(m.output_shape)
