# no calls: the function of the backend is all that computes; the numbers are printed

import numpy as np
from keras import backend as K
from keras.layers import Dense, Dropout, Input
from keras.models import Model

x = Input(shape=(4,))
h = Dense(3, activation='relu', kernel_initializer='ones')(x)
h = Dropout(0.2)(h)
z_mean = Dense(2, kernel_initializer='ones')(h)
decoder_h = Dense(3, activation='relu', kernel_initializer='ones')
out = Dense(4, kernel_initializer='ones')(decoder_h(z_mean))
vae = Model(x, out)

encode = K.function([x], [z_mean])
reconstruct = K.function([x, K.learning_phase()], [out])
distance = K.function([x], [K.sqrt(K.sum(K.square(x - out), axis=-1)), z_mean])
data = np.arange(8.0).reshape(2, 4) / 8
print(encode([data])[0].round(3).tolist())
print(reconstruct([data, False])[0].round(3).tolist())
print([v.round(3).tolist() for v in distance([data])])

decoder_input = Input(shape=(2,))
generator = Model(decoder_input, Dense(4, kernel_initializer='ones')(decoder_h(decoder_input)))
sample = K.function(generator.inputs, generator.outputs)
print(sample([np.ones((1, 2))])[0].round(3).tolist())
