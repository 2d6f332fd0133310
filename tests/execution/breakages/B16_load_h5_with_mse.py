# error: TypeError: Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass
# error: ValueError: Could not locate function 'mse'. Make sure custom classes are decorated with `@keras.saving.register_keras_serializable()`.

import numpy as np
from keras.layers import Dense
from keras.models import Sequential, load_model
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.save('m.h5')
again = load_model('m.h5')
result = again.predict(np.ones((1, 2))).tolist()
