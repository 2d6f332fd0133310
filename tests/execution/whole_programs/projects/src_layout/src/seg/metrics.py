from seg import keras
import seg.model

K = keras.backend


def dice_coef(y_true, y_pred, smooth=1.0):
    intersection = K.sum(K.flatten(y_true) * K.flatten(y_pred))
    return (2. * intersection + smooth) / (K.sum(y_true) + K.sum(y_pred) + smooth)


def dice_loss(y_true, y_pred):
    return 1 - dice_coef(y_true, y_pred)


LOSSES = {'dice': dice_loss, 'bce': 'binary_crossentropy'}


def describe():
    return seg.model.SegNet.name
