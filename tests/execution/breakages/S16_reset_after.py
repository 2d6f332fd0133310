# silent
# result: 84

from keras.layers.recurrent import GRU
from keras.models import Sequential

model = Sequential([GRU(4, input_shape=(3, 2))])
result = model.count_params()
