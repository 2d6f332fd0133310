"""The census: which names of Keras and TensorFlow a program has, each place once."""

import ast
import builtins

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_upgrade.analysis.census import census
from keras_upgrade.names import Name, Use

from .facts import analyse


def labels(text: str) -> list[str]:
    """The names in a program, in the order of the text."""
    return [name.label for name in census(analyse(text))]


def written(text: str, name: Name) -> str:
    """What stands at the place of a name."""
    return text[name.span.start : name.span.end]


def test_imports_and_paths_are_names_whatever_package_they_are_spelled_with() -> None:
    text = (
        "import tensorflow as tf\nfrom keras import layers as L\n"
        "a = L.Dense\nb = tf.keras.layers.Dense\nc = tf.io.gfile\n"
    )
    assert labels(text) == [
        "tensorflow", "keras.layers", "keras.layers.Dense", "keras.layers.Dense", "tensorflow.io.gfile",
    ]  # fmt: skip


def test_a_star_import_is_a_name_and_so_is_what_it_brings() -> None:
    assert labels("from keras.layers import *\nDense(3)\n") == ["keras.layers.*", "keras.layers.Dense"]


def test_what_the_program_defines_is_no_name_of_a_library() -> None:
    text = "import keras\nDense = keras.layers.Dense\nDense(3)\nclass layers:\n    def Dense(self): ...\nlayers().Dense()\n"
    assert labels(text) == ["keras", "keras.layers.Dense"]
    assert labels("def keras(): ...\nkeras.layers\nimport os\nos.path.join\n") == []


def test_methods_and_attributes_are_names_where_the_class_is_known() -> None:
    text = "import keras\nm = keras.Sequential()\nm.fit(x)\nm.mine = 3\nm.mine\nunknown.fit(x)\n"
    assert labels(text) == ["keras", "keras.Sequential", "keras.Sequential.fit"]


def test_members_of_the_users_classes_are_names_where_keras_defines_them() -> None:
    text = (
        "import keras\nclass Mine(keras.layers.Layer):\n    def own(self): return self.add_weight()\n"
        "    def call(self, x): return super().count_params() + self.own()\n"
    )
    assert labels(text) == [
        "keras", "keras.layers.Layer", "keras.layers.Layer.add_weight", "keras.layers.Layer.count_params",
    ]  # fmt: skip


def test_keywords_of_what_is_called_are_names() -> None:
    text = "from keras.layers import Dense\nDense(3, activation='relu')\nprint(3, end='')\n"
    assert labels(text) == ["keras.layers.Dense", "keras.layers.Dense", "keras.layers.Dense(activation=)"]


def test_a_branch_that_todays_versions_do_not_take_has_no_names() -> None:
    text = "import tensorflow as tf\nif tf.__version__ < '2.0':\n    tf.Session()\n"
    assert labels(text) == ["tensorflow", "tensorflow.__version__"]


def test_distinctive_members_are_names_on_whatever_nothing_is_known_of() -> None:
    module = analyse(
        "def f(model):\n    model.fit_generator(3)\nclass A:\n    def fit_generator(self): ...\nA().fit_generator()\n"
    )
    assert [name.label for name in census(module, ["fit_generator"])] == ["fit_generator"]
    assert census(module) == []


@pytest.mark.parametrize("use", Use)
def test_a_name_stands_where_its_word_is_written(use: Use) -> None:
    text = "from keras import layers\nl = layers.Dense(units=3)\nl.kernel\n"
    found = [name for name in census(analyse(text)) if name.use is use]
    assert found
    assert all(written(text, name).endswith(name.word) for name in found)


_PATHS = st.sampled_from(
    [
        "K.exp",
        "K.foo",
        "keras.layers.Dense",
        "layers.Dense",
        "tf.data.Dataset.from_tensors",
        "tf.contrib.x",
        "Adam",
        "keras",
    ]
)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 2) -> str:
    """An expression with paths of libraries in it."""
    path = draw(_PATHS)
    if depth == 0 or draw(st.booleans()):
        return path
    inner = draw(expressions(depth - 1))
    return draw(
        st.sampled_from(
            [f"{path}({inner})", f"[{inner}, {path}]", f"{inner} + {path}", f"(lambda v: {inner})"]
        )
    )


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program whose libraries are imported at its top."""
    head = "import keras\nimport tensorflow as tf\n"
    head += "from keras import backend as K, layers\nfrom keras.optimizers import Adam\n"
    forms = st.sampled_from(
        [
            "v = {}",
            "print({})",
            "def f(a={0}):\n    return {0}",
            "class A:\n    v = {}",
            "if v:\n    {}",
            "for v in {}:\n    v",
        ]
    )
    return head + "".join(
        draw(forms).format(draw(expressions())) + "\n" for _ in range(draw(st.integers(1, 4)))
    )


@given(programs())
def test_every_reference_to_a_library_is_counted_exactly_once(text: str) -> None:
    roots = {"keras", "tf", "K", "layers", "Adam"} - set(dir(builtins))
    tree = ast.parse(text)
    inside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    expected = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in inside:
            root: ast.expr = node
            while isinstance(root, ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name) and root.id in roots:
                expected.append((node.lineno, node.col_offset))
    module = analyse(text)
    starts = [name.span.start for name in census(module) if name.use is Use.REFERENCE]
    assert sorted(starts) == sorted(module.source.offset(line, column) for line, column in expected)
    assert sum(name.use is Use.IMPORT for name in census(module)) == 5
