from functools import partial

import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, LeakyReLU
from keras.layers.merge import _Merge
from keras.models import Model, Sequential
from keras.optimizers import Adam

BATCH_SIZE = 8
TRAINING_RATIO = 2
GRADIENT_PENALTY_WEIGHT = 10


def wasserstein_loss(y_true, y_pred):
    return K.mean(y_true * y_pred)


def gradient_penalty_loss(y_true, y_pred, averaged_samples, gradient_penalty_weight):
    gradients = K.gradients(K.sum(y_pred), averaged_samples)
    gradient_l2_norm = K.sqrt(K.sum(K.square(gradients)))
    gradient_penalty = gradient_penalty_weight * K.square(1 - gradient_l2_norm)
    return gradient_penalty


def make_generator():
    model = Sequential()
    model.add(Dense(6, input_dim=4, kernel_initializer='ones'))
    model.add(LeakyReLU())
    model.add(Dense(5, activation='tanh', kernel_initializer='ones'))
    return model


def make_discriminator():
    model = Sequential()
    model.add(Dense(6, input_dim=5, activation='tanh', kernel_initializer='ones'))
    model.add(Dense(1, kernel_initializer='ones'))
    return model


class Average(_Merge):
    """Takes the mean of the two samples."""

    def _merge_function(self, inputs):
        return 0.5 * inputs[0] + 0.5 * inputs[1]


generator = make_generator()
discriminator = make_discriminator()

# the generator is trained while the discriminator stays as it is
for layer in discriminator.layers:
    layer.trainable = False
discriminator.trainable = False
generator_input = Input(shape=(4,))
generator_layers = generator(generator_input)
discriminator_layers_for_generator = discriminator(generator_layers)
generator_model = Model(inputs=[generator_input], outputs=[discriminator_layers_for_generator])
generator_model.compile(optimizer=Adam(0.0001, beta_1=0.5, beta_2=0.9), loss=wasserstein_loss)

# now the other way around
for layer in discriminator.layers:
    layer.trainable = True
for layer in generator.layers:
    layer.trainable = False
discriminator.trainable = True
generator.trainable = False

real_samples = Input(shape=(5,))
generator_input_for_discriminator = Input(shape=(4,))
generated_samples_for_discriminator = generator(generator_input_for_discriminator)
discriminator_output_from_generator = discriminator(generated_samples_for_discriminator)
discriminator_output_from_real_samples = discriminator(real_samples)

averaged_samples = Average()([real_samples, generated_samples_for_discriminator])
averaged_samples_out = discriminator(averaged_samples)

partial_gp_loss = partial(gradient_penalty_loss,
                          averaged_samples=averaged_samples,
                          gradient_penalty_weight=GRADIENT_PENALTY_WEIGHT)
partial_gp_loss.__name__ = 'gradient_penalty'

discriminator_model = Model(inputs=[real_samples, generator_input_for_discriminator],
                            outputs=[discriminator_output_from_real_samples,
                                     discriminator_output_from_generator,
                                     averaged_samples_out])
discriminator_model.compile(optimizer=Adam(0.0001, beta_1=0.5, beta_2=0.9),
                            loss=[wasserstein_loss, wasserstein_loss, partial_gp_loss])

positive_y = np.ones((BATCH_SIZE, 1), dtype=np.float32)
negative_y = -positive_y
dummy_y = np.zeros((BATCH_SIZE, 1), dtype=np.float32)

np.random.seed(1)
discriminator_loss = []
generator_loss = []
for step in range(2):
    for j in range(TRAINING_RATIO):
        batch = np.random.rand(BATCH_SIZE, 5).astype(np.float32)
        noise = np.random.rand(BATCH_SIZE, 4).astype(np.float32)
        discriminator_loss.append(discriminator_model.train_on_batch([batch, noise], [positive_y, negative_y, dummy_y]))
    generator_loss.append(generator_model.train_on_batch(np.random.rand(BATCH_SIZE, 4), positive_y))
print('generator:', ' '.join('%.3f' % loss for loss in generator_loss))
for losses in discriminator_loss:
    print('discriminator: %.3f, real %.3f, fake %.3f, penalty %.3f' % tuple(losses))
