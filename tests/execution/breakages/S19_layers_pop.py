# silent
# advised: KU211

from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(3, input_shape=(2,)), Dense(1)])
model.layers.pop()
result = len(model.layers)
