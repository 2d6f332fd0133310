try:
    import keras
except ImportError:
    from tensorflow import keras

from net.losses import mean_error


def build():
    inputs = keras.Input((3,))
    outputs = keras.layers.Dense(1)(inputs)
    model = keras.Model(inputs, outputs)
    model.error = mean_error
    return model
