# error: AttributeError: 'Variable' object has no attribute 'read_value'
# error: AttributeError: 'tuple' object has no attribute 'as_list'

from tensorflow import keras
layer = keras.layers.Dense(2)
layer.build((None, 3))
result = [layer.kernel.shape.as_list(), layer.kernel.read_value().numpy().shape]
