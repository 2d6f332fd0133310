import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from keras_upgrade.documents import DocumentError
from keras_upgrade.verify.executed import write_executed
from keras_upgrade.verify.results import CellRun, Failure, Note, ProgramRun, Status

PICTURE = "aGVsbG8="
SHOWN: tuple[dict[str, Any], ...] = (
    {"output_type": "stream", "name": "stdout", "text": "one\ntwo"},
    {
        "output_type": "display_data",
        "data": {"image/png": PICTURE, "text/plain": "<Figure>\n", "application/json": {"a": [1]}},
        "metadata": {},
        "transient": {"display_id": "x"},
    },
    {
        "output_type": "execute_result",
        "execution_count": 99,
        "data": {"text/plain": "42", "text/html": "<b>\n42</b>"},
    },
)
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["ValueError: no"]}
PASSED, FAILED, NOT_REACHED = Status.PASSED, Status.FAILED, Status.NOT_REACHED


def code(source: str, number: int) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": 7,
        "id": f"cell-{number}",
        "metadata": {"collapsed": True},
        "outputs": [{"name": "stdout", "output_type": "stream", "text": ["as it was\n"]}],
        "source": source.splitlines(keepends=True),
    }


def notebook() -> dict[str, Any]:
    prose = {"cell_type": "markdown", "id": "prose", "metadata": {}, "source": ["# Chapter ä"]}
    cells = [prose, *(code(source, n) for n, source in enumerate(["x = 1\nx", "", "1/0", "late"]))]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def old_notebook() -> dict[str, Any]:
    def cell(source: str) -> dict[str, Any]:
        return {
            "cell_type": "code",
            "collapsed": False,
            "input": [source],
            "language": "python",
            "metadata": {},
            "outputs": [],
            "prompt_number": 5,
        }

    heading = {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["A"]}
    sheets = [{"cells": [heading, cell("x")]}, {"cells": [cell("boom"), cell("late")]}]
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}


def run_of(path: Path, *cells: CellRun, **more: Any) -> ProgramRun:
    return ProgramRun(path, "Keras 3.15.1", FAILED, list(cells), **more)


def executed(content: dict[str, Any], run: ProgramRun, folder: Path) -> dict[str, Any]:
    data = json.dumps(content).encode()
    target = write_executed(data, run, folder / "out" / "new.ipynb")
    written: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    nbformat.validate(nbformat.from_dict(written))  # type: ignore[no-untyped-call]
    return written


def test_outputs_and_counts_are_those_of_the_run(tmp_path: Path) -> None:
    cells = [
        CellRun(1, PASSED, outputs=SHOWN),
        CellRun(2, PASSED),
        CellRun(3, FAILED, outputs=(SHOWN[0], ERROR)),
        CellRun(4, NOT_REACHED),
    ]
    notes = [Note("cut", "fit: 2 batches", 3), Note("skipped", "!wget")]
    new = executed(notebook(), run_of(tmp_path / "a.ipynb", *cells, notes=notes), tmp_path)
    first, empty, failed, late = new["cells"][1:]
    assert first["execution_count"] == 1
    assert first["outputs"] == [
        {"output_type": "stream", "name": "stdout", "text": ["one\n", "two"]},
        {
            "output_type": "display_data",
            "data": {"image/png": PICTURE, "text/plain": ["<Figure>\n"], "application/json": {"a": [1]}},
            "metadata": {},
        },
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "data": {"text/plain": ["42"], "text/html": ["<b>\n", "42</b>"]},
            "metadata": {},
        },
    ]
    assert (empty["execution_count"], empty["outputs"]) == (None, [])
    assert failed["execution_count"] == 2
    assert failed["outputs"][1] == ERROR
    assert (late["execution_count"], late["outputs"]) == (None, [])
    assert new["metadata"]["keras_upgrade"] == {
        "side": "Keras 3.15.1",
        "status": "failed",
        "smoke": True,
        "cut": ["fit: 2 batches (3 times)"],
        "skipped": ["!wget"],
    }


