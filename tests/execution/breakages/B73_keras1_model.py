# error: TypeError: Functional.__init__() got an unexpected keyword argument 'input'
# result: (None, 3)

from keras.layers import Dense, Input
from keras.models import Model
x = Input((2,))
model = Model(input=x, output=Dense(3)(x))
result = model.output_shape
