# other text: the accuracy has its whole name in Keras 3

import numpy as np
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
from keras.models import Sequential
from keras.layers import Dense

rs = np.random.RandomState(0)
x_train = rs.rand(60, 5)
y_train = (x_train.sum(axis=1) > 2.5).astype('float32')

model = Sequential()
model.add(Dense(8, activation='relu', input_shape=(5,)))
model.add(Dense(1, activation='sigmoid'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['acc'])

history = model.fit(x_train[:40], y_train[:40], epochs=1, batch_size=20, validation_data=(x_train[40:], y_train[40:]))
history_dict = history.history
print(sorted(history_dict.keys()))

acc = history_dict['acc']
val_acc = history_dict['val_acc']
loss = history.history['loss']
val_loss = history.history['val_loss']
epochs = range(1, len(acc) + 1)

plt.plot(epochs, loss, 'bo', label='Training loss')
plt.plot(epochs, val_loss, 'b', label='Validation loss')
plt.legend()
plt.clf()
plt.plot(epochs, acc, 'bo', label='Training acc')
plt.plot(epochs, val_acc, 'b', label='Validation acc')
plt.show()

results = model.evaluate(x_train, y_train)
print('%s: %.4f' % (model.metrics_names[1], results[1]))
