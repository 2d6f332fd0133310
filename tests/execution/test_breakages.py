"""Every known breaking change has its fix, its advice, or the reason for neither; `explain` knows its messages."""

import pytest

from keras_upgrade.documents import loads
from keras_upgrade.engine import migrate
from keras_upgrade.explain import answer
from keras_upgrade.knowledge.messages import MESSAGES

from .catalogue import Breakage, breakages
from .comparing import assert_equal
from .harness import run

ALL = list(breakages())


def _name(breakage: Breakage) -> str:
    return breakage.name


def test_the_catalogue_is_complete() -> None:
    rows = {breakage.name.partition("_")[0] for breakage in ALL}
    # What needs a file of another Keras, a GPU, a certain version, or the training of a real model has no program.
    without = {"B11", "B15", "B17", "B18", "B43", "B48", "B77", "B81", "B82", "B89", "B92", "S24"}
    assert rows | without == {f"B{n:02}" for n in range(1, 93)} | {f"S{n:02}" for n in range(1, 29)}
    assert not rows & without


@pytest.mark.parametrize("breakage", ALL, ids=_name)
def test_it_says_what_it_is(breakage: Breakage) -> None:
    assert breakage.silent != bool(breakage.errors)
    assert not (breakage.advised and breakage.left)


@pytest.mark.parametrize(
    ("breakage", "message"),
    [pytest.param(b, message, id=f"{b.name}-{n}") for b in ALL for n, message in enumerate(b.errors, 1)],
)
def test_explain_knows_the_message(breakage: Breakage, message: str) -> None:
    assert answer(message).known


@pytest.mark.parametrize(
    "message",
    [
        "ValueError: File format not supported: filepath=saved. Keras 3 only supports V3 `.keras` files and legacy H5",
        "ValueError: Unrecognized keyword arguments passed to LSTM: {'time_major': False}",
        *(message.example for message in MESSAGES),
    ],
)
def test_explain_knows_what_has_no_program(message: str) -> None:
    assert answer(message).known


@pytest.mark.parametrize("breakage", [b for b in ALL if b.advised], ids=_name)
def test_the_advice_is_given(breakage: Breakage) -> None:
    outcome = migrate([loads(breakage.program)])[0]
    assert outcome.failures == []
    assert breakage.advised in {report.finding.code for report in outcome.left}


@pytest.mark.parametrize("breakage", [b for b in ALL if b.fixed], ids=_name)
def test_nothing_is_left(breakage: Breakage) -> None:
    outcome = migrate([loads(breakage.program)])[0]
    assert outcome.failures == []
    assert [report.finding.message for report in outcome.left] == []


@pytest.mark.slow
@pytest.mark.parametrize("breakage", [b for b in ALL if b.fixed], ids=_name)
def test_the_fix_does_the_same(breakage: Breakage) -> None:
    migrated = migrate([loads(breakage.program)])[0].document.source
    after = run(migrated, "keras3", capture=["result"])
    assert after.ok, after.traceback
    if breakage.result is not None:
        expected = eval(breakage.result, {})
    else:
        before = run(breakage.program, "keras2", capture=["result"])
        assert before.ok, before.traceback
        expected = before.values["result"]
    assert_equal(expected, after.values["result"])
