# advised: KU213

import numpy as np
from keras.initializers import RandomNormal
from keras.layers import Activation, Concatenate, Conv2D, Conv2DTranspose, Input, LeakyReLU
from keras.models import Model
from keras.optimizers import Adam
from random import random


def make_critic(shape):
    init = RandomNormal(stddev=0.02)
    in_image = Input(shape=shape)
    d = Conv2D(4, (4, 4), strides=(2, 2), padding='same', kernel_initializer=init)(in_image)
    d = LeakyReLU(alpha=0.2)(d)
    patch_out = Conv2D(1, (4, 4), padding='same', kernel_initializer=init)(d)
    model = Model(in_image, patch_out)
    model.compile(loss='mse', optimizer=Adam(lr=0.0002, beta_1=0.5), loss_weights=[0.5])
    return model


def make_painter(shape):
    init = RandomNormal(stddev=0.02)
    in_image = Input(shape=shape)
    g = Conv2D(4, (3, 3), strides=(2, 2), padding='same', kernel_initializer=init)(in_image)
    g = Activation('relu')(g)
    g = Conv2DTranspose(3, (3, 3), strides=(2, 2), padding='same', kernel_initializer=init)(g)
    return Model(in_image, Activation('tanh')(g))


def make_cycle(g_model_1, d_model, g_model_2, image_shape):
    g_model_1.trainable = True
    d_model.trainable = False
    g_model_2.trainable = False
    input_gen = Input(shape=image_shape)
    gen1_out = g_model_1(input_gen)
    output_d = d_model(gen1_out)
    input_id = Input(shape=image_shape)
    output_id = g_model_1(input_id)
    output_f = g_model_2(gen1_out)
    gen2_out = g_model_2(input_id)
    output_b = g_model_1(gen2_out)
    model = Model([input_gen, input_id], [output_d, output_id, output_f, output_b])
    opt = Adam(lr=0.0002, beta_1=0.5)
    model.compile(loss=['mse', 'mae', 'mae', 'mae'], loss_weights=[1, 5, 10, 10], optimizer=opt)
    return model


rs = np.random.RandomState(0)


def draw_real(dataset, n_samples, patch_shape):
    ix = rs.randint(0, dataset.shape[0], n_samples)
    return dataset[ix], np.ones((n_samples, patch_shape, patch_shape, 1))


def draw_fake(g_model, dataset, patch_shape):
    X = g_model.predict(dataset)
    return X, np.zeros((len(X), patch_shape, patch_shape, 1))


def train(critic_A, critic_B, to_B, to_A, cycle_AB, cycle_BA, dataset):
    n_epochs, n_batch = 1, 1
    n_patch = critic_A.output_shape[1]
    trainA, trainB = dataset
    for i in range(3):
        real_A, ones_A = draw_real(trainA, n_batch, n_patch)
        real_B, ones_B = draw_real(trainB, n_batch, n_patch)
        fake_A, zeros_A = draw_fake(to_A, real_B, n_patch)
        fake_B, zeros_B = draw_fake(to_B, real_A, n_patch)
        g_loss2, _, _, _, _ = cycle_BA.train_on_batch([real_B, real_A], [ones_A, real_A, real_B, real_A])
        dA_loss1 = critic_A.train_on_batch(real_A, ones_A)
        dA_loss2 = critic_A.train_on_batch(fake_A, zeros_A)
        g_loss1, _, _, _, _ = cycle_AB.train_on_batch([real_A, real_B], [ones_B, real_B, real_A, real_B])
        dB_loss1 = critic_B.train_on_batch(real_B, ones_B)
        dB_loss2 = critic_B.train_on_batch(fake_B, zeros_B)
        print('>%d, dA[%.3f,%.3f] dB[%.3f,%.3f] g[%.3f,%.3f]' % (i+1, dA_loss1, dA_loss2, dB_loss1, dB_loss2, g_loss1, g_loss2))


image_shape = (8, 8, 3)
dataset = [rs.rand(6, 8, 8, 3), rs.rand(6, 8, 8, 3)]
to_B = make_painter(image_shape)
to_A = make_painter(image_shape)
critic_A = make_critic(image_shape)
critic_B = make_critic(image_shape)
cycle_AB = make_cycle(to_B, critic_B, to_A, image_shape)
cycle_BA = make_cycle(to_A, critic_A, to_B, image_shape)
train(critic_A, critic_B, to_B, to_A, cycle_AB, cycle_BA, dataset)
