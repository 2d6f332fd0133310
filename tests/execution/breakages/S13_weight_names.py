# silent

from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(3, input_shape=(2,), name='first'), Dense(1, name='second')])
chosen = [w for w in model.weights if 'first/' in w.name]
result = len(chosen)
