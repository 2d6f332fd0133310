# other text: the graph of the Keras 2 side prints warnings of its own
import numpy as np
from keras import backend as K
from keras import layers
from keras.models import Model

if K.image_data_format() == 'channels_first':
    channel_axis = 1
else:
    channel_axis = 3


def conv2d_bn(x, filters, num_row, num_col, padding='same', strides=(1, 1), name=None):
    if name is not None:
        bn_name, conv_name = name + '_bn', name + '_conv'
    else:
        bn_name = conv_name = None
    x = layers.Conv2D(filters, (num_row, num_col), strides=strides, padding=padding, use_bias=False, name=conv_name)(x)
    x = layers.BatchNormalization(axis=channel_axis, scale=False, name=bn_name)(x)
    return layers.Activation('relu', name=name)(x)


def inception_resnet_block(x, scale, block_type, block_idx, activation='relu'):
    branch_0 = conv2d_bn(x, 2, 1, 1)
    branch_1 = conv2d_bn(conv2d_bn(x, 2, 1, 1), 2, 3, 3)
    branches = [branch_0, branch_1]
    block_name = block_type + '_' + str(block_idx)
    mixed = layers.Concatenate(axis=channel_axis, name=block_name + '_mixed')(branches)
    up = conv2d_bn(mixed, K.int_shape(x)[channel_axis], 1, 1, name=block_name + '_up')
    x = layers.Lambda(lambda inputs, scale: inputs[0] + inputs[1] * scale,
                      output_shape=K.int_shape(x)[1:],
                      arguments={'scale': scale},
                      name=block_name)([x, up])
    if activation is not None:
        x = layers.Activation(activation, name=block_name + '_ac')(x)
    return x


def squeeze_excite(x, ratio=2):
    channels = K.int_shape(x)[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Reshape((1, 1, channels))(s)
    s = layers.Dense(channels // ratio, activation='relu')(s)
    s = layers.Dense(channels, activation='sigmoid')(s)
    spatial = layers.Lambda(lambda t: K.mean(t, axis=channel_axis, keepdims=True))(x)
    return layers.multiply([x, s, layers.Activation('sigmoid')(spatial)])


img = layers.Input((8, 8, 3))
x = conv2d_bn(img, 4, 3, 3, name='stem')
for block_idx in range(1, 3):
    x = inception_resnet_block(x, scale=0.17 * block_idx, block_type='block35', block_idx=block_idx)
x = squeeze_excite(x)
x = layers.GlobalAveragePooling2D(name='avg_pool')(x)
model = Model(img, layers.Dense(2, activation='softmax')(x), name='small')
model.compile(optimizer='rmsprop', loss='categorical_crossentropy')
data = np.random.RandomState(0).rand(4, 8, 8, 3)
model.fit(data, np.eye(2)[[0, 1, 0, 1]], batch_size=2, epochs=1, verbose=0)
print(K.int_shape(model.get_layer('avg_pool').output), model.count_params())
