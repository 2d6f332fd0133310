import numpy as np
from keras.layers import Activation, Conv2D, GlobalAveragePooling2D, Input
from keras.layers.merge import concatenate
from keras.models import Model

squeezed, wide1, wide3 = 'squeeze1x1', 'expand1x1', 'expand3x3'


def fire_module(x, fire_id, squeeze=2, expand=4):
    s_id = 'fire' + str(fire_id) + '/'
    x = Conv2D(squeeze, (1, 1), padding='valid', name=s_id + squeezed)(x)
    x = Activation('relu', name=s_id + 'relu_' + squeezed)(x)
    left = Conv2D(expand, (1, 1), padding='valid', name=s_id + wide1)(x)
    right = Conv2D(expand, (3, 3), padding='same', name=s_id + wide3)(x)
    return concatenate([left, right], axis=3, name=s_id + 'concat')


image = Input(shape=(8, 8, 3))
x = fire_module(image, fire_id=2)
x = fire_module(x, fire_id=3)
x = GlobalAveragePooling2D(name='pool/all')(x)
model = Model(image, x)
model.compile(optimizer='sgd', loss='mse')
images = np.random.RandomState(0).rand(4, 8, 8, 3)
model.fit(images, np.zeros((4, 8)), epochs=2, verbose=0)
features = Model(image, model.get_layer('fire2/concat').output)
print(features.predict(images, verbose=0).shape)
