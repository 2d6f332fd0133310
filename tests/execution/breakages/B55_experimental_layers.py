# error: ModuleNotFoundError: No module named 'keras.layers.experimental'

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers.experimental import preprocessing
from tensorflow.keras.layers.experimental.preprocessing import Normalization, RandomFlip
scale = preprocessing.Rescaling(0.5)
sync = tf.keras.layers.experimental.SyncBatchNormalization()
result = [np.asarray(scale(np.ones((1, 2)))).tolist(), RandomFlip.__name__]
