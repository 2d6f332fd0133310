# error: ValueError: Only instances of `keras.Layer` can be added to a Sequential model. Received: <tensorflow.python.keras.layers.core.Dense object at 0x7f> (of type <class 'tensorflow.python.keras.layers.core.Dense'>)
# result: 9

from tensorflow.python.keras.layers import Dense
from tensorflow.python.keras.models import Sequential
from tensorflow.python.keras import backend as K
model = Sequential([Dense(3, input_shape=(2,))])
result = model.count_params()
