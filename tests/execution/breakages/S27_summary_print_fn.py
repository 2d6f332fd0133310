# silent

from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,))])
lines = []
model.summary(print_fn=lambda line: lines.append(line))
result = any('Total params' in line for line in lines)
