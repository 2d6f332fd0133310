# silent
# advised: KU213

from keras.initializers import RandomNormal
from keras.layers.core import Dense
from keras.models import Sequential

init = RandomNormal(stddev=0.02)
model = Sequential([Dense(3, input_shape=(3,), kernel_initializer=init), Dense(3, kernel_initializer=init)])
one, two = model.layers[0].get_weights()[0], model.layers[1].get_weights()[0]
result = one.shape == two.shape
