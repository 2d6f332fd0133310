# error: ModuleNotFoundError: No module named 'keras.objectives'
# result: [2.5]

import numpy as np
from keras import objectives
from keras import backend as K
result = K.eval(objectives.mean_squared_error(K.constant([[1.0, 2.0]]), K.constant([[0.0, 0.0]]))).tolist()
