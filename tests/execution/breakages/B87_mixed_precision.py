# error: ModuleNotFoundError: No module named 'keras.mixed_precision.experimental'
# result: 'float32'

import tensorflow as tf
from tensorflow.keras.mixed_precision import experimental as mixed_precision
policy = mixed_precision.Policy('float32')
mixed_precision.set_policy(policy)
result = policy.compute_dtype
