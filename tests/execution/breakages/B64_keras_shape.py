# error: AttributeError: 'KerasTensor' object has no attribute '_keras_shape'
# result: 3

from keras.layers import Dense, Input
x = Dense(3)(Input((2,)))
channels = x._keras_shape[-1]
result = channels
