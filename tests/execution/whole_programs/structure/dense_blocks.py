# other text: the graph of the Keras 2 side prints warnings of its own
import numpy as np
import keras.backend as K
from keras.layers import (Activation, AveragePooling2D, BatchNormalization, Concatenate, Conv2D, Dense,
                          GlobalAveragePooling2D, Input, Lambda, MaxPooling2D, Add)
from keras.models import Model
from keras.regularizers import l2


def conv_block(ip, nb_filter, bottleneck=False, weight_decay=1e-4):
    concat_axis = 1 if K.image_data_format() == 'channels_first' else -1
    x = BatchNormalization(axis=concat_axis, epsilon=1.1e-5)(ip)
    x = Activation('relu')(x)
    if bottleneck:
        x = Conv2D(nb_filter * 4, (1, 1), kernel_initializer='he_normal', padding='same', use_bias=False,
                   kernel_regularizer=l2(weight_decay))(x)
        x = Activation('relu')(BatchNormalization(axis=concat_axis)(x))
    return Conv2D(nb_filter, (3, 3), kernel_initializer='he_normal', padding='same', use_bias=False)(x)


def dense_block(x, nb_layers, nb_filter, growth_rate, return_concat_list=False):
    concat_axis = 1 if K.image_data_format() == 'channels_first' else -1
    x_list = [x]
    for i in range(nb_layers):
        cb = conv_block(x, growth_rate, bottleneck=i % 2 == 0)
        x_list.append(cb)
        x = Concatenate(axis=concat_axis)([x, cb])
        nb_filter += growth_rate
    return (x, nb_filter, x_list) if return_concat_list else (x, nb_filter)


def transition(ip, nb_filter, compression=1.0):
    x = Activation('relu')(BatchNormalization()(ip))
    x = Conv2D(int(nb_filter * compression), (1, 1), use_bias=False, kernel_regularizer=l2(1e-4))(x)
    return AveragePooling2D((2, 2), strides=(2, 2))(x)


def shortcut(input, residual):
    input_shape = K.int_shape(input)
    residual_shape = K.int_shape(residual)
    if input_shape[-1] != residual_shape[-1]:
        input = Conv2D(filters=residual_shape[-1], kernel_size=(1, 1), kernel_regularizer=l2(0.0001))(input)
    return Add()([input, residual])


img = Input(shape=(8, 8, 3))
x = Conv2D(4, (3, 3), padding='same')(img)
nb = 4
for block in range(2):
    x, nb = dense_block(x, 2, nb, growth_rate=2)
    x = transition(x, nb, compression=0.5)
    nb = int(nb * 0.5)
x, nb, parts = dense_block(x, 1, nb, 3, return_concat_list=True)
x = shortcut(parts[0], x)
x = GlobalAveragePooling2D()(x)
x = Lambda(lambda t: K.l2_normalize(t, axis=1), name='embedding')(x)
model = Model(img, Dense(2, activation='softmax')(x))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
data = np.random.RandomState(0).rand(4, 8, 8, 3)
model.fit(data, np.eye(2)[[0, 1, 1, 0]], batch_size=2, epochs=1, verbose=0)
print(model.count_params())
