"""The gradient penalty in a script, with its weight."""
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


def gradient_penalty_loss(y_true, y_pred, averaged_samples,
                          gradient_penalty_weight):
    # first get the gradients:
    #   assuming: - that y_pred has dimensions (batch_size, 1)
    #             - averaged_samples has dimensions (batch_size, nbr_features)
    gradients = K.gradients(y_pred, averaged_samples)[0]
    gradients_sqr = K.square(gradients)
    gradients_sqr_sum = K.sum(gradients_sqr,
                              axis=np.arange(1, len(gradients_sqr.shape)))
    gradient_l2_norm = K.sqrt(gradients_sqr_sum)
    gradient_penalty = gradient_penalty_weight * K.square(1 - gradient_l2_norm)
    return K.mean(gradient_penalty)


def fixed(model):
    model.set_weights([np.linspace(-0.4, 0.5, w.size).reshape(w.shape) for w in model.get_weights()])
    return model


def make_generator():
    model = Sequential()
    model.add(Dense(6, input_dim=4))
    model.add(LeakyReLU())
    model.add(Dense(5, activation='tanh'))
    return fixed(model)


def make_discriminator():
    model = Sequential()
    model.add(Dense(6, input_dim=5))
    model.add(LeakyReLU())
    model.add(Dense(1, kernel_initializer='he_normal'))
    return fixed(model)


class RandomWeightedAverage(_Merge):
    def _merge_function(self, inputs):
        weights = K.constant(0.5, shape=(BATCH_SIZE, 1))
        return (weights * inputs[0]) + ((1 - weights) * inputs[1])


generator = make_generator()
discriminator = make_discriminator()

# The generator_model is used when we want to train the generator layers.
for layer in discriminator.layers:
    layer.trainable = False
discriminator.trainable = False
generator_input = Input(shape=(4,))
generator_layers = generator(generator_input)
discriminator_layers_for_generator = discriminator(generator_layers)
generator_model = Model(inputs=[generator_input],
                        outputs=[discriminator_layers_for_generator])
generator_model.compile(optimizer=Adam(0.0001, beta_1=0.5, beta_2=0.9), loss=wasserstein_loss)

# Now that the generator_model is compiled, we can make the discriminator layers trainable.
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

# We also need to generate weighted-averages of real and generated samples,
# to use for the gradient norm penalty.
averaged_samples = RandomWeightedAverage()([real_samples,
                                            generated_samples_for_discriminator])
# We then run these samples through the discriminator as well.
averaged_samples_out = discriminator(averaged_samples)

# The gradient penalty loss function requires the input averaged samples to get gradients.
partial_gp_loss = partial(gradient_penalty_loss,
                          averaged_samples=averaged_samples,
                          gradient_penalty_weight=GRADIENT_PENALTY_WEIGHT)
# Functions need names or Keras will throw an error
partial_gp_loss.__name__ = 'gradient_penalty'

discriminator_model = Model(inputs=[real_samples,
                                    generator_input_for_discriminator],
                            outputs=[discriminator_output_from_real_samples,
                                     discriminator_output_from_generator,
                                     averaged_samples_out])
discriminator_model.compile(optimizer=Adam(0.0001, beta_1=0.5, beta_2=0.9),
                            loss=[wasserstein_loss,
                                  wasserstein_loss,
                                  partial_gp_loss])

positive_y = np.ones((BATCH_SIZE, 1), dtype=np.float32)
negative_y = -positive_y
dummy_y = np.zeros((BATCH_SIZE, 1), dtype=np.float32)

r = np.random.RandomState(0)
for epoch in range(2):
    for j in range(TRAINING_RATIO):
        image_batch = r.rand(BATCH_SIZE, 5).astype(np.float32)
        noise = r.rand(BATCH_SIZE, 4).astype(np.float32)
        losses = discriminator_model.train_on_batch([image_batch, noise], [positive_y, negative_y, dummy_y])
        print('critic', np.round(losses, 4).tolist())
    print('generator', round(float(generator_model.train_on_batch(r.rand(BATCH_SIZE, 4), positive_y)), 4))
