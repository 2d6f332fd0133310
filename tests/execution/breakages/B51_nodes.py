# error: AttributeError: 'Dense' object has no attribute 'get_output_at'
# error: AttributeError: 'Dense' object has no attribute 'inbound_nodes'

from keras.layers import Dense, Input
a, b = Input((2,)), Input((2,))
dense = Dense(3)
dense(a)
dense(b)
result = [tuple(dense.get_output_at(1).shape), tuple(dense.get_input_at(0).shape), dense.get_output_shape_at(0)]
