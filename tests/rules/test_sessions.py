"""Sessions of TensorFlow 1: what goes, what stays, and what is said about the rest."""

import json
import textwrap

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import check, migrate

HEAD = """\
import tensorflow as tf
import keras
from keras import backend as K
from keras.models import Sequential, load_model

"""
GROWTH = """\
for gpu in tf.config.list_physical_devices('GPU'):
    tf.config.experimental.set_memory_growth(gpu, True)
"""


def fixed(program: str) -> str:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome.document.source


def rest(program: str) -> str:
    """What becomes of a program below its imports."""
    after = fixed(HEAD + textwrap.dedent(program).lstrip("\n"))
    assert fixed(after) == after
    return after.partition("from keras.models import Sequential, load_model\n\n")[2]


def advice(program: str) -> list[tuple[str, str]]:
    left = migrate([loads(HEAD + textwrap.dedent(program))])[0].left
    return [(report.finding.code, report.finding.message) for report in left]


REWRITTEN = {
    "K.set_session(tf.Session(config=tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True))))\n": GROWTH,
    "o = tf.GPUOptions(allow_growth=False)\nc = tf.ConfigProto(gpu_options=o)\nK.set_session(tf.Session(config=c))": (
        ""
    ),
    "c = tf.ConfigProto(intra_op_parallelism_threads=n, inter_op_parallelism_threads=2)\ns = tf.Session(config=c)\n": (
        "tf.config.threading.set_intra_op_parallelism_threads(n)\n"
        "tf.config.threading.set_inter_op_parallelism_threads(2)\n"
    ),
    "config = tf.ConfigProto(device_count={'GPU': 0})\nK.set_session(tf.Session(config=config))\n": (
        "tf.config.set_visible_devices([], 'GPU')\n"
    ),
    "c = tf.ConfigProto(log_device_placement=True, allow_soft_placement=False)\nK.set_session(tf.Session(config=c))\n": (
        "tf.debugging.set_log_device_placement(True)\ntf.config.set_soft_device_placement(False)\n"
    ),
    "config = tf.ConfigProto()\nconfig.gpu_options.visible_device_list = '1'\nK.set_session(tf.Session(config=config))\n": (
        "tf.config.set_visible_devices(tf.config.list_physical_devices('GPU')[1:2], 'GPU')\n"
    ),
    # a function that makes the session says what it said, and gives nothing
    """
    def get_session():
        # as it is needed
        config = tf.ConfigProto()
        config.gpu_options.allow_growth = True
        return tf.Session(config=config)


    K.set_session(get_session())
    """: "def get_session():\n    # as it is needed\n"
    + textwrap.indent(GROWTH, "    ")
    + "\n\nget_session()\n",
    # bodies move to the left, but not the lines of strings
    '''
    with tf.Session() as sess:
        K.set_session(sess)
        sess.run(tf.global_variables_initializer())
        # a comment
        print("""one
      two""",
              3)

        if x:
            print(4)
    print(5)
    ''': '''\
# a comment
print("""one
  two""",
      3)

if x:
    print(4)
print(5)
''',
    """
    graph = tf.get_default_graph()
    with graph.as_default(): print(1)
    """: "print(1)\n",
    """
    def predict(x):
        global graph, count
        with graph.as_default(), sess.as_default():
            return model.predict(x)


    graph, other = None, 2
    """: None,
    """
    graph = None


    def load():
        global graph
        graph = tf.get_default_graph()


    def predict(x):
        global graph, count
        with graph.as_default():
            count += 1
            return model.predict(x)
    """: """
def load():
    pass


def predict(x):
    global count
    count += 1
    return model.predict(x)
""",
    """
    class Detector:
        def __init__(self):
            self.model = load_model('m.keras')
            self.graph = tf.get_default_graph()

        def __call__(self, x):
            with self.graph.as_default():
                return self.model.predict(x)
    """: """\
class Detector:
    def __init__(self):
        self.model = load_model('m.keras')

    def __call__(self, x):
        return self.model.predict(x)
""",
    """
    with tf.Graph().as_default():
        with tf.device('/cpu:0'):
            model = Sequential()
    """: "with tf.device('/cpu:0'):\n    model = Sequential()\n",
    "tf.reset_default_graph()\nmodel = Sequential()\n": "keras.utils.clear_session()\nmodel = Sequential()\n",
    "K.clear_session()\ntf.reset_default_graph()\n": "K.clear_session()\n",
    "if K.backend() == 'tensorflow':\n    K.set_session(tf.Session())\nx = 1\n": (
        "if K.backend() == 'tensorflow':\n    pass\nx = 1\n"
    ),
    "tf.enable_eager_execution()\nx = 1\n": "x = 1\n",
    "tf.compat.v1.disable_v2_behavior()\nx = 1\n": "x = 1\n",
    "K.set_learning_phase(0); x = 1\n": "x = 1\n",
    "def f(sess):\n    K.set_session(sess)\n    return 1\n": "def f(sess):\n    return 1\n",
    "assert len(K.tensorflow_backend._get_available_gpus()) == 0\n": (
        "assert len(tf.config.list_physical_devices('GPU')) == 0\n"
    ),
}


@pytest.mark.parametrize("before", [before for before, after in REWRITTEN.items() if after is not None])
def test_rewritten(before: str) -> None:
    assert rest(before) == REWRITTEN[before]


