"""Which lists are data (KU802), and which iterators are batches (KU803)."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import Outcome, migrate

ONE = """\
import numpy
from tensorflow.keras.layers import Add, Dense, Input
from tensorflow.keras.models import Model, Sequential

model = Sequential([Dense(1, input_shape=(2,))])
"""
TWO = ONE.replace(
    "model = Sequential([Dense(1, input_shape=(2,))])",
    "a, b = Input((2,)), Input((2,))\nmodel = Model([a, b], Dense(1)(Add()([a, b])))",
)


def migrated(program: str) -> Outcome:
    outcome = migrate([loads(program)])[0]
    assert outcome.failures == []
    return outcome


def last(program: str) -> str:
    return migrated(program).document.source.splitlines()[-1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.fit([[1, 2]], [0])", "model.fit(numpy.array([[1, 2]]), numpy.array([0]))"),
        ("model.predict(((1, 2), (3, -4)))", "model.predict(numpy.array(((1, 2), (3, -4))))"),
        (
            "model.fit(x, [len(n) / 2 for n in names])",
            "model.fit(x, numpy.array([len(n) / 2 for n in names]))",
        ),
        ("model.fit(x, y=[0] * 3 + [1])", "model.fit(x, y=numpy.array([0] * 3 + [1]))"),
        ("model.fit(x, list(range(4)))", "model.fit(x, numpy.array(list(range(4))))"),
        ("model.fit([x], [y])", "model.fit([x], [y])"),
        ("model.fit([load(n) for n in names], y)", "model.fit([load(n) for n in names], y)"),
        ("model.fit([[x, y]], y)", "model.fit([[x, y]], y)"),
        ("model.fit([], [])", "model.fit([], [])"),
        ("model.fit([numpy.array(v) for v in [1, 2]], y)", "model.fit([numpy.array(v) for v in [1, 2]], y)"),
        ("model.fit((i for i in range(3)))", "model.fit((i for i in range(3)))"),
        ("model.fit(['a', 'b'], y)", "model.fit(['a', 'b'], y)"),
        ("other.fit([[1, 2]], [0])", "other.fit([[1, 2]], [0])"),
    ],
)
def test_lists_of_numbers_are_data(before: str, after: str) -> None:
    assert last(f"{ONE}{before}\n") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "model.predict([[[1, 2]], [[3, 4]]])",
            "model.predict([numpy.array([[1, 2]]), numpy.array([[3, 4]])])",
        ),
        ("model.predict([x, [[3, 4]]])", "model.predict([x, numpy.array([[3, 4]])])"),
        ("model.predict([x, y])", "model.predict([x, y])"),
        ("model.predict([[1, 2]])", "model.predict([[1, 2]])"),
    ],
)
def test_several_inputs_are_a_list_of_data(before: str, after: str) -> None:
    assert last(f"{TWO}{before}\n") == after


def test_a_list_in_a_list_may_be_one_input_of_standalone_keras() -> None:
    outcome = migrated(ONE.replace("tensorflow.", "") + "model.predict([[1, 2]])\n")
    assert [report.finding.assumption for report in outcome.applied] == [
        "`[[1, 2]]` is the data, not a list of one input"
    ]


def test_numpy_is_imported_under_a_free_name() -> None:
    program = ONE.replace("import numpy\n", "") + "np = 3\nmodel.predict([[1, 2]])\n"
    source = migrated(program).document.source
    assert source.startswith("import numpy\n")
    assert "model.predict(numpy.array([[1, 2]]))" in source


def test_an_iterator_is_wrapped_where_it_is_made() -> None:
    program = (
        ONE + "def pairs(a, b):\n    return zip(a, b)\n\n\nfor a in zip(x, y):\n    print(a)\n"
        "model.fit(pairs(x, y), validation_data=map(f, z))\n"
    )
    source = migrated(program).document.source
    assert "    return (batch for batch in zip(a, b))\n" in source
    assert "for a in zip(x, y):" in source
    assert "validation_data=(batch for batch in map(f, z)))" in source
