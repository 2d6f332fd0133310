from tensorflow.keras import layers
from nn.ops import gram


def residual(x, units):
    y = layers.Dense(units, activation='relu')(x)
    return layers.add([x, y]) if x.shape[-1] == units else y
