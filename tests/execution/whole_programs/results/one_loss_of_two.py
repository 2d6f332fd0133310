import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x_in = Input((4,))
code = Dense(2, name="code")(x_in)
out = Dense(4, name="out")(code)
autoencoder = Model(x_in, [out, code])
autoencoder.compile(optimizer="sgd", loss={"out": "mse"})
rs = np.random.RandomState(0)
x = rs.rand(16, 4)
for step in range(2):
    losses = autoencoder.train_on_batch(x, {"out": x})
    print(step, "%.4f" % losses[0])
