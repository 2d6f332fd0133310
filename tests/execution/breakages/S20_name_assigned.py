# silent

from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(3, input_shape=(2,))])
model._name = 'encoder'
for number, layer in enumerate(model.layers):
    layer._name = 'part_%d' % number
result = [model.name, model.layers[0].name]
