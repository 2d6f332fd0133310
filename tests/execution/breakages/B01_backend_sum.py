# error: AttributeError: module 'keras.backend' has no attribute 'sum'

import numpy as np
from keras import backend as K
result = float(K.eval(K.sum(K.square(K.constant([1.0, 2.0])))))
