"""A Keras that loads in no time: an interpreter with small fakes of TensorFlow and Keras, to run programs in.

What is about processes, cells and files needs no TensorFlow. The fakes have what the inside touches, and models whose
`fit` and `predict` count the batches.
"""

import sys
from pathlib import Path

from keras_upgrade.verify.environments import Environment

_TENSORFLOW = """
import types
import numpy
__version__ = "2.21.0"
random = types.SimpleNamespace(set_seed=lambda seed: None)
class Tensor: ...
class Variable: ...
def executing_eagerly():
    return True
"""
_KERAS = """
import types
from keras.src.models.model import Model
__version__ = "3.15.1"
utils = types.SimpleNamespace(set_random_seed=lambda seed: None)
config = types.SimpleNamespace(disable_traceback_filtering=lambda: None)
"""
_MODEL = """
import numpy

class History:
    def __init__(self, history):
        self.history = history
        self.epoch = list(range(len(history["loss"])))

class Model:
    name = "light"
    trainable_weights = weights = layers = ()
    batches = 0

    def compile(self, optimizer="sgd", loss=None):
        pass

    def fit(self, x=None, y=None, batch_size=32, epochs=1, steps_per_epoch=None):
        if len(x) != len(y):
            raise ValueError(f"Data cardinality is ambiguous: {len(x)}, {len(y)}")
        self.batches += epochs * -(-len(x) // batch_size)
        return History({"loss": [1.0 / (epoch + 1) for epoch in range(epochs)]})

    def train_on_batch(self, x, y=None):
        self.batches += 1
        return 1.0 / self.batches

    def predict(self, x, batch_size=32, steps=None):
        self.batches += -(-len(x) // batch_size)
        return numpy.zeros((len(x), 1))
"""


def environment(folder: Path) -> Environment:
    """The interpreter, made in a folder."""
    modules = {
        "tensorflow/__init__.py": _TENSORFLOW,
        "keras/__init__.py": _KERAS,
        "keras/datasets/__init__.py": "",
        "keras/_tf_keras/__init__.py": "",
        "keras/_tf_keras/keras/__init__.py": "",
        "keras/src/__init__.py": "",
        "keras/src/models/__init__.py": "",
        "keras/src/models/model.py": _MODEL,
    }
    for name, text in modules.items():
        path = folder / "site-packages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={folder}/site-packages exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return Environment(python, "keras3", "light Keras")
