"""A run as plain data."""

import json
from pathlib import Path

import pytest

from keras_upgrade import engine
from keras_upgrade.documents import loads
from keras_upgrade.report.record import Place, Record, dump, load, record

PROGRAM = """\
from keras import backend as K
from keras.optimizers import Adam


def scale(x):
    return K.exp(x)


optimizer = Adam(lr=0.1)
"""


def run_of(command: str) -> Record:
    document = loads(PROGRAM, "python", Path("train.py"))
    outcomes = (engine.check if command == "check" else engine.migrate)([document])
    return record(command, outcomes, sources=True, errors=["x.py: cannot be read"])


def text_at(lines: list[str], start: Place, end: Place) -> str:
    assert start["line"] == end["line"]
    return lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1]


@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_saved_run_comes_back_as_it_was(command: str) -> None:
    data = run_of(command)
    assert load(dump(data)) == data
    assert data["errors"] == ["x.py: cannot be read"]


def test_findings_carry_their_places_and_edits() -> None:
    (file,) = run_of("check")["files"]
    lines = PROGRAM.split("\n")
    rate = next(finding for finding in file["findings"] if "lr" in finding["message"])
    assert rate["state"] == "left"
    assert rate["mark"] == "fix"
    assert text_at(lines, rate["start"], rate["end"]) == "Adam"
    (edit,) = rate["edits"]
    assert text_at(lines, edit["start"], edit["end"]) == "lr"
    assert edit["text"] == "learning_rate"


def test_what_was_fixed_stands_where_it_was_before() -> None:
    data = run_of("fix")
    (file,) = data["files"]
    (cell,) = file["cells"]
    assert cell["before"] == PROGRAM
    assert "keras.ops.exp" in cell["after"]
    exp = next(finding for finding in file["findings"] if "keras.ops.exp" in finding["change"])
    assert exp["state"] == "applied"
    assert exp["start"] == {"cell": None, "line": 6, "column": 12}
    assert data["totals"]["fixed"] == len(file["findings"]) > 0
    assert data["totals"]["left_advice"] == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not a run"),
        (json.dumps({"tool": "keras-upgrade", "files": [], "schema": 0}), "form 0"),
    ],
)
def test_what_is_no_saved_run_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        load(text)
