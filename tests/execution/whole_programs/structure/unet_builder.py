# other text: the graph of the Keras 2 side prints warnings of its own
from keras.models import Model
from keras.layers import *
from keras.optimizers import Adam
import keras.backend as K
import numpy as np

def dice_coef(y_true, y_pred, smooth=1.):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)

def dice_coef_loss(y_true, y_pred):
    return -dice_coef(y_true, y_pred)

def conv_block(x, filters, bn=True):
    for _ in range(2):
        x = Conv2D(filters, 3, padding='same')(x)
        if bn:
            x = BatchNormalization()(x)
        x = Activation('relu')(x)
    return x

def unet(input_size=(16, 16, 1), depth=2, base=4):
    inputs = Input(input_size)
    skips = []
    x = inputs
    for level in range(depth):
        x = conv_block(x, base * 2 ** level)
        skips.append(x)
        x = MaxPooling2D(pool_size=(2, 2))(x)
    x = conv_block(x, base * 2 ** depth)
    for level in reversed(range(depth)):
        x = UpSampling2D(size=(2, 2))(x)
        x = concatenate([x, skips[level]], axis=3)
        x = conv_block(x, base * 2 ** level, bn=False)
    outputs = Conv2D(1, 1, activation='sigmoid')(x)
    model = Model(inputs=inputs, outputs=outputs)
    model.compile(optimizer=Adam(lr=1e-4), loss=dice_coef_loss, metrics=[dice_coef])
    return model

model = unet()
np.random.seed(1)
images = np.random.rand(4, 16, 16, 1)
masks = (images > 0.5).astype('float32')
history = model.fit(images, masks, batch_size=2, epochs=1, verbose=0)
print(sorted(history.history))
print(model.output_shape, K.int_shape(model.output))
