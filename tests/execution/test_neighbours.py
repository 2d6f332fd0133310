"""Programs with TensorFlow 1 around Keras run on Keras 3 as the tool writes them."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

from .harness import run

pytestmark = pytest.mark.slow

WEIGHTS = """\
import numpy as np
import tensorflow as tf
from keras.layers import Dense, Dropout
from keras.models import Sequential
from keras.optimizers import SGD

np.random.seed(3)
{seed}
model = Sequential([Dense(3, input_dim=2), Dropout(0.5), Dense(1)])
model.compile(SGD(lr=0.1), 'mse')
model.fit(np.ones((8, 2)), np.ones((8, 1)), epochs=2, verbose=0)
result = [weights.tolist() for weights in model.get_weights()] + [np.random.rand()]
"""


def migrated(program: str) -> str:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    assert not any(report.finding.code.startswith("KU9") for report in outcome.left)
    return outcome.document.source


@pytest.mark.parametrize("seed", ["tf.set_random_seed(3)", "tf.random.set_seed(3)"])
def test_a_seeded_program_can_be_repeated(seed: str) -> None:
    program = migrated(WEIGHTS.format(seed=seed))
    first, second = (run(program, "keras3", capture=["result"], seed=number) for number in (1, 2))
    assert first.ok, first.traceback
    assert first.values["result"] == second.values["result"]
    left = program.replace("keras.utils.set_random_seed", "tf.random.set_seed").replace(
        "import keras", "import tensorflow as tf", 1
    )
    first, second = (run(left, "keras3", capture=["result"], seed=number) for number in (1, 2))
    assert first.ok, first.traceback
    assert first.values["result"] != second.values["result"]


SESSIONS = {
    "settings": """\
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1, device_count={'GPU': 0})
config.gpu_options.allow_growth = True
config.gpu_options.visible_device_list = '0'
config.allow_soft_placement = False
config.log_device_placement = False
config.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1
K.set_session(tf.Session(config=config))
model = Sequential([Dense(1, input_dim=2, kernel_initializer='ones')])
result = model.predict(tf.ones((1, 2))).tolist()
""",
    "a class": """\
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential


class Server:
    def __init__(self):
        tf.reset_default_graph()
        K.clear_session()
        self.graph = tf.get_default_graph()
        self.sess = tf.Session(graph=self.graph)
        with self.graph.as_default(), self.sess.as_default():
            self.model = Sequential([Dense(1, input_dim=2, kernel_initializer='ones')])
            self.sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])

    def answer(self, x):
        with self.graph.as_default():
            with self.sess.as_default():
                return self.model.predict(x).tolist()

    def close(self):
        self.sess.close()


server = Server()
result = server.answer(np.ones((1, 2)))
server.close()
""",
    "graph mode": """\
import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

tf.disable_v2_behavior()
tf.keras.backend.set_learning_phase(0)
with tf.Session() as sess:
    tf.keras.backend.set_session(sess)
    model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
    sess.run(tf.global_variables_initializer())
    result = model.predict(np.ones((1, 2))).tolist()
""",
    "losses of TensorFlow 1": """\
import numpy as np
import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_dim=2, kernel_initializer='ones')])
model.compile(tf.train.AdamOptimizer(), loss=tf.losses.huber_loss)
model.fit(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)
result = np.round(model.predict(np.ones((1, 2)))).tolist()
""",
}


@pytest.mark.parametrize("name", SESSIONS)
def test_it_runs(name: str) -> None:
    after = run(migrated(SESSIONS[name]), "keras3", capture=["result"])
    assert after.ok, after.traceback
    assert after.values["result"] == [[2.0]]
