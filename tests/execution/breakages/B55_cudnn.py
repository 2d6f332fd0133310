# error: ImportError: cannot import name 'CuDNNLSTM' from 'keras.layers'
# result: 72 + 42 + 3

from keras.layers import CuDNNGRU, CuDNNLSTM, Dense
from keras.models import Sequential
model = Sequential([CuDNNLSTM(3, input_shape=(4, 2), return_sequences=True), CuDNNGRU(2), Dense(1)])
result = model.count_params()
