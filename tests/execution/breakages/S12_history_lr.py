# silent

import numpy as np
from keras.callbacks import ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
history = model.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=2, verbose=0, callbacks=[ReduceLROnPlateau(monitor='loss')])
result = [round(float(rate), 5) for rate in history.history['lr']]
