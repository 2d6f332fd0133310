# silent
# advised: KU603

from keras.callbacks import Callback


class Finder(Callback):
    def on_train_begin(self, logs=None):
        self.losses = []

    def on_batch_end(self, batch, logs=None):
        self.losses.append(logs.get('loss'))


result = 0
