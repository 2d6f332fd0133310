# no calls: the function of the backend is all that computes; the numbers are printed

"""Both training steps as functions of the backend: nothing is compiled."""
import numpy as np
import keras.backend as K
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import Adam

noise_size, n = 3, 4
lambda_ = 10


def net(size, out, activation=None):
    x = Input((size,))
    h = Dense(5, activation='tanh')(x)
    model = Model(x, Dense(out, activation=activation)(h))
    model.set_weights([np.linspace(-0.4, 0.5, w.size).reshape(w.shape) for w in model.get_weights()])
    return model


netD = net(n, 1)
netG = net(noise_size, n, 'tanh')

netD_real_input = Input(shape=(n,))
noisev = Input(shape=(noise_size,))
netD_fake_input = netG(noisev)

ep_input = Input(shape=(1,))
netD_mixed_input = ep_input * netD_real_input + (1 - ep_input) * netD_fake_input

loss_real = K.mean(netD(netD_real_input))
loss_fake = K.mean(netD(netD_fake_input))

grad_mixed = K.gradients(netD(netD_mixed_input), [netD_mixed_input])[0]
norm_grad_mixed = K.sqrt(K.sum(K.square(grad_mixed), axis=1))
grad_penalty = K.mean(K.square(norm_grad_mixed - 1))

loss = loss_fake - loss_real + lambda_ * grad_penalty

# clamp updates
training_updates = Adam(lr=0.001, beta_1=0.0, beta_2=0.9).get_updates(netD.trainable_weights, [], loss)
netD_train = K.function([netD_real_input, noisev, ep_input],
                        [loss_real, loss_fake],
                        training_updates)

# loss for netG
loss = -loss_fake
training_updates = Adam(lr=0.001, beta_1=0.0, beta_2=0.9).get_updates(netG.trainable_weights, [], loss)
netG_train = K.function([noisev], [loss], training_updates)

r = np.random.RandomState(0)
for step in range(3):
    for j in range(2):
        noise = r.normal(size=(6, noise_size))
        errD_real, errD_fake = netD_train([r.rand(6, n), noise, r.rand(6, 1)])
    errG, = netG_train([r.normal(size=(6, noise_size))])
    print('[%d] Loss_D: %.4f Loss_G: %.4f' % (step, errD_fake - errD_real, errG))
