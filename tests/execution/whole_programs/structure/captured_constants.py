# other text: the Keras 2 side warns of what its Lambda layers capture
import numpy as np
import tensorflow as tf
from keras.layers import Input, Dense, Lambda, Add, Multiply
from keras.models import Model
from keras import backend as K

scale = K.constant(np.array([1., 2., 3.]), name='scale')
offset = K.variable(np.array([[0.5, 0.5, 0.5]]))
means = np.array([0.1, 0.2, 0.3], dtype='float32')

x = Input(shape=(3,))
centered = Lambda(lambda t: (t - means) * scale)(x)
shifted = Lambda(lambda t: t + offset)(centered)
ones = Lambda(lambda t: K.ones_like(t))(x)
gated = Multiply()([shifted, ones])
out = Dense(2)(gated)
model = Model(x, out)
model.compile('sgd', loss='mean_squared_error')
data = np.arange(12.).reshape(4, 3) / 12
model.fit(data, np.ones((4, 2)), epochs=3, verbose=0)
print(model.predict(data, verbose=0).shape)
print(K.eval(scale))
