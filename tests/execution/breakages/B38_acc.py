# error: KeyError: 'acc'
# error: KeyError: 'val_acc'
# error: ValueError: EarlyStopping callback received monitor=val_acc, but Keras isn't able to automatically determine whether that metric should be maximized or minimized. Pass `mode='max'` in order to do early stopping based on the highest metric value, or pass `mode='min'` in order to use the lowest value.
# result: [[1.0, 1.0], [1.0, 1.0]]

import numpy as np
from keras.callbacks import EarlyStopping, ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])
history = model.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=2, validation_split=0.5, verbose=0, callbacks=[EarlyStopping(monitor='val_acc')])
acc = history.history['acc']
result = [acc, history.history['val_acc']]
