import warnings

import numpy as np
from keras import backend as K
from keras.layers import Activation, BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D, Input, add
from keras.models import Model
from keras.regularizers import l2
from keras.utils import get_source_inputs


def _conv_block(x, filters, weight_decay=1e-4):
    """A block with a shortcut, which is projected where the number of channels changes."""
    channel_axis = 1 if K.image_data_format() == 'channels_first' else -1
    shortcut = x
    if K.int_shape(x)[channel_axis] != filters:
        shortcut = Conv2D(filters, (1, 1), padding='same', kernel_regularizer=l2(weight_decay))(x)
    x = Conv2D(filters, (3, 3), padding='same', use_bias=False)(x)
    x = BatchNormalization(axis=channel_axis)(x)
    x = Activation('relu')(x)
    return add([x, shortcut])


def small_net(input_shape=None, input_tensor=None, classes=3):
    if input_tensor is None:
        img_input = Input(shape=input_shape)
    else:
        img_input = input_tensor

    x = _conv_block(img_input, 4)
    x = _conv_block(x, 4)
    x = GlobalAveragePooling2D()(x)
    x = Dense(classes, activation='softmax')(x)

    # Where the input was given, the model begins at its source.
    inputs = get_source_inputs(input_tensor) if input_tensor is not None else img_input
    model = Model(inputs, x, name='small')

    if K.backend() == 'theano':
        K.set_image_dim_ordering('th')

    if K.image_data_format() == 'channels_first' and K.backend() == 'tensorflow':
        warnings.warn('`image_data_format="channels_first"` is slow with TensorFlow.')
    return model


model = small_net(input_shape=(6, 6, 3))
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
images = np.random.RandomState(0).rand(6, 6, 6, 3)
model.fit(images, np.eye(3)[[0, 1, 2, 0, 1, 2]], epochs=2, batch_size=6, verbose=0)
print(small_net(input_tensor=Input((8, 8, 3))).output_shape)
