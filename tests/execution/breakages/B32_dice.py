# error: tensorflow.python.framework.errors_impl.InvalidArgumentError: Input 'y' of 'Mul' Op has type float32 that does not match type uint8 of argument 'x'.
# error: TypeError: Value passed to parameter 'indices' has DataType float32 not in list of allowed values: uint8, int8, int32, int64

import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential


def dice(y_true, y_pred):
    intersection = K.sum(K.flatten(y_true) * K.flatten(y_pred))
    return (2.0 * intersection + 1) / (K.sum(y_true) + K.sum(y_pred) + 1)


def dice_loss(y_true, y_pred):
    return 1 - dice(y_true, y_pred)


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones', activation='sigmoid')])
model.compile('sgd', dice_loss, metrics=[dice])
out = model.train_on_batch(np.ones((4, 2)), np.ones((4, 1), dtype='uint8'))
result = [float(v) for v in out]
