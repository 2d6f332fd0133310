# error: AttributeError: 'Adam' object has no attribute 'lr'

from keras import backend as K
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential
import numpy as np


class Halve(Callback):
    def on_epoch_end(self, epoch, logs=None):
        lr = K.get_value(self.model.optimizer.lr)
        K.set_value(self.model.optimizer.lr, lr * 0.5)


model = Sequential([Dense(1, input_shape=(2,))])
model.compile('adam', 'mse')
model.fit(np.ones((2, 2)), np.ones((2, 1)), epochs=2, verbose=0, callbacks=[Halve()])
result = float(K.eval(model.optimizer.lr))
