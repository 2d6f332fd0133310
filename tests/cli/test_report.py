"""The report of a run, and runs that are saved."""

import json
from pathlib import Path

import pytest

from keras_upgrade import engine
from keras_upgrade.documents import loads
from keras_upgrade.report.record import dump, record

from .programs import ADVICE, BACKEND, Command


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "run.json"
    outcomes = engine.migrate([loads(BACKEND, path=Path("train.py"))])
    path.write_text(dump(record("fix", outcomes, sources=True)))
    return path


def test_the_report_of_a_saved_run_stands_beside_it(run: Command, saved: Path) -> None:
    result = run("report", saved)
    assert result.status == 0
    page = (saved.parent / "run.html").read_text()
    assert str(saved.parent / "run.html") in result.err
    assert page.startswith("<!doctype html>")
    assert "<title>Migration to Keras 3: train.py</title>" in page
    assert "default-src &#x27;none&#x27;" in page


def test_the_report_goes_where_it_is_wanted(run: Command, saved: Path) -> None:
    assert run("report", saved, "-o", saved.parent / "other.html").status == 0
    assert not (saved.parent / "run.html").exists()
    assert (saved.parent / "other.html").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [("{}", "not a run"), ("x", "not JSON"), (b"\xff\xfe", "UTF-8"), (None, "No such file")],
)
def test_what_is_no_saved_run_is_told(
    run: Command, tmp_path: Path, content: str | bytes | None, words: str
) -> None:
    path = tmp_path / "run.json"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = run("report", path)
    assert result.status == 2
    assert "run.json" in result.err
    assert words in result.err
    assert "Traceback" not in result.err
    assert not (tmp_path / "run.html").exists()


def test_one_run_is_asked_for(run: Command) -> None:
    assert "which run?" in run("report").err


def test_a_run_is_not_overwritten_by_its_report(run: Command, saved: Path) -> None:
    before = saved.read_text()
    result = run("report", saved, "-o", saved)
    assert result.status == 2
    assert "would overwrite" in result.err
    assert saved.read_text() == before


@pytest.mark.parametrize(
    ("command", "option"),
    [(command, "--report") for command in ("check", "fix", "migrate", "verify")]
    + [(command, "--json") for command in ("migrate", "verify")],
)
def test_what_is_kept_overwrites_no_program(run: Command, tmp_path: Path, command: str, option: str) -> None:
    program = tmp_path / "train.py"
    program.write_text(BACKEND)
    for name, words in ((program, "would overwrite"), (tmp_path, "is a folder"), ("", "the name of a file")):
        result = run(command, program, option, name)
        assert result.status == 2
        assert words in result.err
    assert program.read_text() == BACKEND


def test_what_would_change_is_reported_without_a_change(run: Command, tmp_path: Path) -> None:
    program, report = tmp_path / "train.py", tmp_path / "report.html"
    program.write_text(BACKEND)
    assert run("fix", "--diff", program, "--report", report).status == 1
    assert program.read_text() == BACKEND
    page = report.read_text()
    assert "1 of 1 file would change." in page
    assert "K.square" in page
    assert "keras.ops.square" in page


def test_what_is_found_is_reported(run: Command, tmp_path: Path) -> None:
    program, report = tmp_path / "train.py", tmp_path / "report.html"
    program.write_text(ADVICE)
    result = run("check", program, "--report", report, "--output-format", "json")
    assert json.loads(result.out)["command"] == "check"  # the report says where it is on standard error
    page = report.read_text()
    assert "Check for Keras 3" in page
    assert '<mark class="found">' in page


def test_a_run_without_code_has_a_report_of_its_findings(run: Command, tmp_path: Path) -> None:
    program, saved = tmp_path / "train.py", tmp_path / "run.json"
    program.write_text(ADVICE)
    run("check", program, "--output-format", f"json={saved}")
    assert run("report", saved).status == 0
    assert "gradients" in (tmp_path / "run.html").read_text()
