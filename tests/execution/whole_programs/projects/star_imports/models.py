from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras.optimizers import Adam
from keras import backend as K

from utils import normalize


def make_autoencoder(size):
    inputs = Input(shape=(size,))
    normed = normalize(inputs)
    code = Dense(3, activation='tanh')(normed)
    noisy = Lambda(lambda t: t + 0.0 * K.sum(t, axis=-1, keepdims=True))(code)
    return Model(inputs, Dense(size)(noisy))
