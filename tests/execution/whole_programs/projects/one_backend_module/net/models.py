from . import backend
from .backend import Model, keras
from .layers import Scale


def build_model(input_shape, units):
    inputs = keras.Input(shape=input_shape)
    x = Scale()(inputs)
    x = backend.layers.Dense(units, activation='relu')(x)
    outputs = backend.layers.Dense(1, activation='sigmoid')(x)
    return Model(inputs=inputs, outputs=outputs)
