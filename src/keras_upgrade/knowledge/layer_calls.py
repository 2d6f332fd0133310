"""What layers of Keras take when they are called: the names of the arguments behind the first, in order.

Measured from `call` and `__call__` of tf.keras 2.15 and Keras 3.15.
"""

from collections.abc import Mapping

from keras_upgrade.knowledge.kinds import Kind, kind_of

_DROPOUT = (
    "AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D SpatialDropout3D"
)
_RECURRENT = "Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU LSTM RNN SimpleRNN"
_MODEL = ("training", "mask")

_OF_LAYER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_DROPOUT.split(), ("training",)),
    **dict.fromkeys(_RECURRENT.split(), ("initial_state", "constants")),
    **dict.fromkeys(("GRUCell", "LSTMCell", "SimpleRNNCell"), ("states", "training")),
    **dict.fromkeys(("BatchNormalization", "TimeDistributed"), _MODEL),
    **dict.fromkeys(
        ("AdditiveAttention", "Attention"), ("mask", "training", "return_attention_scores", "use_causal_mask")
    ),
    **dict.fromkeys(("GlobalAveragePooling1D", "Softmax"), ("mask",)),
    "CategoryEncoding": ("count_weights",),
    "Lambda": ("mask", "training"),
    "MultiHeadAttention": (
        "value",
        "key",
        "attention_mask",
        "return_attention_scores",
        "training",
        "use_causal_mask",
    ),
    "SpectralNormalization": ("training",),
}
_KEPT: Mapping[str, int] = {"MultiHeadAttention": 2}
"""How many of them have the same place in Keras 3, where not all have."""


def arguments_of(path: str) -> tuple[str, ...]:
    """The names of the arguments behind the first one of a layer or model of Keras 2; none if it is not known."""
    if kind_of(path) in (Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION):
        return _MODEL
    return _OF_LAYER.get(path.rpartition(".")[2], ())


def kept_places(path: str) -> int:
    """How many of these arguments Keras 3 takes in the same places."""
    return _KEPT.get(path.rpartition(".")[2], len(arguments_of(path)))
