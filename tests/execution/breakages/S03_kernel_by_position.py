# silent
# result: (None, 26, 26, 8)

from keras.layers import Conv2D
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Sequential

model = Sequential()
model.add(Conv2D(8, 3, 3, input_shape=(28, 28, 1)))
model.add(LeakyReLU())
result = model.output_shape
