import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense
from keras.callbacks import Callback


class ResetStates(Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.reset_states()


batch_size = 4
model = Sequential()
model.add(LSTM(5, batch_input_shape=(batch_size, 3, 2), return_sequences=True, stateful=True, recurrent_activation='sigmoid'))
model.add(LSTM(4, stateful=True, recurrent_activation='sigmoid'))
model.add(Dense(1))
model.compile(loss='mse', optimizer='rmsprop')
r = np.random.RandomState(0)
x, y = r.rand(16, 3, 2), r.rand(16, 1)
for epoch in range(2):
    model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0, shuffle=False)
    model.reset_states()
model.fit(x, y, batch_size=batch_size, epochs=2, verbose=0, shuffle=False, callbacks=[ResetStates()])
model.layers[0].reset_states()
print(model.predict(x, batch_size=batch_size, verbose=0).shape)
