# error: AttributeError: 'Dense' object has no attribute 'input_shape'. Did you mean: '_input_shape_arg'?
# error: AttributeError: 'Dense' object has no attribute 'output_shape'

from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(3, input_shape=(2,)), Dense(1)])
result = [tuple(layer.output_shape) for layer in model.layers] + [model.layers[0].input_shape[1]]
