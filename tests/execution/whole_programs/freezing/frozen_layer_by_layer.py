import numpy as np
from keras.models import Sequential, Model
from keras.layers import Dense, Activation, Input, Dropout
from keras.optimizers import Adam


def build_gan(latent):
    gen = Sequential()
    gen.add(Dense(8, input_dim=latent, activation='relu'))
    gen.add(Dense(6, activation='tanh'))

    dis = Sequential()
    dis.add(Dense(8, input_dim=6, activation='relu'))
    dis.add(Dense(1, activation='sigmoid'))
    dis.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.0002, beta_1=0.5))

    for layer in dis.layers:
        layer.trainable = False
    inp = Input(shape=(latent,))
    adv = Model(inputs=inp, outputs=dis(gen(inp)))
    adv.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.0002, beta_1=0.5))
    return gen, dis, adv


def main():
    G, D, A = build_gan(5)
    rs = np.random.RandomState(0)
    history = []
    for epoch in range(2):
        z = rs.normal(0, 1, size=[8, 5])
        fake = G.predict(z)
        X = np.concatenate([rs.rand(8, 6), fake])
        y = np.zeros(16)
        y[:8] = 0.9
        dloss = D.train_on_batch(X, y)
        gloss = A.train_on_batch(z, np.ones(8))
        history.append((dloss, gloss))
    return history


if __name__ == '__main__':
    for d, g in main():
        print('d %.4f g %.4f' % (d, g))
