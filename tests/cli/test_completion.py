"""Completion, by the shells themselves."""

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from keras_upgrade.cli.completion import SHELLS, commands
from keras_upgrade.report.formats import FORMATS

from .programs import Command

CASES = {
    "keras-upgrade mig": {"migrate"},
    "keras-upgrade check --output-f": {"--output-format"},
    "keras-upgrade check --output-format sa": {"sarif"},
    "keras-upgrade check --output-format g": {"github", "gitlab"},
    "keras-upgrade fix --select KU30": {f"KU30{number}" for number in range(1, 10)},
    "keras-upgrade rule KU90": {f"KU90{number}" for number in range(1, 10)},
    "keras-upgrade completion z": {"zsh"},
    "keras-upgrade fix cha": {"chapter.ipynb"},
    "keras-upgrade fix -o bo": {"book/"},
    "keras-upgrade rules cha": set(),
}


@pytest.fixture
def script(request: pytest.FixtureRequest, tmp_path: Path, run: Command) -> Path:
    """The script for the shell of the test, in a folder with a chapter and a folder."""
    shell = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    result = run("completion", shell)
    assert (result.status, result.err) == (0, "")
    (tmp_path / "chapter.ipynb").touch()
    (tmp_path / "book").mkdir()
    file = tmp_path / f".completion.{shell}"
    file.write_text(result.out)
    return file


@pytest.mark.parametrize("script", ["bash"], indirect=True)
@pytest.mark.parametrize("line", CASES)
def test_bash_completes(script: Path, line: str) -> None:
    words = line.split()
    program = (
        f"source {script.name}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _keras_upgrade; "
        'printf "%s\\n" "${COMPREPLY[@]}"; '
        "complete -p keras-upgrade >&2"
    )
    result = subprocess.run(
        ["bash", "--norc", "-c", program], cwd=script.parent, capture_output=True, text=True, check=True
    )
    found = {f"{word}/" if (script.parent / word).is_dir() else word for word in result.stdout.split()}
    assert found == CASES[line]
    assert "-F _keras_upgrade keras-upgrade" in result.stderr


@pytest.mark.parametrize("script", ["fish"], indirect=True)
@pytest.mark.parametrize("line", CASES)
def test_fish_completes(script: Path, line: str) -> None:
    program = f"source {script.name}; complete -C '{line}'"
    environment = {**os.environ, "HOME": str(script.parent), "XDG_DATA_HOME": str(script.parent / ".data")}
    words = ["fish", "--no-config", "-c", program]
    result = subprocess.run(
        words, cwd=script.parent, capture_output=True, text=True, check=True, env=environment
    )
    assert {row.split("\t")[0] for row in result.stdout.splitlines()} == CASES[line]


class Zsh:
    """A zsh on a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self._process, self._terminal = pty.fork()
        if self._process == 0:  # pragma: no cover - the other process
            os.chdir(folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "ZDOTDIR": str(folder)})

    def says(self, text: str, until: str) -> str:
        """Types a text, and reads until the shell has written `until`."""
        os.write(self._terminal, text.encode())
        seen, end = "", time.monotonic() + 60
        while until not in seen:
            ready, _, _ = select.select([self._terminal], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"zsh only wrote {seen!r}"
            seen += os.read(self._terminal, 4096).decode(errors="replace")
        return seen

    def close(self) -> None:
        """Ends the shell."""
        os.close(self._terminal)
        os.waitpid(self._process, 0)


ZSH_CASES = {
    "keras-upgrade mig": "migrate",
    "keras-upgrade check --output-f": "--output-format",
    "keras-upgrade check --output-format sa": "sarif",
    "keras-upgrade rule KU31": "KU310  KU311",
    "keras-upgrade completion z": "zsh",
    "keras-upgrade fix cha": "chapter.ipynb",
    "keras-upgrade fix -o bo": "book/",
}


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_completes(script: Path) -> None:
    shell = Zsh(script.parent)
    try:
        shell.says("PS1='' PS2=''; unsetopt zle_bracketed_paste 2>/dev/null; echo rea''dy\n", "ready")
        shell.says(f"autoload -U compinit; compinit -u -D; source {script.name}; echo load''ed\n", "loaded")
        for line, expected in ZSH_CASES.items():
            shell.says(f"{line}\t", expected)
            shell.says("\x15echo do''ne\n", "done")  # clears the line
    finally:
        shell.close()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_hold_every_option(run: Command, shell: str) -> None:
    text = run("completion", shell).out
    for command in commands():
        assert command.name in text
        for option in command.options:
            for name in option.names:
                assert (name.lstrip("-") if shell == "fish" else name) in text
    assert all(name in text for name in FORMATS)


def test_nearly_every_option_has_a_description() -> None:
    for command in commands():
        assert command.text
        for option in command.options:
            assert option.text or option.names == ["--traceback"]


def test_another_shell_is_refused(run: Command) -> None:
    assert "did you mean `fish`?" in run("completion", "fsh").err
    assert run("completion").status == 2
