# other text: progress is shown in other words, the accuracy has its whole name

import numpy as np
from keras.callbacks import Callback, LambdaCallback
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD


class LossHistory(Callback):
    def on_train_begin(self, logs={}):
        self.losses = []
        self.accuracies = []

    def on_epoch_end(self, epoch, logs={}):
        self.losses.append(logs.get('loss'))
        self.accuracies.append(logs.get('val_acc'))
        print('epoch', epoch, 'val_acc %.3f' % logs['val_acc'])


model = Sequential([Dense(4, activation='relu', input_dim=3), Dense(1, activation='sigmoid')])
model.compile(SGD(lr=0.1), 'binary_crossentropy', metrics=['acc'])
rs = np.random.RandomState(0)
x, y = rs.rand(32, 3), rs.randint(0, 2, (32, 1))
history = LossHistory()
show = LambdaCallback(on_epoch_end=lambda epoch, logs: print('%d: acc %.4f' % (epoch, logs['acc'])))
model.fit(x, y, epochs=1, batch_size=16, verbose=0, validation_split=0.25, callbacks=[history, show])
print(history.losses, history.accuracies)
