# error: AttributeError: module 'keras.backend' has no attribute 'set_session'
# error: AttributeError: module 'keras.backend' has no attribute 'get_session'

import tensorflow as tf
from keras import backend as K
config = tf.ConfigProto()
config.gpu_options.allow_growth = True
session = tf.Session(config=config)
K.set_session(session)
result = 1
