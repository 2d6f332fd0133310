"""`verify` and `migrate`: what can be said without running anything."""

from pathlib import Path

import pytest

from .programs import BACKEND, Command


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(BACKEND)
    return path


@pytest.mark.parametrize("command", ["verify", "migrate"])
@pytest.mark.parametrize(
    ("option", "value"), [("--timeout", "soon"), ("--timeout", "0"), ("--memory", "-1"), ("--jobs", "x")]
)
def test_numbers_are_asked_for(run: Command, program: Path, command: str, option: str, value: str) -> None:
    result = run(command, option, value, program)
    assert result.status == 2
    assert f"{option} {value}: a number above 0 is needed" in result.err


@pytest.mark.parametrize("command", ["verify", "migrate"])
def test_an_interpreter_that_is_none_is_told(run: Command, program: Path, command: str) -> None:
    result = run(command, "--python", program.parent / "nothing", program)
    assert result.status == 2
    assert "--python" in result.err
    assert "nothing" in result.err
    assert "Traceback" not in result.err


def test_migrate_writes_nothing_without_an_environment(run: Command, program: Path) -> None:
    result = run("migrate", "--python", program.parent / "nothing", program)
    assert "Nothing was written" in result.err
    assert program.read_text() == BACKEND


def test_a_file_that_is_no_program_is_not_run(run: Command, tmp_path: Path) -> None:
    for name in ("test_a.py", "conftest.py"):
        (tmp_path / name).write_text(BACKEND)
    result = run("verify", "--python", tmp_path / "nothing", tmp_path)
    assert result.status == 0
    assert "none of these files is a program" in result.err


def test_help_says_what_running_means(run: Command) -> None:
    result = run("verify", "--help")
    for word in ("--against", "--full", "--offline", "--timeout", "--save-executed"):
        assert word in result.out
