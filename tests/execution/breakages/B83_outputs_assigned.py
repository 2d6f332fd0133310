# error: AttributeError: property 'outputs' of 'Sequential' object has no setter
# advised: KU211

from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(3, input_shape=(2,)), Dense(1)])
model.outputs = [model.layers[-2].output]
