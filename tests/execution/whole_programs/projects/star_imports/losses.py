import keras.backend as K
from utils import normalize


def combined(y_true, y_pred):
    return K.mean(K.abs(y_true - y_pred)) + 0.1 * K.mean(K.square(normalize(y_true) - normalize(y_pred)))


def psnr(y_true, y_pred):
    return -10. * K.log(K.mean(K.square(y_pred - y_true))) / K.log(10.)