def test_all_else_stays(tmp_path: Path) -> None:
    old = notebook()
    new = executed(old, run_of(tmp_path / "a.ipynb", CellRun(1, PASSED, outputs=SHOWN)), tmp_path)
    del new["metadata"]["keras_upgrade"]
    for before, after in zip(old["cells"], new["cells"], strict=True):
        for key in ("outputs", "execution_count"):
            before.pop(key, None)
            after.pop(key, None)
    assert new == old


def test_a_notebook_of_format_3_stays_one(tmp_path: Path) -> None:
    cells = [CellRun(1, PASSED, outputs=SHOWN), CellRun(2, FAILED, outputs=(ERROR,)), CellRun(3, NOT_REACHED)]
    new = executed(old_notebook(), run_of(tmp_path / "a.ipynb", *cells), tmp_path)
    (_, first), (failed, late) = (sheet["cells"] for sheet in new["worksheets"])
    assert [output["output_type"] for output in first["outputs"]] == ["stream", "display_data", "pyout"]
    assert first["outputs"][0]["stream"] == "stdout"
    assert first["outputs"][1]["png"] == PICTURE
    assert json.loads(first["outputs"][1]["json"]) == {"a": [1]}
    assert (first["outputs"][2]["text"], first["outputs"][2]["prompt_number"]) == (["42"], 1)
    assert failed["outputs"] == [{**ERROR, "output_type": "pyerr"}]
    assert [cell["prompt_number"] for cell in (first, failed, late)] == [1, 2, None]


@pytest.mark.parametrize(
    ("status", "more", "kind", "words"),
    [
        (FAILED, {"failure": Failure("KeyError", "'acc'")}, "error", "KeyError: 'acc'"),
        (Status.TIMEOUT, {"reason": "stopped after 60 s"}, "stream", "stopped after 60 s"),
        (Status.DIED, {}, "stream", "died"),
    ],
)
def test_a_cell_that_did_not_end_says_why(
    tmp_path: Path, status: Status, more: dict[str, Any], kind: str, words: str
) -> None:
    run = run_of(tmp_path / "a.ipynb", CellRun(1, status, outputs=SHOWN[:1]), **more)
    outputs = executed(notebook(), run, tmp_path)["cells"][1]["outputs"]
    assert len(outputs) == 2
    assert outputs[1]["output_type"] == kind
    assert words in json.dumps(outputs[1])


def test_what_no_encoding_has_is_kept(tmp_path: Path) -> None:
    odd = {"output_type": "stream", "name": "stdout", "text": "half \ud83d of a pair"}
    run = run_of(tmp_path / "a.ipynb", CellRun(1, PASSED, outputs=(odd,)))
    target = write_executed(json.dumps(notebook()).encode(), run, tmp_path / "b.ipynb")
    written = json.loads(target.read_text(encoding="utf-8"))
    assert written["cells"][1]["outputs"][0]["text"] == [odd["text"]]


def test_scripts_and_markdown_leave_what_they_printed(tmp_path: Path) -> None:
    passed = ProgramRun(tmp_path / "train.py", "Keras 3.15.1", PASSED, printed="loss 1.0")
    assert write_executed(b"", passed, tmp_path / "out" / "train.py") == tmp_path / "out" / "train.py.txt"
    assert (tmp_path / "out" / "train.py.txt").read_text() == "loss 1.0\n"
    failure = Failure("KeyError", "'acc'", traceback="Traceback ...\nKeyError: 'acc'\n")
    failed = ProgramRun(tmp_path / "a.md", "", FAILED, printed="before\n", failure=failure)
    assert write_executed(tmp_path / "a.md", failed, tmp_path / "out" / "a.md").read_text() == (
        "before\nTraceback ...\nKeyError: 'acc'\n"
    )


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook()))
    with pytest.raises(DocumentError, match="is the program itself"):
        write_executed(path, run_of(path), path)
    assert json.loads(path.read_text()) == notebook()
    with pytest.raises(DocumentError, match="cannot be read"):
        write_executed(tmp_path / "missing.ipynb", run_of(path), tmp_path / "b.ipynb")
    with pytest.raises(DocumentError, match="not valid JSON"):
        write_executed(b"{", run_of(path), tmp_path / "b.ipynb")
    with pytest.raises(DocumentError, match="cannot be made"):
        write_executed(path, run_of(path), path / "b.ipynb")
