# error: AttributeError: 'NoneType' object has no attribute 'expect_partial'

from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,))])
model.save_weights('weights')
model.load_weights('weights').expect_partial()
result = 1
