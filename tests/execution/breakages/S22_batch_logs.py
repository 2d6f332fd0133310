# silent
# advised: KU609

from keras.callbacks import Callback
from keras.optimizers import SGD


class Finder(Callback):
    def on_train_begin(self, logs=None):
        self.losses = []

    def on_batch_end(self, batch, logs=None):
        self.losses.append(logs.get('loss'))


result = SGD(lr=0.1).name
