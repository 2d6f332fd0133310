# error: AttributeError: 'Score' object has no attribute 'validation_data'
# result: [[1.0, 1.0], [2.0]]

import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Score(Callback):
    def on_train_begin(self, logs=None):
        self.scores = []

    def on_epoch_end(self, epoch, logs=None):
        predicted = self.model.predict(self.validation_data[0])
        self.scores.append(float(np.abs(predicted - self.validation_data[1]).max()))


x_val, y_val = np.zeros((2, 2)), np.ones((2, 1))
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones', use_bias=False)])
model.compile('sgd', 'mse')
score = Score()
model.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=2, validation_data=(x_val, y_val), callbacks=[score])
callbacks = [Score()]
twice = 2 * y_val
history = model.fit(np.ones((4, 2)), np.ones((4, 1)), validation_data=(x_val, twice), callbacks=callbacks)
result = [score.scores, callbacks[0].scores]
