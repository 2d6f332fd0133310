"""What the command does with files, arguments and rules that are not as they should be."""

import os
from pathlib import Path

import pytest

from keras_upgrade import engine

from .programs import BACKEND, BACKEND_3, RIGHT, Command, notebook, sources

REFUSED = {
    "latin.py": (b"# caf\xe9\nfrom keras import backend as K\n", "UTF-8"),
    "old2.py": (b"from keras import backend as K\nprint 'hello'\n", "Python 2"),
    "null.py": (b"import keras\0\n", "null bytes"),
    "broken.ipynb": (b'{"cells": [', "broken.ipynb"),
    "list.ipynb": (b"[1, 2]", "list.ipynb"),
    "empty.ipynb": (b"", "empty.ipynb"),
    "data.csv": (b"1,2\n", "neither .py nor .ipynb nor .md"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_file_that_cannot_be_read_is_one_line_and_the_others_are_handled(
    tmp_path: Path, run: Command, command: str, name: str
) -> None:
    content, words = REFUSED[name]
    bad, good = tmp_path / name, tmp_path / "good.py"
    bad.write_bytes(content)
    good.write_text(BACKEND)
    result = run(command, bad, good)
    assert result.status == 2
    assert result.err.count("\n") == 1
    assert result.err.startswith(f"error: {bad}")
    assert words in result.err
    assert bad.read_bytes() == content
    if command == "fix":
        assert good.read_text() == BACKEND_3
    else:
        assert "good.py:5:12 KU301" in result.out
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "good.py"])


