"""Names in texts: `loss='kullback_leibler_divergence'`, `kernel_constraint='maxnorm'`, `activation='LeakyReLU'`.

Measured by giving every text that `keras.losses.get`, `keras.metrics.get`, ... of Keras 2.3.1 and 2.15 take to those
of Keras 3.15. What all three take, and mean by it the same thing, is not listed.
"""

from collections.abc import Mapping

from keras_upgrade.records import dataclass


@dataclass(frozen=True, slots=True)
class Identifier:
    """What is written today for a name in a text.

    Attributes:
        new: another text, or the call of a class where that alone keeps the name under which results are kept.
        note: what differs, where something does.
    """

    new: str
    note: str = ""


def _text(name: str) -> Identifier:
    return Identifier(f"'{name}'")


LOSSES: Mapping[str, Identifier] = {
    "cosine": _text("cosine_similarity"),
    "cosine_proximity": _text("cosine_similarity"),
    "huber_loss": _text("huber"),
    "kullback_leibler_divergence": _text("kl_divergence"),
    "logcosh": _text("log_cosh"),
}
METRICS: Mapping[str, Identifier] = {
    "cosine": Identifier('keras.metrics.CosineSimilarity(name="cosine")'),
    "cosine_proximity": Identifier('keras.metrics.CosineSimilarity(name="cosine_proximity")'),
    "kullback_leibler_divergence": Identifier(
        'keras.metrics.KLDivergence(name="kullback_leibler_divergence")'
    ),
    "logcosh": Identifier("keras.metrics.LogCoshError()"),
}
_ACTIVATIONS: Mapping[str, Identifier] = {
    "ELU": _text("elu"),
    "LeakyReLU": Identifier("keras.layers.LeakyReLU()", "'leaky_relu' has another slope."),
    "PReLU": Identifier("keras.layers.PReLU()"),
    "ReLU": _text("relu"),
    "Softmax": _text("softmax"),
}
_INITIALIZERS: Mapping[str, Identifier] = {
    "constant": Identifier("'zeros'", "A constant initializer without a value gave zeros."),
    "Constant": Identifier("'zeros'", "A constant initializer without a value gave zeros."),
}
_REGULARIZERS: Mapping[str, Identifier] = {"l1_l2": _text("L1L2")}
_CONSTRAINTS: Mapping[str, Identifier] = {
    "maxnorm": _text("max_norm"),
    "nonneg": _text("non_neg"),
    "unitnorm": _text("unit_norm"),
}
_BY_ENDING: Mapping[str, Mapping[str, Identifier]] = {
    "activation": _ACTIVATIONS,
    "initializer": _INITIALIZERS,
    "regularizer": _REGULARIZERS,
    "constraint": _CONSTRAINTS,
}


def of_layer_argument(name: str) -> Mapping[str, Identifier]:
    """The texts that changed for an argument of a layer: `recurrent_activation`, `kernel_constraint`, ..."""
    return _BY_ENDING.get(name.rpartition("_")[2], {})
