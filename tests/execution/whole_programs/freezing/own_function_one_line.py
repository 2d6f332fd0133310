import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD

def set_trainability(model, trainable=False):
    model.trainable = trainable
    for layer in model.layers: layer.trainable = trainable

rs = np.random.RandomState(0)
G = Sequential([Dense(6, activation='tanh', input_dim=4)])
D = Sequential([Dense(6, activation='relu', input_dim=6), Dense(1, activation='sigmoid')])
D.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.1))
set_trainability(D, False)
GAN = Sequential([G, D])
GAN.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.1))
d_loss, g_loss = [], []
for epoch in range(2):
    for batch in range(2):
        X = rs.rand(8, 6); y = np.ones(8)
        set_trainability(D, True)
        d_loss.append(D.train_on_batch(X, y)); set_trainability(D, False)
        g_loss.append(GAN.train_on_batch(rs.rand(8, 4), np.ones(8)))
    if epoch % 2 == 0: print("d", np.mean(d_loss), "g", np.mean(g_loss))
