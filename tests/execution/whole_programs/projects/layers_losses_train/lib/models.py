from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Dense
from .layers import PairwiseDistance, pool


def build(shape):
    x = Input(shape)
    distances = PairwiseDistance()(Dense(4)(x))
    return Model(x, Dense(1)(pool(distances)))
