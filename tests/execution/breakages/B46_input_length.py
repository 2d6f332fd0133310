# error: ValueError: Unrecognized keyword arguments passed to Embedding: {'input_length': 4}
# error: ValueError: Sequential model sequential has no defined output shape yet.

from keras.layers import Dense, Embedding, Flatten
from keras.models import Sequential
model = Sequential()
model.add(Embedding(10, 3, input_length=4))
model.add(Flatten())
model.add(Dense(1))
result = [model.output_shape, model.count_params()]
