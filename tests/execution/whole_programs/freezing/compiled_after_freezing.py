import numpy as np
from keras.layers import Dense, Activation
from keras.models import Sequential
from keras.optimizers import SGD


def generator_model():
    model = Sequential()
    model.add(Dense(8, input_dim=10))
    model.add(Activation('tanh'))
    model.add(Dense(6))
    model.add(Activation('tanh'))
    return model


def discriminator_model():
    model = Sequential()
    model.add(Dense(8, input_dim=6))
    model.add(Activation('tanh'))
    model.add(Dense(1))
    model.add(Activation('sigmoid'))
    return model


def stacked(g, d):
    model = Sequential()
    model.add(g)
    d.trainable = False
    model.add(d)
    return model


def train(BATCH_SIZE):
    rs = np.random.RandomState(0)
    X_train = rs.rand(32, 6)
    d = discriminator_model()
    g = generator_model()
    d_on_g = stacked(g, d)
    d_optim = SGD(lr=0.0005, momentum=0.9, nesterov=True)
    g_optim = SGD(lr=0.0005, momentum=0.9, nesterov=True)
    g.compile(loss='binary_crossentropy', optimizer="SGD")
    d_on_g.compile(loss='binary_crossentropy', optimizer=g_optim)
    d.trainable = True
    d.compile(loss='binary_crossentropy', optimizer=d_optim)
    for epoch in range(2):
        print("Epoch is", epoch)
        for index in range(int(X_train.shape[0]/BATCH_SIZE)):
            noise = rs.uniform(-1, 1, size=(BATCH_SIZE, 10))
            image_batch = X_train[index*BATCH_SIZE:(index+1)*BATCH_SIZE]
            generated_images = g.predict(noise, verbose=0)
            X = np.concatenate((image_batch, generated_images))
            y = [1] * BATCH_SIZE + [0] * BATCH_SIZE
            d_loss = d.train_on_batch(X, y)
            print("batch %d d_loss : %f" % (index, d_loss))
            noise = rs.uniform(-1, 1, (BATCH_SIZE, 10))
            d.trainable = False
            g_loss = d_on_g.train_on_batch(noise, [1] * BATCH_SIZE)
            d.trainable = True
            print("batch %d g_loss : %f" % (index, g_loss))

train(BATCH_SIZE=8)
