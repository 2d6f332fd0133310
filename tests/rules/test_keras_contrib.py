"""Packages that know Keras 2 only: what is rewritten, and what is left with an advice."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

HEAD = "import keras\n"
TFA = "import tensorflow_addons as tfa\n"


def fixed(program: str) -> str:
    outcome = migrate([loads(HEAD + program)])[0]
    assert outcome.failures == []
    return outcome.document.source.removeprefix(HEAD)


def advice(program: str) -> list[str]:
    left = migrate([loads(HEAD + program)])[0].left
    return [report.finding.message for report in left if report.finding.code == "KU907"]


REWRITTEN = {
    "from keras_contrib.layers import InstanceNormalization as IN\nIN()(x)\n": (
        "keras.layers.GroupNormalization(groups=1, epsilon=1e-06)(x)\n"
    ),
    "from keras_contrib.layers import CRF, InstanceNormalization\nInstanceNormalization(axis=3)\n": (
        "keras.layers.GroupNormalization(axis=3, groups=-1, epsilon=1e-06)\n"
    ),
    "from keras_contrib.layers import InstanceNormalization\nInstanceNormalization(axis=-1, epsilon=eps)\n": (
        "keras.layers.GroupNormalization(groups=-1, axis=-1, epsilon=eps ** 2)\n"
    ),
    "import keras_contrib\ny = keras_contrib.layers.GroupNormalization(4)(x)\n": (
        "y = keras.layers.GroupNormalization(4, epsilon=1e-05)(x)\n"
    ),
    f"{TFA}o = tfa.optimizers.AdamW(learning_rate=rate, weight_decay=decay)\n": (
        "o = keras.optimizers.AdamW(learning_rate=rate, weight_decay=decay / rate)\n"
    ),
    f"{TFA}o = tfa.optimizers.SGDW(0.01, 0.1, momentum=0.9)\n": (
        "o = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, weight_decay=0.1)\n"
    ),
    f"{TFA}from keras_contrib.layers import CRF\nx = 1\n": "x = 1\n",
    f"{TFA}keras.layers.Dense(3, activation=tfa.activations.mish)\n": (
        "keras.layers.Dense(3, activation=keras.activations.mish)\n"
    ),
    "from tensorflow_addons.metrics import F1Score\nm = [F1Score(num_classes=3), F1Score(3, average='micro')]\n": (
        "m = [keras.metrics.F1Score(), keras.metrics.F1Score(average='micro')]\n"
    ),
}


@pytest.mark.parametrize("before", REWRITTEN)
def test_rewritten(before: str) -> None:
    after = fixed(before)
    assert after == REWRITTEN[before]
    assert fixed(after) == after


ADVISED = {
    "from keras_contrib.layers import CRF\ncrf = CRF(3)\n": "CRF",
    "from keras_contrib.layers import InstanceNormalization as I\nload(custom_objects={'I': I})\n": "groups=1",
    f"{TFA}o = tfa.optimizers.AdamW(1e-4, keras.optimizers.schedules.CosineDecay(0.1, 10))\n": "divide the old one",
    f"{TFA}o = tfa.optimizers.LAMB(weight_decay=0.1)\n": "Lamb",
    f"{TFA}o = tfa.optimizers.RectifiedAdam()\n": "keras.optimizers.Adam",
    f"{TFA}o = tfa.losses.SigmoidFocalCrossEntropy()\n": "BinaryFocalCrossentropy",
    f"{TFA}o = tfa.losses.TripletSemiHardLoss()\n": "copy the loss",
    f"{TFA}o = tfa.image.rotate(x, 1.0)\n": "RandomRotation",
    f"{TFA}keras.layers.Dense(3, activation=tfa.activations.gelu)\n": "keras.optimizers",
    "import keras_layer_normalization as k\nk.LayerNormalization()(x)\n": "keras.layers.LayerNormalization",
}


@pytest.mark.parametrize("code", ADVISED)
def test_advised(code: str) -> None:
    found = advice(code)
    assert len(found) == 1, found
    assert ADVISED[code] in found[0]
    assert fixed(code) == code


def test_a_package_that_is_tried_first_stays() -> None:
    code = "try:\n    import tensorflow_addons as tfa\n    o = tfa.optimizers.AdamW(1)\nexcept ImportError:\n    o = None\n"
    assert fixed(code) == code
    assert advice(code) == []
