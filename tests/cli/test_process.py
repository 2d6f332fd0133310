"""The command as a process of its own: start-up, streams, exit status."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keras_upgrade import __version__
from keras_upgrade.rules import all_rules

from .programs import BACKEND, Command


def start(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "keras_upgrade", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]


def test_help_and_version(run: Command) -> None:
    assert "usage: keras-upgrade COMMAND" in run("--help").out
    for command in ("check", "fix", "explain", "rules"):
        result = run(command, "--help")
        assert result.status == 0
        assert result.out.startswith(f"usage: keras-upgrade {command}")
        assert run("help", command).out == result.out
    assert run("--version").out == f"keras-upgrade {__version__}\n"
    nothing = run()
    assert (nothing.status, nothing.out) == (2, "")


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["check", "old.py"]])
def test_what_is_not_needed_is_not_loaded(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "old.py").write_text(BACKEND)
    program = (
        "import sys; from keras_upgrade.cli import main; main(sys.argv[1:]); "
        "heavy = {'rich', 'nbformat', 'tensorflow', 'keras', 'numpy', 'asyncio'}; "
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=tmp_path, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stderr
    if arguments[-1] == "--help":
        program = program.replace("{'rich',", "{'rich', 'keras_upgrade.engine', 'keras_upgrade.documents',")
        result = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, check=False)
        assert result.returncode == 0, result.stderr


def test_rules_are_listed(run: Command) -> None:
    result = run("rules")
    assert result.status == 0
    lines = result.out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in all_rules()]
    assert any(line.startswith("KU401  lambda-layer ") for line in lines)


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"old{number}.py").write_text(BACKEND * 30)
    words = [sys.executable, "-m", "keras_upgrade", "fix", str(tmp_path), "--summary"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0
    assert all("K.sum" not in file.read_text() for file in tmp_path.iterdir())


def test_output_that_takes_no_arrows(tmp_path: Path) -> None:
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    result = start("fix", file, "--summary", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (result.returncode, result.stderr) == (0, "")
    assert "\\u2192" in result.stdout


def test_an_explanation_reads_standard_input() -> None:
    result = start("explain", input="AttributeError: module 'keras.backend' has no attribute 'exp'\n")
    assert result.returncode == 0
    assert "`K.exp` → `keras.ops.exp`" in result.stdout
