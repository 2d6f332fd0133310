# error: RuntimeError: tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.

import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(3, input_shape=(2,), kernel_initializer='ones'), Dense(1, kernel_initializer='ones')])
loss = K.mean(model.output)
grads = K.gradients(loss, model.input)[0]
grads /= K.sqrt(K.mean(K.square(grads))) + 1e-5
iterate = K.function([model.input], [loss, grads])
value, slope = iterate([np.ones((1, 2))])
result = [float(value), slope.tolist()]
