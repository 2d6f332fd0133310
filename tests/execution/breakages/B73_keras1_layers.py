# error: TypeError: TensorFlowTrainer.fit() got an unexpected keyword argument 'nb_epoch'
# error: ValueError: Unrecognized keyword arguments passed to Dense: {'init': 'uniform'}
# error: ValueError: Unrecognized keyword arguments passed to Dense: {'W_regularizer': 'l2'}
# result: 40 + 195 + 3

import numpy as np
from keras.layers import Convolution2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
from keras.regularizers import l2
model = Sequential()
model.add(Convolution2D(4, 3, 3, border_mode='same', subsample=(1, 1), dim_ordering='tf', input_shape=(8, 8, 1), init='glorot_uniform'))
model.add(MaxPooling2D(pool_size=(2, 2), border_mode='valid'))
model.add(Flatten())
model.add(Dense(output_dim=3, W_regularizer=l2(0.01), activation='relu'))
model.add(Dropout(p=0.5))
model.add(Dense(1, bias=False))
model.compile(loss='mse', optimizer='sgd')
model.fit(np.ones((4, 8, 8, 1)), np.zeros((4, 1)), nb_epoch=1, verbose=0)
result = model.count_params()
