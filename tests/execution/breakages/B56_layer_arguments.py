# error: ValueError: Unrecognized keyword arguments passed to LSTM: {'time_major': False}
# error: ValueError: Unrecognized keyword arguments passed to BatchNormalization: {'fused': True}

from tensorflow.keras.layers import LSTM, BatchNormalization
from tensorflow.keras.models import Sequential
model = Sequential([LSTM(3, input_shape=(4, 2), time_major=False), BatchNormalization(fused=False)])
result = model.count_params()
