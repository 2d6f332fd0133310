# silent

import numpy as np
import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential

np.random.seed(1)
tf.set_random_seed(1)


def weights():
    np.random.seed(1)
    tf.set_random_seed(1)
    return Sequential([Dense(1, input_shape=(2,))]).get_weights()[0]


result = len(weights())