def test_a_bad_cell_is_named_and_the_others_are_migrated(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "book.ipynb"
    file.write_text(notebook("from keras import backend as K", "y = = 1", "z = K.exp(1.)"))
    result = run("fix", file)
    assert result.status == 2
    assert result.err.startswith(f"error: {file}: cell 2:1:5: ")
    assert result.err.count("\n") == 1
    assert sources(file)[1:] == ["y = = 1", "z = keras.ops.exp(1.)"]
    assert "that could not be read" not in result.out


def test_the_checklist_says_that_a_cell_could_not_be_read(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "book.ipynb"
    file.write_text(notebook("from keras import backend as K", "y = = 1", "z = K.exp(1.)"))
    assert "- [ ] Code that could not be read: 1 cell, see the errors" in run("check", file).out


def test_an_empty_file_is_fine(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "empty.py"
    file.touch()
    assert run("check", file).status == 0
    assert run("fix", file).status == 0
    assert file.read_bytes() == b""


@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_missing_path_is_said_and_the_others_are_handled(
    tmp_path: Path, run: Command, command: str
) -> None:
    good = tmp_path / "good.py"
    good.write_text(RIGHT)
    result = run(command, tmp_path / "none.py", good)
    assert result.status == 2
    assert result.err == f"error: {tmp_path / 'none.py'}: does not exist. Check the spelling\n"
    assert "1 file that could be read" in result.out


def test_symlink_loops_end(tmp_path: Path, run: Command) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "again").symlink_to(tmp_path)
    (tmp_path / "self.py").symlink_to(tmp_path / "self.py")
    (tmp_path / "folder" / "old.py").write_text(BACKEND)
    result = run("fix", tmp_path)
    assert (tmp_path / "folder" / "old.py").read_text() == BACKEND_3
    assert result.status in (0, 2)
    result = run("check", tmp_path / "self.py")
    assert result.status == 2
    assert result.err.startswith(f"error: {tmp_path / 'self.py'}: ")


def test_a_link_to_itself_beside_a_file_is_no_matter(tmp_path: Path, run: Command) -> None:
    (tmp_path / "old.py").write_text(BACKEND)
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "self.py").symlink_to("self.py")
    result = run("fix", tmp_path / "old.py")
    assert (result.status, result.err) == (0, "")
    assert (tmp_path / "old.py").read_text() == BACKEND_3


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "secret.py"
    file.write_text(BACKEND)
    file.chmod(0)
    result = run("fix", file)
    assert (result.status, result.err.count("\n")) == (2, 1)


def test_a_file_that_cannot_be_read_by_the_system(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, good = tmp_path / "secret.py", tmp_path / "good.py"
    secret.write_text(BACKEND)
    good.write_text(BACKEND)
    read_bytes = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "secret.py":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", read)
        result = run("fix", secret, good)
    assert result.status == 2
    assert result.err == f"error: {secret}: cannot be read (Permission denied).\n"
    assert (secret.read_text(), good.read_text()) == (BACKEND, BACKEND_3)


def test_a_file_that_cannot_be_written_stays_whole(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = tmp_path / "bad.py", tmp_path / "good.py"
    bad.write_text(BACKEND)
    good.write_text(BACKEND)
    fsync, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 1:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    result = run("fix", bad, good)
    assert result.status == 2
    assert "No space left on device" in result.err
    assert (bad.read_text(), good.read_text()) == (BACKEND, BACKEND_3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.py", "good.py"]
    assert result.out.endswith("3 fixed, 0 to review, 0 for you, 0 unknown names\n")


def test_a_copy_is_made_of_what_cannot_be_read(tmp_path: Path, run: Command) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "broken.ipynb").write_bytes(b'{"cells": [')
    assert run("fix", book, "-o", tmp_path / "out").status == 2
    assert (tmp_path / "out" / "broken.ipynb").read_bytes() == b'{"cells": ['


def test_a_big_notebook(tmp_path: Path, run: Command) -> None:
    picture = {"data": {"image/png": "A" * 10**7}, "metadata": {}, "output_type": "display_data"}
    file = tmp_path / "big.ipynb"
    cells = ["from keras import backend as K\ny = K.exp(1.)", *(f"z{n} = {n}" for n in range(4))]
    file.write_text(notebook(*cells, outputs=[picture]))
    before = file.stat().st_size
    assert before > 50_000_000
    assert run("fix", file).status == 0
    assert abs(file.stat().st_size - before) < 100
    assert sources(file)[0] == "import keras\ny = keras.ops.exp(1.)"


def test_a_rule_that_fails_is_an_error_but_the_rest_is_written(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate = engine.migrate_together

    def failing(group: list[engine.Outcome], *arguments: object) -> None:
        migrate(group, *arguments)  # type: ignore[arg-type]
        group[0].failures += ["KU999 odd failed: ValueError: no"] * 2

    monkeypatch.setattr(engine, "migrate_together", failing)
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    result = run("fix", file)
    assert result.status == 2
    assert result.err == f"error: {file}: KU999 odd failed: ValueError: no. Please report it\n"
    assert file.read_text() == BACKEND_3


def test_an_internal_error_is_one_line(tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(engine, "migrate_together", broken)
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    result = run("fix", file)
    assert result.status == 2
    assert result.err.startswith("error: internal error in fix: ZeroDivisionError: oops; please report")
    assert result.err.count("\n") == 1
    assert "Traceback" in run("fix", file, "--traceback").err
    assert file.read_text() == BACKEND


def test_an_interruption_is_quiet(tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "check_together", interrupted)
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    result = run("check", file)
    assert (result.status, result.err) == (130, "interrupted\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek", "x.py"], "did you mean `check`?"),
        (["--versoin"], "did you mean `--version`?"),
        (["frobnicate"], "see keras-upgrade --help"),
        (["check"], "which files?"),
        (["check", "--no-cheklist", "x.py"], "did you mean `--no-checklist`?"),
        (["fix", "--dif", "x.py"], "did you mean `--diff`?"),
        (["fix", "--diff", "-o", "out", "x.py"], "does not go with"),
        (["fix", "--diff", "--summary=x.md", "x.py"], "does not go with"),
        (["fix", "x.py", "-o"], "expected one argument"),
        (["rules", "KU401"], "keras-upgrade rule KU401"),
    ],
)
def test_wrong_arguments_get_an_advice(run: Command, arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert (result.status, result.out) == (2, "")
    assert words in result.err
    assert result.err.startswith("error: ")
    assert result.err.count("\n") == 1


def test_a_path_in_place_of_a_command(tmp_path: Path, run: Command) -> None:
    file = tmp_path / "old.py"
    file.write_text(BACKEND)
    assert f"did you mean `keras-upgrade check {file}`?" in run(file).err
