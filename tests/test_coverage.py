"""What becomes of each name: programs in, coverage out."""

import pytest

from keras_upgrade.coverage import note, unread
from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, check, migrate
from keras_upgrade.names import State
from keras_upgrade.options import Options


def states(outcome: Outcome) -> dict[str, set[str]]:
    """{name: states} of a program."""
    found: dict[str, set[str]] = {}
    for seen in outcome.names:
        found.setdefault(seen.name.label, set()).add(seen.state.value)
    return found


def checked(text: str, options: Options | None = None) -> dict[str, set[str]]:
    return states(check([loads(text)], options)[0])


def migrated(text: str, options: Options | None = None) -> Outcome:
    return migrate([loads(text)], options)[0]


RIGHT = """\
import keras
import tensorflow as tf

class Mine(keras.layers.Layer):
    def call(self, inputs):
        return keras.ops.exp(inputs) * self.scale_of(inputs)

    def scale_of(self, inputs):
        self.add_loss(keras.ops.sum(inputs))
        return 2.0

inputs = keras.Input((3,), name="inputs")
model = keras.Model(inputs, Mine(name="mine")(inputs))
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.1), loss="mse", jit_compile=False)
data = tf.data.Dataset.from_tensor_slices([1.0]).batch(2)
history = model.fit(data, epochs=3, verbose=0).history
print(keras.__version__, tf.float32.name, model.count_params(), inputs.shape)
"""


def test_all_names_of_a_right_program_are_fine() -> None:
    assert {state for found in checked(RIGHT).values() for state in found} == {"fine"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from keras import backend as K\nK.foo(3)\n", "keras.backend.foo"),
        ("from keras.layers import Foo\n", "keras.layers.Foo"),
        ("import keras\nkeras.layers.Foo(3)\n", "keras.layers.Foo"),
        ("import keras.foo\n", "keras.foo"),
        ("from keras.foo import *\n", "keras.foo.*"),
        ("import tensorflow as tf\ntf.foo(3)\n", "tensorflow.foo"),
        ("import tensorflow as tf\ntf.data.Dataset.foo\n", "tensorflow.data.Dataset.foo"),
        ("import tensorflow.compat.v1 as tf\ntf.foo\n", "tensorflow.foo"),
        ("from tensorflow.python.foo import bar\n", "tensorflow.python.foo.bar"),
        ("import keras\nkeras.Sequential().foo()\n", "keras.Sequential.foo"),
        ("import keras\nkeras.Input((3,)).foo\n", "keras.KerasTensor.foo"),
        ("import keras\nkeras.layers.Dense(3, foo=3)\n", "keras.layers.Dense(foo=)"),
        ("import keras\nkeras.Sequential().fit(3, foo=3)\n", "keras.Sequential.fit(foo=)"),
        ("import keras\ndef f(layer):\n    return layer.get_input_mask_at(0)\n", "get_input_mask_at"),
    ],
)
def test_what_nobody_has_is_unknown(text: str, name: str) -> None:
    assert checked(text)[name] == {"unknown"}
    assert states(migrated(text))[name] == {"unknown"}


def test_names_that_findings_are_about_have_their_state() -> None:
    text = (
        "from keras import backend as K\nfrom keras.layers.core import Dense\n"
        "def f(x):\n    return K.exp(K.sqrt(x)) + K.gradients(x, x)\nDense(output_dim=3)\n"
    )
    found = checked(text)
    assert found["keras.backend.exp"] == {"fixed"}
    assert found["keras.backend.sqrt"] == {"review"}
    assert found["keras.backend.gradients"] == {"advised"}
    assert found["keras.layers.core.Dense"] == {"fixed"}
    assert found["keras.layers.core.Dense(output_dim=)"] == {"fixed"}
    assert states(migrated(text)) == found


def test_a_name_inside_a_fix_that_says_nothing_of_it_is_unknown() -> None:
    text = "from keras import backend as K\ny = K.exp(K.foo(3))\n"
    assert checked(text)["keras.backend.foo"] == {"unknown"}
    outcome = migrated(text)
    [seen] = outcome.unknown
    assert outcome.changed
    assert outcome.document.source[seen.name.span.start :].startswith("K.foo")


def test_the_uses_of_an_import_follow_it_and_an_import_its_uses() -> None:
    assert checked("from keras.layers.core import Dropout\nDropout(0.5)\n") == {
        "keras.layers.core.Dropout": {"fixed"},
    }
    found = checked("import keras\nfrom tensorflow.contrib import slim\nslim.conv2d(3)\n")
    assert found["tensorflow.contrib.slim"] == found["tensorflow.contrib.slim.conv2d"] == {"advised"}


def test_either_import_of_a_try_will_do() -> None:
    text = (
        "try:\n    from keras.layers import Foo as D\n"
        "except ImportError:\n    from keras.layers import Dense as D\nD(3)\n"
    )
    assert checked(text) == {"keras.layers.Foo": {"unknown", "fine"}, "keras.layers.Dense": {"fine"}}


def test_what_the_user_does_not_want_to_hear_of_is_ignored() -> None:
    text = (
        "from keras import backend as K\n"
        "y = K.exp(3)  # keras-upgrade: ignore[KU301]\nz = K.foo(3)  # keras-upgrade: ignore\n"
    )
    found = checked(text)
    assert found["keras.backend.exp"] == {"ignored"}
    assert found["keras.backend.foo"] == {"ignored"}
    assert checked("from keras import backend as K\nK.exp(3)\n", Options(select=("KU1",)))[
        "keras.backend.exp"
    ] == {"ignored"}


def test_notes_tell_what_is_known() -> None:
    text = "import keras\ndef f(layer):\n    layer.get_input_mask_at(0)\n    keras.layers.Foo()\n"
    [first, second] = check([loads(text)])[0].unknown
    assert (note(first.name), note(second.name)) == ("Keras 2 had it", "")


def test_names_in_cells_that_cannot_be_read_are_counted() -> None:
    document = loads(
        "from keras import backend as K\nfrom keras.layers import Dense\nx = = K.exp(Dense(3))\n"
    )
    assert unread(document) == 4
    assert unread(loads(RIGHT)) == 0


def test_states_are_ordered_by_what_they_ask_of_the_user() -> None:
    assert [*State] == ["fine", "ignored", "fixed", "review", "advised", "unknown"]


@pytest.mark.parametrize("call", ["foldl(max, x)", "foldr(max, x)", "local_conv1d(x, self.kernel, [1], [1])"])
def test_what_a_fix_takes_from_tf_keras_is_there(call: str) -> None:
    text = (
        "from keras import backend as K\nfrom keras.layers import Layer\n"
        f"class Mine(Layer):\n    def call(self, x):\n        return K.{call}\n"
    )
    assert migrated(text).unknown == []
