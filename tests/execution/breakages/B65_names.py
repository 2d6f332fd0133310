# error: AttributeError: 'Functional' object has no attribute 'input_names'
# error: AttributeError: 'Functional' object has no attribute 'output_names'. Did you mean: 'output_shape'?

from keras.layers import Dense, Input
from keras.models import Model
x = Input((2,), name='image')
model = Model(x, Dense(1, name='score')(x))
result = list(model.input_names) + list(model.output_names)
