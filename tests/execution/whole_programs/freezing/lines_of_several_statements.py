import numpy as np
from keras.layers import Dense
from keras.models import Sequential

G = Sequential([Dense(6, activation='tanh', input_dim=4)])
D = Sequential([Dense(6, activation='relu', input_dim=6), Dense(1, activation='sigmoid')])
D.compile(loss='binary_crossentropy', optimizer='sgd')
D.trainable = False
GAN = Sequential([G, D])
GAN.compile(loss='binary_crossentropy', optimizer='sgd')
rs = np.random.RandomState(0)
dl, gl = [], []
for i in range(4):
    if i % 2: gl.append(GAN.train_on_batch(rs.rand(8, 4), np.ones(8)))
    else: dl.append(D.train_on_batch(rs.rand(8, 6), np.ones(8)))


losses = [D.train_on_batch(rs.rand(8, 6), np.ones(8)) for _ in range(2)]
print(["%.4f" % loss for loss in dl + gl + losses])
