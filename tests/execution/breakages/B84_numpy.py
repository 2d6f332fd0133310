# error: AttributeError: module 'numpy' has no attribute 'float'. `np.float` was a deprecated alias for the builtin `float`.
# result: ["float64", 3, 6.0]

import numpy as np
from keras.layers import Dense
result = [np.zeros(1).astype(np.float).dtype.name, np.int(3), float(np.product([2, 3]))]
