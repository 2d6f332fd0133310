"""Names of TensorFlow 1 and seeds: what is rewritten, and what must stay."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import check, migrate

KERAS = "import numpy as np\nimport tensorflow as tf\nfrom keras.layers import Dense, Input\n\n"


def fixed(program: str) -> str:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome.document.source


def advice(program: str) -> list[str]:
    return [report.finding.message for report in migrate([loads(program)])[0].left]


REWRITTEN = {
    # of a KerasTensor, KU303 knows more
    "x = Input((3,))\ny = tf.log(x)\n": "x = Input((3,))\ny = keras.ops.log(x)\n",
    "x = Input((3,))\ny = tf.to_float(x)\n": 'x = Input((3,))\ny = keras.ops.cast(x, dtype="float32")\n',
    "x = Input((3,))\ny = tf.reduce_sum(x, reduction_indices=1)\n": "x = Input((3,))\ny = keras.ops.sum(x, axis=1)\n",
    # names passed on
    "f = list(map(tf.log, [1.0]))\n": "f = list(map(tf.math.log, [1.0]))\n",
    "exists = tf.gfile.Exists\n": "exists = tf.io.gfile.exists\n",
    # a module in a variable
    "flags = tf.app.flags\nflags.DEFINE_string('a', 'b', 'c')\n": (
        "flags = tf.compat.v1.app.flags\nflags.DEFINE_string('a', 'b', 'c')\n"
    ),
    # several keywords, and one that goes
    "y = tf.zeros_like(tensor=[1], optimize=False)\n": "y = tf.zeros_like(input=[1])\n",
    "y = tf.concat([tf.to_int32([1.0]), tf.ceil([2.0])], 0)\n": (
        "y = tf.concat([tf.cast([1.0], tf.int32), tf.math.ceil([2.0])], 0)\n"
    ),
    "tf.assign(v, tf.log(3.0))\n": "v.assign(tf.math.log(3.0))\n",
    "y = tf.nn.dropout([1.0], keep_prob=0.8)\n": "y = tf.nn.dropout([1.0], rate=0.2)\n",
    "y = tf.nn.dropout(tf.log([1.0]), 0.75)\n": "y = tf.nn.dropout(tf.math.log([1.0]), 0.25)\n",
    "y = tf.nn.dropout([1.0], keep_prob=(a if b else c))\n": "y = tf.nn.dropout([1.0], rate=1 - (a if b else c))\n",
}


@pytest.mark.parametrize("before", REWRITTEN)
def test_rewritten(before: str) -> None:
    after = fixed(KERAS + before)
    assert after.endswith(REWRITTEN[before])
    assert fixed(after) == after


def test_one_place_is_found_once() -> None:
    found = check([loads(KERAS + "x = Input((3,))\ny = tf.log(x)\n")])[0].left
    assert [report.finding.code for report in found] == ["KU303"]


def test_a_name_that_was_imported() -> None:
    before = "from keras.layers import Dense\nfrom tensorflow import log, set_random_seed\n\nset_random_seed(2)\nlog(3.0)\n"
    after = fixed(before)
    assert "from tensorflow" not in after
    assert after.endswith("keras.utils.set_random_seed(2)\ntf.math.log(3.0)\n")
    assert "import tensorflow as tf\n" in after


STAYS = [
    "if tf.__version__ >= '2':\n    y = tf.math.log(1.0)\nelse:\n    y = tf.log(1.0)\n",
    "y = tf.log(1.0) if TF_VERSION < 2 else tf.math.log(1.0)\n",
    "try:\n    tf.set_random_seed(1)\nexcept AttributeError:\n    tf.random.set_seed(1)\n",
    "session = hasattr(tf, 'log') and tf.log(1.0)\n",
    "y = tf.compat.v1.log(1.0)\n",
    "y = tf.reduce_sum([1.0], axis=0, keepdims=True)\nz = tf.losses.MeanSquaredError()\n",
    "y = tf.nn.dropout([1.0], 0.75)\n",
    "tf.log = print\n",
]


@pytest.mark.parametrize("code", STAYS)
def test_right_code_stays(code: str) -> None:
    assert fixed(KERAS + code) == KERAS + code
    assert advice(KERAS + code) == []


def test_another_module_called_tf() -> None:
    code = "import keras\nimport torch.functional as tf\n\ny = tf.log(1.0)\n"
    assert fixed(code) == code


def test_a_graph_program_without_keras_is_not_ours() -> None:
    code = "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\ny = tf.log(x)\ns = tf.Session()\ns.run(y)\n"
    assert fixed(code) == code
    assert advice(code) == []


def test_tensorflow_alone_is_mended() -> None:
    assert (
        fixed("import tensorflow as tf\n\ny = tf.log(1.0)\n")
        == "import tensorflow as tf\n\ny = tf.math.log(1.0)\n"
    )


ADVISED = {
    "x = tf.placeholder(tf.float32)\n": "keras.Input",
    "x = tf.layers.dense([[1.0]], 3)\n": "keras.layers",
    "from tensorflow.contrib import rnn\ncell = rnn.BasicLSTMCell(3)\n": "keras.layers.LSTM",
    "from tensorflow.examples.tutorials.mnist import input_data\nd = input_data.read_data_sets('x')\n": "keras.datasets",
    "step = tf.train.AdamOptimizer(0.1).minimize([1.0])\n": "apply_gradients",
    "f = list(map(tf.to_float, [1]))\n": "tf.cast(x, tf.float32)",
    "s = tf.train.Saver()\n": "save_weights",
    "g = tf.train.maybe_batch\n": "tf.compat.v1.train.maybe_batch",
}


@pytest.mark.parametrize("code", ADVISED)
def test_advised(code: str) -> None:
    found = advice(KERAS + code)
    assert len(found) == 1, found
    assert ADVISED[code] in found[0]


SEED = "keras.utils.set_random_seed"
SEEDED = {
    "np.random.seed(1)\ntf.set_random_seed(1)\n": f"np.random.seed(1)\n{SEED}(1)\n",
    "tf.set_random_seed(2)\nnp.random.seed(1)\n": f"{SEED}(2)\nnp.random.seed(1)\n",
    "n = 3\nnp.random.seed(n)\nimport os\nos.environ['PYTHONHASHSEED'] = str(n)\ntf.set_random_seed(n)\n": f"{SEED}(n)\n",
    "tf.set_random_seed(seed=4)\n": f"{SEED}(seed=4)\n",
    "if __name__ == '__main__':\n    tf.set_random_seed(4)\n": f"    {SEED}(4)\n",
    "def reset(seed=42):\n    tf.set_random_seed(seed)\n    np.random.seed(seed)\n\n\nreset()\n": f"    {SEED}(seed)\n",
    # NumPy has another seed, or has drawn numbers since
    "np.random.seed(2)\ntf.set_random_seed(1)\n": "tf.random.set_seed(1)\n",
    "np.random.seed(1)\nx = np.random.rand(3)\ntf.set_random_seed(1)\n": "tf.random.set_seed(1)\n",
    "def f():\n    np.random.seed(1)\n\n\ntf.set_random_seed(1)\n": "tf.random.set_seed(1)\n",
    # Python is seeded: enough
    "import random\nrandom.seed(1)\ntf.set_random_seed(1)\n": "tf.random.set_seed(1)\n",
    # not known to be a whole number, or called who knows how often
    "tf.set_random_seed(options.seed)\n": "tf.random.set_seed(options.seed)\n",
    "for i in range(3):\n    tf.set_random_seed(4)\n": "    tf.random.set_seed(4)\n",
    "def f():\n    tf.set_random_seed(4)\n": "    tf.random.set_seed(4)\n",
}


@pytest.mark.parametrize("code", SEEDED)
def test_seeds(code: str) -> None:
    after = fixed(KERAS + code)
    assert SEEDED[code] in after
    assert ("np.random.seed" in after) == ("np.random.seed" in code)
    assert (SEED in after) == (SEED in SEEDED[code])


def test_seed_of_right_code_stays() -> None:
    code = "import keras\nimport tensorflow as tf\n\ntf.random.set_seed(1)\nmodel = keras.Sequential()\n"
    assert fixed(code) == code
