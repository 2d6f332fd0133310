import numpy as np
from keras.layers import Dense, Input, LeakyReLU
from keras.models import Model
from keras.optimizers import Adam
from keras import backend as K

z_dim = 4
np.random.seed(3)

# discriminator
x_in = Input(shape=(6,))
x = Dense(8, kernel_initializer='ones')(x_in)
x = LeakyReLU(0.2)(x)
x = Dense(1, kernel_initializer='ones', activation='sigmoid')(x)
d_model = Model(x_in, x)

# generator
z_in = Input(shape=(z_dim,))
z = Dense(8, kernel_initializer='ones', activation='tanh')(z_in)
z = Dense(6, kernel_initializer='ones')(z)
g_model = Model(z_in, z)

# the model that trains the discriminator
x_in = Input(shape=(6,))
z_in = Input(shape=(z_dim,))
g_model.trainable = False

x_real = x_in
x_fake = g_model(z_in)

x_real_score = d_model(x_real)
x_fake_score = d_model(x_fake)

d_train_model = Model([x_in, z_in], [x_real_score, x_fake_score])

d_loss = K.mean(- K.log(x_real_score + 1e-3) - K.log(1 - x_fake_score + 1e-3))
d_train_model.add_loss(d_loss)
d_train_model.compile(optimizer=Adam(1e-3, 0.5))

# the model that trains the generator
g_model.trainable = True
d_model.trainable = False
x_real_score = d_model(x_in)
x_fake_score = d_model(g_model(z_in))

g_train_model = Model([x_in, z_in], [x_real_score, x_fake_score])
g_loss = K.mean(- K.log(K.sigmoid(x_fake_score - x_real_score) + 1e-3))
g_train_model.add_loss(g_loss)
g_train_model.compile(optimizer=Adam(1e-3, 0.5))

for i in range(3):
    x_sample = np.random.randn(5, 6)
    z_sample = np.random.randn(5, z_dim)
    d_value = d_train_model.train_on_batch([x_sample, z_sample], None)
    g_value = g_train_model.train_on_batch([x_sample, z_sample], None)
    print('d_loss: %.3f, g_loss: %.3f' % (d_value, g_value))
sums = [float(np.sum(w)) for w in g_model.get_weights() + d_model.get_weights()]
print(sums)
