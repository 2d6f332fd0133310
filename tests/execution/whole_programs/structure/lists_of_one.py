import numpy as np
from keras.layers import Input, Dense
from keras.models import Model

x = Input(shape=(3,))
h = Dense(4, activation='relu')(x)
y = Dense(1)(h)
z = Dense(1)(h)
one = Model(inputs=[x], outputs=[y])
one.compile(loss=['mse'], optimizer='sgd', metrics=['mae'])
data, target = np.ones((4, 3)), np.zeros((4, 1))
one.fit([data], [target], epochs=1, verbose=0)
print(one.predict([data], verbose=0).shape)
both = Model(inputs=[x], outputs=[y, z])
both.compile(loss='mse', optimizer='sgd')
losses = both.train_on_batch([data], [target, target])
print(len(losses))
branch = Model(x, [h, one(x)])
first, second = branch.predict(data, verbose=0)
print(first.shape, second.shape, len(one.inputs), one.input_shape)
