# error: ValueError: Cannot convert '3' to a shape.
# error: ValueError: Received an invalid value for `units`, expected a positive integer. Received: units=3.0

from keras.layers import Dense, Input
from keras.models import Model
n = 6
x = Input(shape=(3))
model = Model(x, Dense(n / 2)(x))
result = model.output_shape
