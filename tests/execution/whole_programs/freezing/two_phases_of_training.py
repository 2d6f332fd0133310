# A classifier over a network that is frozen at first; each phase is compiled anew.
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models
from tensorflow.keras.optimizers import Adam


def build_base():
    inputs = layers.Input((6,))
    x = layers.Dense(8, activation="relu", name="low")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Dense(4, activation="relu", name="high")(x)
    return models.Model(inputs, x, name="base")


base = build_base()
base.trainable = False
inputs = layers.Input((6,))
x = base(inputs)
model = models.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
model.compile(optimizer=Adam(lr=1e-3), loss="binary_crossentropy", metrics=["accuracy"])

rng = np.random.RandomState(0)
data, labels = rng.rand(48, 6), rng.randint(0, 2, (48, 1))
model.fit(data, labels, batch_size=24, epochs=1, verbose=0)

base.trainable = True
for layer in base.layers[:2]:
    layer.trainable = False
model.compile(optimizer=Adam(lr=1e-4), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(data, labels, batch_size=24, epochs=1, verbose=0)
print("%.4f %d" % (history.history["loss"][0], len(model.trainable_weights)))
