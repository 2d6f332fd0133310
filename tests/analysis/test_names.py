"""Which library object a name is."""

import pytest

from keras_upgrade.analysis.values import options

from .facts import analyse, paths_of, value_of


@pytest.mark.parametrize(
    ("program", "written", "path"),
    [
        ("from keras import backend as K\nK.exp(1)", "K.exp", "keras.backend.exp"),
        ("import keras.backend as K\nK.exp(1)", "K.exp", "keras.backend.exp"),
        ("import keras as K\nK.backend.exp(1)", "K.backend.exp", "keras.backend.exp"),
        ("import keras\nkeras.backend.exp(1)", "keras.backend.exp", "keras.backend.exp"),
        ("import keras.backend\nkeras.backend.exp(1)", "keras.backend.exp", "keras.backend.exp"),
        ("from keras.backend import exp\nexp(1)", "exp", "keras.backend.exp"),
        ("from keras.backend import exp as e\ne(1)", "e", "keras.backend.exp"),
        ("import tensorflow as tf\ntf.keras.backend.exp(1)", "tf.keras.backend.exp", "keras.backend.exp"),
        ("from tensorflow.keras import backend\nbackend.exp(1)", "backend.exp", "keras.backend.exp"),
        ("from tensorflow.python.keras import backend as K\nK.exp(1)", "K.exp", "keras.backend.exp"),
        ("from tensorflow.python.keras.layers import Dense\nDense(1)", "Dense", "keras.layers.Dense"),
        ("import tensorflow.compat.v1 as tf\ntf.exp(1)", "tf.exp", "tensorflow.exp"),
        (
            "import tensorflow.compat.v1 as tf\ntf.keras.backend.exp(1)",
            "tf.keras.backend.exp",
            "keras.backend.exp",
        ),
        ("import tensorflow as tf\ntf.compat.v1.exp(1)", "tf.compat.v1.exp", "tensorflow.exp"),
        ("from keras.layers import *\nDense(1)", "Dense", "keras.layers.Dense"),
        ("from keras.models import *\nK.exp(1)", "K.exp", "keras.backend.exp"),
        ("from keras.models import K\nK.exp(1)", "K.exp", "keras.backend.exp"),
        ("import keras\nDense = keras.layers.Dense\nDense(1)", "Dense", "keras.layers.Dense"),
        ("def f():\n    from keras import backend as K\n    return K.exp(1)", "K.exp", "keras.backend.exp"),
        ("import keras\nk = keras.backend\ndef f(): return k.exp(1)", "k.exp", "keras.backend.exp"),
        ("def f(): return K.exp(1)\nfrom keras import backend as K\nf()", "K.exp", "keras.backend.exp"),
        (
            "try:\n    import keras.backend as K\nexcept ImportError:\n    import tensorflow.keras.backend as K\nK.exp(1)",
            "K.exp",
            "keras.backend.exp",
        ),
        (
            "import os\nif os.environ.get('TF_KERAS'):\n    from tensorflow import keras\nelse:\n    import keras\n"
            "keras.backend.exp(1)",
            "keras.backend.exp",
            "keras.backend.exp",
        ),
        (
            "import keras\nclass A:\n    K = keras.backend\n    def f(self): return self.K.exp(1)",
            "self.K.exp",
            "keras.backend.exp",
        ),
        ("from keras import backend as K\nfs = {'e': K.exp}\nfs['e'](1)", "fs['e']", "keras.backend.exp"),
        ("from keras import backend as K\n[K.exp(x) for x in range(3)]", "K.exp", "keras.backend.exp"),
        ("from keras import backend as K\nf = lambda x: K.exp(x)", "K.exp", "keras.backend.exp"),
        (
            "from keras import backend as K\nmatch 1:\n    case x:\n        K.exp(x)",
            "K.exp",
            "keras.backend.exp",
        ),
        ("from keras import backend as K\nasync def f():\n    return K.exp(1)", "K.exp", "keras.backend.exp"),
        ("from keras import backend as K\ndef f(x=K.exp(1)): pass", "K.exp", "keras.backend.exp"),
    ],
)
def test_it_is_the_library_object(program: str, written: str, path: str) -> None:
    assert paths_of(analyse(program), written) == {path}


@pytest.mark.parametrize(
    ("program", "written"),
    [
        ("K = 3\nK.exp(1)", "K"),
        ("from keras import backend as K\nK = {}\nK.exp(1)", "K"),
        ("from keras import backend as K\ndef f(K): return K.exp(1)", "K"),
        ("from keras import backend as K\nfor K in range(3): K.exp(1)", "K"),
        ("from keras import backend as K\n[K.exp(1) for K in range(3)]", "K"),
        ("from keras import metrics\ndef metrics(y, p): return y\nmetrics(1, 2)", "metrics"),
        ("from keras import backend as K\ndef f():\n    K = 2\n    return K.exp(1)", "K"),
        ("from keras import backend as K\nwith open('x') as K: K.exp(1)", "K"),
        ("from keras import backend as K\ntry: pass\nexcept E as K: K.exp(1)", "K"),
        ("class keras:\n    backend = None\nkeras.backend.exp(1)", "keras.backend"),
        ("from mylib import backend as K\nK.mine.exp(1)", "K.mine.exp"),
    ],
)
def test_the_users_own_names_are_not(program: str, written: str) -> None:
    assert not any(path.startswith("keras") for path in paths_of(analyse(program), written))


def test_a_comprehension_variable_does_not_leak() -> None:
    module = analyse("from keras import backend as K\n[K for K in range(3)]\nx = K.exp(1)")
    assert paths_of(module, "K.exp") == {"keras.backend.exp"}


def test_global_binds_the_modules_name() -> None:
    module = analyse("def f():\n    global K\n    import keras.backend as K\nf()\nK.exp(1)")
    assert paths_of(module, "K.exp") == {"keras.backend.exp"}


def test_a_function_inside_of_one_that_is_called_often() -> None:
    calls = "\n".join(f"outer({number})" for number in range(6))
    module = analyse(
        f"def outer(n):\n    def inner():\n        return n\n\n    return inner()\n\n\n{calls}\n"
    )
    found = options(value_of(module, "inner"))
    assert [type(option).__name__ for option in found] == ["Function"]
