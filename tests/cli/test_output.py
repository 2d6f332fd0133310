"""What is said how and where: formats, files, streams, and the exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from keras_upgrade.report.formats import FORMATS

from .programs import ADVICE, BACKEND, BACKEND_3, REVIEW, RIGHT, Command, notebook

FORMS = ["text", "concise", "full", *FORMATS]
BROKEN = "from keras import backend as K\nprint 'hello'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


STATUS = [
    (RIGHT, "check", 0),
    (BACKEND, "check", 1),
    (ADVICE, "check", 1),
    (BROKEN, "check", 2),
    (RIGHT, "fix", 0),
    (BACKEND, "fix", 0),
    (REVIEW, "fix", 0),
    (ADVICE, "fix", 1),
    (BROKEN, "fix", 2),
    (RIGHT, "fix --diff", 0),
    (BACKEND, "fix --diff", 1),
    (REVIEW, "fix --safe-only", 1),
]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("program", "command", "status"), STATUS)
def test_the_exit_status_is_the_same_in_every_format(
    folder: Path, run: Command, program: str, command: str, status: int, name: str
) -> None:
    (folder / "a.py").write_text(program)
    result = run(*command.split(), "a.py", "--output-format", name)
    assert result.status == status
    assert bool(result.err) == (status == 2)
    assert run(*command.split(), "none.py", "--output-format", name).status == 2


def test_formats_can_go_to_files_while_the_terminal_gets_the_text(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(BACKEND)
    formats = [f"--output-format={name}=out.{name}" for name in FORMATS]
    result = run("check", "a.py", "--no-checklist", *formats)
    assert result.out.endswith("\n2 fixable, 0 to review, 0 for you, 0 unknown names, in 1 of 1 file\n")
    for name in FORMATS:
        alone = run("check", "a.py", "--output-format", name).out
        assert (folder / f"out.{name}").read_text() == alone
        assert "KU301" in alone


def test_one_format_on_the_terminal_and_one_in_a_file(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(BACKEND)
    result = run("fix", "a.py", "--output-format", "github", "--output-format", "json=run.json")
    assert result.out == ""
    data = json.loads((folder / "run.json").read_text())
    assert (data["command"], data["totals"]["fixed"]) == ("fix", 3)
    assert (folder / "a.py").read_text() == BACKEND_3


def test_a_diff_is_data_too(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(BACKEND)
    data = json.loads(run("fix", "--diff", "a.py", "--output-format", "json").out)
    assert data["dry"] is True
    assert data["files"][0]["diff"].startswith("--- a.py\n+++ a.py\n@@ -1,5 +1,5 @@\n")
    assert (folder / "a.py").read_text() == BACKEND


def test_errors_are_data_too(folder: Path, run: Command) -> None:
    (folder / "b.ipynb").write_text(notebook("y = = 1"))
    result = run("check", "none.py", "b.ipynb", "--output-format", "json")
    data = json.loads(result.out)
    assert data["errors"] == ["none.py: does not exist. Check the spelling"]
    assert data["files"][0]["problems"][0]["start"] == {"cell": 1, "line": 1, "column": 5}
    assert result.err.count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output-format", "sarfi"], "did you mean `sarif`?"),
        (["--output-format", "xml"], "there are text, concise, full, json"),
        (["--output-format", "json="], "needs the name of a file"),
        (["--output-format", "text=a.txt"], "> a.txt"),
        (["--output-format", "json", "--output-format", "text"], "only one format can go to standard output"),
        (["--output-format", "json=x", "--output-format", "sarif=./x"], "only one format can go to x"),
        (["--output-format", "json=a.py"], "would overwrite one of your programs"),
        (["--output-format", "json=."], "is a folder"),
        (["--stdin-filename", "a.py"], "there is no -"),
    ],
)
def test_wrong_wishes_get_an_advice(folder: Path, run: Command, arguments: list[str], words: str) -> None:
    (folder / "a.py").write_text(BACKEND)
    for command in ("check", "fix"):
        result = run(command, "a.py", *arguments)
        assert (result.status, result.out) == (2, "")
        assert words in result.err
    assert (folder / "a.py").read_text() == BACKEND


def test_a_summary_and_data_do_not_mix(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(BACKEND)
    result = run("fix", "a.py", "--summary", "--output-format", "json")
    assert "say --summary=FILE" in result.err
    assert (folder / "a.py").read_text() == BACKEND


def test_the_format_can_be_a_setting(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text("[tool.keras-upgrade]\noutput-format = 'concise'\n")
    assert "^" not in run("check", "a.py").out
    assert "^" in run("check", "a.py", "--output-format", "full").out
    assert "^" in run("check", "a.py", "--isolated").out


def test_quiet_says_the_findings_only(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(ADVICE)
    (folder / "b.py").write_text(RIGHT)
    assert run("check", "b.py", "-q").out == ""
    result = run("check", "a.py", "b.py", "--quiet", "--output-format", "concise")
    assert result.status == 1
    assert result.out.startswith("a.py:5:12 KU307 [advice] ")
    assert result.out.count("\n") <= 2
    assert run("fix", "b.py", "-q").out == ""
    assert "KU307" in run("fix", "a.py", "-q").out
    (folder / "c.py").write_text(BACKEND)
    assert run("fix", "c.py", "-q").out == ""
    assert (folder / "c.py").read_text() == BACKEND_3


def test_statistics_stand_in_place_of_the_findings(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(BACKEND + REVIEW)
    for command in ("check", "fix --diff", "fix"):
        out = run(*command.split(), "a.py", "--statistics").out
        assert "a.py:5" not in out
        assert "KU301 backend-function" in out
        assert "% are safe fixes" in out
        assert out.splitlines()[-1].startswith("2 fixable, 1 to" if command == "check" else "3 ")


# standard input


def start(*arguments: object, text: bytes, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-m", "keras_upgrade", *map(str, arguments)]
    return subprocess.run(words, input=text, capture_output=True, check=False, cwd=cwd)


def test_standard_input_is_checked(tmp_path: Path) -> None:
    result = start(
        "check", "-", "--output-format", "concise", "--no-checklist", text=BACKEND.encode(), cwd=tmp_path
    )
    assert (result.returncode, result.stderr) == (1, b"")
    assert result.stdout.startswith(b"stdin.py:5:12 KU301 [fix]")


def test_the_fixed_text_goes_to_standard_output_and_the_words_to_standard_error(tmp_path: Path) -> None:
    result = start("fix", "-", text=BACKEND.replace("\n", "\r\n").encode(), cwd=tmp_path)
    assert result.returncode == 0
    assert result.stdout == BACKEND_3.replace("\n", "\r\n").encode()
    assert result.stderr.decode() == "stdin.py: 3 changes\n3 fixed, 0 to review, 0 for you, 0 unknown names\n"
    assert list(tmp_path.iterdir()) == []


def test_the_name_tells_the_kind_and_the_surroundings(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("from keras import backend as K\n")
    program = "from tools import K\n\ny = K.exp(1.0)\n"
    book = notebook("from tools import K", "y = K.exp(1.0)").encode()
    for name, text in (("use.py", program.encode()), ("use.ipynb", book)):
        result = start("check", "-", f"--stdin-filename={tmp_path / name}", text=text, cwd=tmp_path.parent)
        assert result.returncode == 1
        assert b"KU301 [fix] `keras.backend.exp` is gone" in result.stdout
    assert b"use.ipynb: cell 2:1:5 KU301" in result.stdout
    assert start("check", "-", text=program.encode(), cwd=tmp_path.parent).returncode == 0


@pytest.mark.parametrize("text", [b"x = 1\0", b"caf\xe9\n", RIGHT.encode(), b"", BROKEN.encode()])
def test_what_cannot_be_read_or_needs_nothing_comes_out_as_it_went_in(tmp_path: Path, text: bytes) -> None:
    result = start("fix", "-", text=text, cwd=tmp_path)
    assert result.stdout == text
    assert result.returncode == (0 if text in (b"", RIGHT.encode()) else 2)


def test_a_diff_of_standard_input_is_said(tmp_path: Path) -> None:
    result = start("fix", "--diff", "-", text=BACKEND.encode(), cwd=tmp_path)
    assert result.stdout.startswith(b"--- stdin.py\n+++ stdin.py\n")
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fix", "-", "-o", "out"], b"--output does not go with it"),
        (["fix", "-", "--output-format", "json"], b"say --output-format json=FILE"),
        (["check", "-", "a.py"], b"does not go with other files"),
    ],
)
def test_what_does_not_go_with_standard_input(tmp_path: Path, arguments: list[str], words: bytes) -> None:
    result = start(*arguments, text=BACKEND.encode(), cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, b"")
    assert words in result.stderr


def test_data_of_fixed_standard_input_goes_to_a_file(tmp_path: Path) -> None:
    result = start("fix", "-", "--output-format", "json=run.json", text=ADVICE.encode(), cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, ADVICE.encode())
    assert json.loads((tmp_path / "run.json").read_text())["totals"]["left_advice"] == 1


def test_places_are_those_of_files_without_their_outputs(folder: Path, run: Command) -> None:
    picture = {"data": {"image/png": "A" * 100}, "metadata": {}, "output_type": "display_data"}
    first, last = "from keras import backend as K\ny = K.exp(1.)", ADVICE
    (folder / "a.ipynb").write_text(notebook(first, last, outputs=[picture]))
    out = run("fix", "a.ipynb", "--clear-outputs", "--output-format", "gitlab").out
    line = json.loads(out)[0]["location"]["lines"]["begin"]
    assert "K.gradients" in (folder / "a.ipynb").read_text().split("\n")[line - 1]


def test_places_of_a_diff_are_those_of_the_files_as_they_are(folder: Path, run: Command) -> None:
    (folder / "a.py").write_text(BACKEND + "y = K.gradients(a, b)\n")
    out = run("fix", "--diff", "a.py").out
    assert "a.py:6:5 KU307 [advice]" in out
    assert "6 | y = K.gradients(a, b)\n" in out
    out = run("fix", "a.py").out
    assert "a.py:7:5 KU307 [advice]" in out
    assert "7 | y = K.gradients(a, b)\n" in out
