"""Losses on inner tensors, in the shapes in which people write them: the same loss from the same weights."""

import numpy as np
import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

from .harness import run

pytestmark = pytest.mark.slow

HEAD = """
import numpy as np
from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras import backend as K
from keras import metrics, objectives

original_dim, latent_dim, epsilon_std = 6, 2, 0.0
"""
LAYERS = """
x = Input(shape=(original_dim,))
h = Dense(4, activation='relu')(x)
z_mean = Dense(latent_dim)(h)
z_log_var = Dense(latent_dim)(h)


def sampling(args):
    z_mean, z_log_var = args
    epsilon = K.random_normal(shape=(K.shape(z_mean)[0], latent_dim), mean=0., stddev=epsilon_std)
    return z_mean + K.exp(z_log_var / 2) * epsilon


z = Lambda(sampling, output_shape=(latent_dim,))([z_mean, z_log_var])
decoder_h = Dense(5, activation='relu')
decoder_mean = Dense(original_dim, activation='sigmoid')
x_decoded = decoder_mean(decoder_h(z))
"""
SUB_MODELS = """
encoder = Model(x, [z_mean, z_log_var, z])
code = Input(shape=(latent_dim,))
decoder = Model(code, decoder_mean(decoder_h(code)))
"""
EVALUATE = """
set_weights_deterministically(vae)
data = np.linspace(0.0, 1.0, 24).reshape(4, 6)
result = float(np.ravel(vae.evaluate(data, {target}verbose=0))[0])
"""

PROGRAMS = {
    "layers without sub-models, loss from the scope around": HEAD
    + LAYERS
    + """
vae = Model(x, x_decoded)


def vae_loss(x, x_decoded):
    xent_loss = original_dim * objectives.binary_crossentropy(x, x_decoded)
    kl_loss = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
    return xent_loss + kl_loss


vae.compile(optimizer='rmsprop', loss=vae_loss)
"""
    + EVALUATE.format(target="data, "),
    "factors, a difference, and a reduction of the whole": HEAD
    + LAYERS
    + SUB_MODELS
    + """
vae = Model(x, decoder(encoder(x)[2]))
beta = 0.3


def loss(y_true, y_pred, z_mean=z_mean, z_log_var=z_log_var):
    error = K.sum(K.square(y_true - y_pred), axis=-1)
    total = 2.0 * (error - beta * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1))
    return K.mean(total)


vae.compile(optimizer='rmsprop', loss=loss)
"""
    + EVALUATE.format(target="data, "),
    "built in a function, with its arguments as factors": HEAD
    + """
def sampling(args):
    mean, log_var = args
    return mean + K.exp(log_var / 2) * K.random_normal(shape=K.shape(mean), stddev=epsilon_std)


def build_vae(dim, latent, beta=2.0):
    inputs = Input(shape=(dim,))
    hidden = Dense(4, activation='relu')(inputs)
    mean = Dense(latent)(hidden)
    log_var = Dense(latent)(hidden)
    z = Lambda(sampling)([mean, log_var])
    encoder = Model(inputs, [mean, log_var, z])
    code = Input(shape=(latent,))
    decoder = Model(code, Dense(dim, activation='sigmoid')(code))
    outputs = decoder(encoder(inputs)[2])
    vae = Model(inputs, outputs)
    reconstruction = metrics.binary_crossentropy(inputs, outputs) * dim
    kl = -0.5 * K.sum(1 + log_var - K.square(mean) - K.exp(log_var), axis=-1)
    vae.add_loss(K.mean(reconstruction + beta * kl))
    vae.compile(optimizer='adam')
    return vae


vae = build_vae(original_dim, latent_dim)
"""
    + EVALUATE.format(target=""),
    "add_loss on layers without sub-models, inputs and outputs in lists": HEAD
    + LAYERS
    + """
vae = Model(inputs=[x], outputs=[x_decoded])
reconstruction = K.mean(K.square(x - x_decoded))
kl = -0.5 * K.mean(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var))
vae.add_loss(reconstruction + kl)
vae.compile('adam')
"""
    + EVALUATE.format(target=""),
    "tf.keras, tf functions, a lambda": """
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input(shape=(6,))
z_mean = layers.Dense(2)(inputs)
z_log_var = layers.Dense(2)(inputs)
z = layers.Lambda(lambda p: p[0] + tf.exp(p[1]) * tf.random.normal(tf.shape(p[0]), stddev=0.0))([z_mean, z_log_var])
encoder = keras.Model(inputs, [z_mean, z_log_var, z], name='encoder')
latent_inputs = keras.Input(shape=(2,))
decoder = keras.Model(latent_inputs, layers.Dense(6, activation='sigmoid')(latent_inputs))
outputs = decoder(encoder(inputs)[2])
vae = keras.Model(inputs, outputs, name='vae')
reconstruction_loss = keras.losses.mse(inputs, outputs)
reconstruction_loss *= 6
kl_loss = 1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var)
kl_loss = tf.reduce_sum(kl_loss, axis=-1)
kl_loss *= -0.5
vae.add_loss(tf.reduce_mean(reconstruction_loss + kl_loss))
vae.compile(optimizer='adam')
"""
    + EVALUATE.format(target=""),
}

SAVE = """
import os
import tempfile
import keras

path = os.path.join(tempfile.mkdtemp(), 'vae.keras')
vae.save(path)
loaded = keras.models.load_model(path, compile=False)
predictions = [vae.predict(data, verbose=0), loaded.predict(data, verbose=0)]
"""


@pytest.mark.parametrize("name", PROGRAMS)
def test_same_loss_from_the_same_weights(name: str) -> None:
    program = PROGRAMS[name]
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    assert {report.finding.code for report in outcome.applied} & {"KU501", "KU502"}
    unmigrated = run(program, "keras3", capture=["result"])
    assert not unmigrated.ok
    before = run(program, "keras2", capture=["result"])
    assert before.ok, before.traceback
    after = run(outcome.document.source, "keras3", capture=["result"])
    assert after.ok, after.traceback
    np.testing.assert_allclose(after.values["result"], before.values["result"], rtol=1e-5)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_model_can_be_saved_and_loaded_back(name: str) -> None:
    migrated = migrate([loads(PROGRAMS[name])])[0].document.source
    after = run(migrated + SAVE, "keras3", capture=["predictions"])
    assert after.ok, after.traceback
    saved, loaded = after.values["predictions"]
    np.testing.assert_allclose(saved, loaded, rtol=1e-5)
