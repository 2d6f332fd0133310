# error: ModuleNotFoundError: No module named 'tensorflow.contrib'
# advised: KU905

import tensorflow as tf
from keras.layers import Dense
layer = tf.contrib.layers.flatten