def test_nothing_is_left_unused() -> None:
    after = fixed(
        "import tensorflow as tf\nfrom keras.backend.tensorflow_backend import set_session\n"
        "from keras.layers import Dense\n\nset_session(tf.Session())  # for Keras\nlayer = Dense(1)\n"
    )
    assert after == "from keras.layers import Dense\n\nlayer = Dense(1)\n"


def test_cells_of_a_notebook() -> None:
    cells = [
        "import tensorflow as tf\nfrom keras import backend as K",
        "config = tf.ConfigProto()",
        "config.gpu_options.allow_growth = True",
        "sess = tf.Session(config=config)\nK.set_session(sess)",
        "with sess.as_default():\n    K.clear_session()",
    ]
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
    assert outcome.failures == []
    assert [cell.source for cell in outcome.document.cells] == [
        "import tensorflow as tf\nfrom keras import backend as K",
        "",
        GROWTH.rstrip(),
        "",
        "K.clear_session()",
    ]


STAYS = [
    # a graph of its own, with TensorFlow's old functions
    "g = tf.compat.v1.Graph()\nwith g.as_default():\n    x = tf.compat.v1.placeholder(tf.float32)\n"
    "with tf.compat.v1.Session(graph=g) as s:\n    s.run(x, {x: 1.0})\n",
    "if tf.__version__ < '2':\n    K.set_session(tf.Session())\n",
    "try:\n    K.set_session(tf.Session())\nexcept AttributeError:\n    pass\n",
    "sess = requests.Session()\nsess.run(1)\nwith sess.as_default():\n    pass\n",
]


@pytest.mark.parametrize("code", STAYS)
def test_right_code_stays(code: str) -> None:
    assert fixed(HEAD + code) == HEAD + code
    assert advice(code) == []


def test_programs_without_keras_are_left_alone() -> None:
    code = "import tensorflow as tf\n\ntf.compat.v1.disable_eager_execution()\nsess = tf.Session()\n"
    assert fixed(code) == code
    assert check([loads(code)])[0].left == []


ADVISED = {
    # the session is used: it stays, and so do its settings
    "sess = K.get_session()\ny = sess.run(model.output, {model.input: x})\n": [
        "tensor.numpy()",
        "K.get_session",
    ],
    "config = tf.ConfigProto()\nconfig.gpu_options.allow_growth = True\nsess = tf.Session(config=config)\nf(sess)\n": [
        "tf.config",
        "tf.Session",
    ],
    "class A:\n    def __init__(self):\n        self.sess = K.get_session()\n\n\nA().sess.run(1)\n": [
        "K.get_session"
    ],
    "config = tf.ConfigProto()\nconfig.operation_timeout_in_ms = 5\nK.set_session(tf.Session(config=config))\n": [
        "operation_timeout_in_ms",
        "tf.ConfigProto",
        "tf.Session",
    ],
    "tf.compat.v1.disable_eager_execution()\nx = tf.compat.v1.placeholder(tf.float32)\n": ["eager execution"],
    "K.set_session(tf.Session('grpc://a:1'))\n": ["target", "tf.Session"],
    "gpus = K.tensorflow_backend._get_available_gpus()\n": ["gpu.name for gpu in"],
    "def make():\n    return tf.Session()\n\n\nhandlers = [make]\nK.set_session(make())\n": [
        "tf.Session",
        "K.set_session",
    ],
}


@pytest.mark.parametrize("code", ADVISED)
def test_advised(code: str) -> None:
    found = [message for rule, message in advice(code) if rule == "KU906"]
    assert fixed(HEAD + code) == HEAD + code
    for words in ADVISED[code]:
        assert any(words in message for message in found), (words, found)


def test_a_variable_that_another_module_reads_stays() -> None:
    from pathlib import Path  # noqa: PLC0415

    one = loads(
        "import tensorflow as tf\nimport keras\n\ngraph = tf.get_default_graph()\n", path=Path("/p/one.py")
    )
    two = loads(
        "import keras\nfrom one import graph\n\nwith graph.as_default():\n    pass\n", path=Path("/p/two.py")
    )
    outcomes = migrate([one, two])
    assert outcomes[0].document.source == one.source
    assert [report.finding.code for report in outcomes[0].left] == ["KU906"]


PHASES = {
    "K.set_learning_phase(0)\nmodel.predict(x)\n": "",
    "K.set_learning_phase(0)\nmodel.fit(x)\n": "BatchNormalization",
    "K.set_learning_phase(1)\nmodel.fit(x)\n": "training=True",
    "K.set_learning_phase(TRAIN)\nmodel.fit(x)\n": "training=True",
}


@pytest.mark.parametrize("code", PHASES)
def test_learning_phase(code: str) -> None:
    applied = migrate([loads(HEAD + code)])[0].applied
    found = [report.finding for report in applied if report.finding.code == "KU906"]
    assert len(found) == 1
    assert PHASES[code] in found[0].assumption
    assert bool(found[0].assumption) == bool(PHASES[code])


def test_the_learning_phase_of_a_function_is_left_to_its_rule() -> None:
    code = "K.set_learning_phase(0)\nf = K.function(inputs, [a, b])\n"
    assert "set_learning_phase" in fixed(HEAD + code)
