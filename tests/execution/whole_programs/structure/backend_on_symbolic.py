import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Input, Dense, Conv1D, LSTM, Softmax
from tensorflow.keras.models import Model

def attend(query, value):
    score = K.batch_dot(query, value, axes=[2, 2])
    weight = K.softmax(score / K.sqrt(K.cast(K.int_shape(value)[-1], K.floatx())))
    return K.batch_dot(weight, value)

inp = Input((6, 4))
h = Conv1D(4, 3, padding='same')(inp)
a = attend(h, inp)
pooled = K.mean(a, axis=1)
top = K.max(a, 1)
both = K.concatenate([pooled, top], axis=-1)
flags = K.cast(K.greater(both, 0.), 'float32')
out = Dense(1)(both * flags + K.zeros_like(both))
model = Model(inp, out)
model.compile('adam', 'mse')
rng = np.random.RandomState(0)
x = rng.normal(size=(8, 6, 4)).astype('float32')
model.fit(x, x.sum((1, 2)), epochs=1, verbose=0)
print(model.predict(x, verbose=0).shape)
