"""Projects of several files: what one file says changes what is right in another."""

from collections.abc import Mapping
from pathlib import Path

from keras_upgrade.documents import load
from keras_upgrade.engine import migrate


def migrated(folder: Path, files: Mapping[str, str]) -> dict[str, str]:
    """The files of a project after the migration of all of them."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    outcomes = migrate([load(folder / name) for name in files])
    assert [failure for outcome in outcomes for failure in outcome.failures] == []
    return {name: outcome.document.source for name, outcome in zip(files, outcomes, strict=True)}


def test_a_helper_gets_a_keras_tensor_from_another_file(tmp_path: Path) -> None:
    files = {
        "blocks.py": "import tensorflow as tf\n\n\ndef norm(x):\n    return tf.square(x)\n",
        "train.py": "import keras\nfrom blocks import norm\n\ny = norm(keras.Input((2,)))\n",
    }
    assert "keras.ops.square(x)" in migrated(tmp_path, files)["blocks.py"]


def test_a_helper_of_real_tensors_stays(tmp_path: Path) -> None:
    files = {
        "blocks.py": "import tensorflow as tf\n\n\ndef norm(x):\n    return tf.square(x)\n",
        "train.py": "import tensorflow as tf\nfrom blocks import norm\n\ny = norm(tf.ones(2))\n",
    }
    assert migrated(tmp_path, files) == files


def test_a_name_of_keras_that_one_file_hands_to_another(tmp_path: Path) -> None:
    files = {
        "tools.py": "from keras import backend as K\n\n\ndef f(x):\n    return K.exp(x)\n",
        "use.py": "from tools import K, f\n\ny = K.sum(f(1.0))\n",
    }
    after = migrated(tmp_path, files)
    assert "from keras import backend as K" in after["tools.py"], (
        "the other file imported it when this was written"
    )
    assert after["use.py"] == "from tools import f\nimport keras\n\ny = keras.ops.sum(f(1.0))\n"


def test_relative_imports_in_a_package(tmp_path: Path) -> None:
    files = {
        "net/__init__.py": "",
        "net/ops.py": "import tensorflow as tf\n\n\ndef scale(t):\n    return tf.exp(t)\n",
        "net/models.py": "from keras.layers import Input\nfrom .ops import scale\n\ny = scale(Input((2,)))\n",
    }
    assert "keras.ops.exp(t)" in migrated(tmp_path, files)["net/ops.py"]


def test_a_file_that_another_one_writes(tmp_path: Path) -> None:
    files = {
        "model.py": "from keras.models import Sequential\n\nmodel = Sequential()\nmodel.save_weights('w.h5')\n",
        "use.py": "from model import model\n\nmodel.load_weights('w.h5')\n",
    }
    after = migrated(tmp_path, files)
    assert "save_weights('w.weights.h5')" in after["model.py"]
    assert "load_weights('w.weights.h5')" in after["use.py"]


def test_a_model_that_is_made_in_one_file_and_trained_in_another(tmp_path: Path) -> None:
    files = {
        "gan.py": (
            "from keras.layers import Dense\nfrom keras.models import Sequential\n\n\n"
            "class GAN:\n    def __init__(self):\n"
            "        self.d = Sequential([Dense(1)])\n        self.d.compile('sgd', 'mse')\n"
            "        self.d.trainable = False\n        self.both = Sequential([Dense(2), self.d])\n"
            "        self.both.compile('sgd', 'mse')\n\n"
            "    def step(self, x, y):\n        self.d.train_on_batch(x, y)\n"
        ),
        "train.py": "from gan import GAN\n\ngan = GAN()\ngan.step(1, 2)\n",
    }
    after = migrated(tmp_path, files)["gan.py"]
    assert (
        "self.d.trainable = True\n        self.d.train_on_batch(x, y)\n        self.d.trainable = False\n"
        in after
    )


def test_imports_in_a_circle(tmp_path: Path) -> None:
    files = {
        "a.py": "import b\nfrom keras import backend as K\n\n\ndef f(x):\n    return K.exp(b.g(x))\n",
        "b.py": "import a\nfrom keras import backend as K\n\n\ndef g(x):\n    return K.log(x)\n",
    }
    after = migrated(tmp_path, files)
    assert "keras.ops.exp" in after["a.py"]
    assert "keras.ops.log" in after["b.py"]
