try:
    from tensorflow import keras
except ImportError:
    import keras


class Losses(keras.callbacks.Callback):
    """Keeps the loss of each batch, and prints the rate at the end."""

    def on_train_begin(self, logs=None):
        self.losses = []

    def on_batch_end(self, batch, logs=None):
        self.losses.append(logs['loss'])

    def on_train_end(self, logs=None):
        print('%.3f' % keras.backend.get_value(self.model.optimizer.lr))
