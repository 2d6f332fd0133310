# silent

from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
model.optimizer.lr = 0.5
result = float(model.optimizer.lr)
