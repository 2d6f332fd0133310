# error: AttributeError: property 'model' of 'Save' object has no setter

import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Save(Callback):
    def __init__(self, model):
        self.model = model
        self.seen = 0

    def on_batch_end(self, batch, logs=None):
        self.seen += 1

    def on_epoch_end(self, epoch, logs=None):
        self.last = self.model.count_params()


model = Sequential([Dense(1, input_shape=(2,))])
save = Save(model)
model.compile('sgd', 'mse')
model.fit(np.ones((4, 2)), np.zeros((4, 1)), batch_size=2, verbose=0, callbacks=[save])
result = [save.seen, save.last]
