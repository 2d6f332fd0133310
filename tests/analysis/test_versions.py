"""Choices by the version of TensorFlow or Keras: only the branch that today's versions take is live."""

import pytest

from keras_upgrade.analysis.project import Project
from keras_upgrade.analysis.values import Const, options
from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate

HEAD = """
import keras
import pkg_resources
import tensorflow as tf
from distutils.version import LooseVersion
from packaging import version
"""


def chosen(condition: str) -> set[object]:
    """What a variable can be that is "new" if the condition holds, and "old" otherwise."""
    text = f"{HEAD}\nif {condition}:\n    x = 'new'\nelse:\n    x = 'old'\n"
    (module,) = Project([loads(text)]).analyse()
    return {option.value for option in options(module.frame.names["x"]) if isinstance(option, Const)}


@pytest.mark.parametrize(
    "condition",
    [
        "tf.__version__ >= '2.0'",
        "tf.__version__.startswith('2')",
        "tf.__version__[0] == '2'",
        "not tf.__version__.startswith('1.')",
        "int(tf.__version__.split('.')[0]) >= 2",
        "tuple(map(int, tf.__version__.split('.')[:2])) >= (2, 4)",
        "version.parse(tf.__version__) >= version.parse('2.13.0rc0')",
        "version.parse(tf.version.VERSION).major == 2",
        "LooseVersion(keras.__version__) >= LooseVersion('2.2.0')",
        "LooseVersion(keras.__version__) > '2.2.0'",
        "pkg_resources.parse_version(tf.__version__) > pkg_resources.parse_version('1.15')",
        "tf.__version__ >= '2' and keras.__version__ >= '2.3'",
        "tf.__version__ >= '2' or unknown()",
        "tf.keras.__version__ > '2.1'",
    ],
)
def test_a_condition_that_holds_for_all_versions(condition: str) -> None:
    assert chosen(condition) == {"new"}


@pytest.mark.parametrize(
    "condition", ["tf.__version__ < '2'", "keras.__version__ == '2.2.4'", "keras.__version__ < '3'"]
)
def test_a_condition_that_holds_for_none(condition: str) -> None:
    assert chosen(condition) == {"old"}


@pytest.mark.parametrize(
    "condition",
    [
        "tf.__version__ > '2.18'",
        "tf.__version__ >= '2' and unknown()",
        "DEBUG",
        "unknown(tf.__version__)",
        "keras.__version__ > limit",
        "int(tf.__version__) > 2",
    ],
)
def test_a_condition_that_may_hold(condition: str) -> None:
    assert chosen(condition) == {"new", "old"}


def test_the_branch_of_old_versions_is_left_as_it_is() -> None:
    text = """\
import tensorflow as tf

if tf.__version__ < '2':
    from keras.layers.core import Dense
else:
    from tensorflow.keras.layers.core import Dense
"""
    after = migrate([loads(text)])[0].document.source
    assert after == text.replace("tensorflow.keras.layers.core", "keras.layers")
