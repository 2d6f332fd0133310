"""Right code stays, to the byte; what only looks like Keras 2 is left alone."""

import json

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import check, migrate

PROGRAMS = {
    "Keras 3 with ops": (
        "import keras\nfrom keras import layers, ops\n\nx = keras.Input((3,))\n"
        "y = layers.Dense(2)(ops.exp(x))\nmodel = keras.Model(x, y)\n"
        "model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-3), loss='mse', metrics=['accuracy'])\n"
        "model.save('model.keras')\nmodel.save_weights('model.weights.h5')\n"
    ),
    "tf.keras that works": (
        "import tensorflow as tf\nfrom tensorflow import keras\nfrom tensorflow.keras import layers\n\n"
        "model = keras.Sequential([keras.Input((2,)), layers.Dense(1)])\nmodel.compile('adam', 'mse')\n"
        "history = model.fit(tf.ones((4, 2)), tf.ones((4, 1)))\nprint(history.history['loss'])\n"
    ),
    "a custom layer with tf in call": (
        "import tensorflow as tf\nimport keras\n\n\nclass Scale(keras.layers.Layer):\n"
        "    def build(self, shape):\n        self.w = self.add_weight(shape=(shape[-1],), name='w')\n\n"
        "    def call(self, x):\n        return tf.exp(x) * self.w\n\n\ny = Scale()(keras.Input((3,)))\n"
    ),
    "tf.data": (
        "import tensorflow as tf\nimport keras\n\n\ndef prepare(x, y):\n"
        "    return tf.cast(x, tf.float32) / 255.0, tf.one_hot(y, 10)\n\n\n"
        "data = tf.data.Dataset.from_tensor_slices(([1], [2])).map(prepare).batch(2)\n"
    ),
    "a GradientTape loop": (
        "import tensorflow as tf\nimport keras\n\nmodel = keras.Sequential([keras.layers.Dense(1)])\n"
        "optimizer = keras.optimizers.SGD()\nx = tf.ones((2, 2))\nwith tf.GradientTape() as tape:\n"
        "    loss = tf.reduce_mean(tf.square(model(x) - 1.0))\n"
        "optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))\n"
    ),
    "fine-tuning with a compile after each flip": (
        "import keras\n\nbase = keras.Sequential([keras.layers.Dense(2)])\nbase.trainable = False\n"
        "model = keras.Sequential([base, keras.layers.Dense(1)])\nmodel.compile('adam', 'mse')\nmodel.fit(x, y)\n"
        "base.trainable = True\nmodel.compile('adam', 'mse')\nmodel.fit(x, y)\n"
    ),
    "toggles around the training": (
        "import keras\n\nd = keras.Sequential([keras.layers.Dense(1)])\nd.compile('adam', 'mse')\n"
        "d.trainable = False\nboth = keras.Sequential([keras.layers.Dense(2), d])\nboth.compile('adam', 'mse')\n"
        "for _ in range(3):\n    d.trainable = True\n    d.train_on_batch(1, 1)\n    d.trainable = False\n"
        "    both.train_on_batch(1, 1)\n"
    ),
    "other libraries with the same names": (
        "import keras\nimport torch\nfrom sklearn.linear_model import SGDClassifier\n\n"
        "optimizer = torch.optim.Adam([], lr=0.1)\nmodel = SGDClassifier()\nmodel.predict_proba([[1]])\n"
        "K = {'exp': 1}\nprint(K['exp'])\nplt = object()\nplt.history = {'acc': 1}\nplt.history['acc']\n"
    ),
    "an optimizer for one model": (
        "import keras\n\noptimizer = keras.optimizers.Adam(1e-3)\nmodel = keras.Sequential([keras.layers.Dense(1)])\n"
        "model.compile(optimizer=optimizer, loss='mse')\n"
    ),
    "no Keras at all": "import numpy as np\n\nx = np.exp(1)\nlr = 3\nprint('%d' % x)\n",
    "add_variable of Keras 3": (
        "import keras\n\n\nclass Shift(keras.layers.Layer):\n    def build(self, shape):\n"
        "        self.by = self.add_variable(shape=shape[1:], initializer='zeros', trainable=False)\n\n"
        "    def call(self, x):\n        return x + self.by\n"
    ),
    "weights in several files": (
        "import keras\n\nmodel = keras.Sequential([keras.layers.Dense(1)])\n"
        "model.save_weights('model.weights.json', max_shard_size=1)\n"
    ),
    "old keywords that Keras 3 takes": (
        "import keras\n\nthing = keras.saving.deserialize_keras_object('relu', module_objects={}, "
        "printable_module_name='thing')\n"
    ),
    "a function of Keras 3 for real tensors and others": (
        "import keras\nimport tensorflow as tf\nfrom keras import ops\n\n\ndef cast(x):\n"
        "    if tf.inside_function():\n        return tf.cast(x, 'float16')\n    return ops.cast(x, 'float16')\n\n\n"
        "y = cast(keras.Input((2,)))\n\n\ndef read(x):\n    return cast(x)\n"
    ),
    "models that may be functional": (
        "import keras\n\nmodel = keras.models.load_model('model.keras')\nmodel.summary()\n"
        "inner = keras.Model(model.input, model.get_layer('a').output)\n"
    ),
    "code that reaches into Keras 3": "from keras.src import backend as K\n\nK.exp(1)\nlayers.Dense(1, input_length=3)\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_stays(name: str) -> None:
    document = loads(PROGRAMS[name])
    assert [report.finding for report in check([document])[0].left] == []
    assert migrate([document])[0].document.source == PROGRAMS[name]


def test_a_notebook_cell_that_does_not_parse_is_left_and_the_others_are_migrated() -> None:

    cells = ["from keras import backend as K\nx = 1", "y = (x", "z = K.exp(x)"]
    notebook = {
        "cells": [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": cell}
            for cell in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    outcome = migrate([loads(json.dumps(notebook), "notebook")])[0]
    sources = [cell.source for cell in outcome.document.cells]
    assert sources == ["import keras\nx = 1", "y = (x", "z = keras.ops.exp(x)"]
    assert [problem.position.cell for problem in outcome.document.problems] == [1]
