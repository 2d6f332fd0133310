# error: AttributeError: 'KerasTensor' object has no attribute 'get_shape'
# error: AttributeError: 'tuple' object has no attribute 'as_list'
# error: AttributeError: 'tuple' object has no attribute 'ndims'
# error: AttributeError: 'int' object has no attribute 'value'

from keras import backend as K
from keras.layers import Dense, Input
x = Dense(3)(Input((2,)))
result = [x.get_shape().as_list(), x.shape.ndims, K.int_shape(x), x.get_shape()[-1]]
