# error: AttributeError: 'Score' object has no attribute 'validation_data'
# advised: KU609

from keras.callbacks import Callback


class Score(Callback):
    def on_epoch_end(self, epoch, logs=None):
        x, y = self.validation_data[0], self.validation_data[1]
        print(self.model.predict(x).shape, self.params['metrics'])
