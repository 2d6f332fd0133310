# silent
# result: 3

from keras.layers import Input
from keras.layers.core import Dense
from keras.models import Model

inputs = Input((2,))
x = Dense(3)(inputs)
model = Model(inputs, Dense(1)(x))
result = model.get_layer('dense_1').units
