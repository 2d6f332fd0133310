# silent
# result: [1.0, 0.009999999776482582]

from keras.layers.core import Dense
from keras.models import Sequential
from keras.optimizers import Adagrad

model = Sequential([Dense(1, input_shape=(2,))])
model.compile(loss='mse', optimizer='adadelta')
other = Sequential([Dense(1, input_shape=(2,))])
other.compile(loss='mse', optimizer=Adagrad())
result = [float(model.optimizer.learning_rate), float(other.optimizer.learning_rate)]
