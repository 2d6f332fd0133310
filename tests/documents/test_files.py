"""Finding, reading and writing files."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from keras_upgrade.documents import DocumentError, discover, load, write_atomically


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def found(root: Path, *exclude: str) -> list[str]:
    return [str(path.relative_to(root)) for path in discover([root], exclude) if isinstance(path, Path)]


def test_errors_are_one_line() -> None:
    error = DocumentError(Path("a/b.py"), 3, "is wrong.\nVery.", "Do this")
    assert str(error) == "a/b.py:3: is wrong. Very. Do this"
    assert str(DocumentError(Path("b.py"), None, "is wrong")) == "b.py: is wrong."
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert (error.path, error.line, error.message, error.hint) == (
        Path("a/b.py"),
        3,
        "is wrong.\nVery.",
        "Do this",
    )


@pytest.mark.parametrize("line", ["#!/usr/bin/env python3", "#!/usr/bin/python", "#! /opt/bin/python3.12 -u"])
def test_a_script_without_suffix_is_known_by_its_first_line(tmp_path: Path, line: str) -> None:
    script = tmp_path / "train"
    script.write_text(f"{line}\nimport keras\n")
    assert load(script).kind == "python"


@pytest.mark.parametrize("line", ["#!/bin/sh", "# python", ""])
def test_other_files_without_suffix_are_not_taken(tmp_path: Path, line: str) -> None:
    script = tmp_path / "train"
    script.write_text(f"{line}\nimport keras\n")
    with pytest.raises(DocumentError, match=r"is neither \.py nor"):
        load(script)


@pytest.mark.parametrize(("name", "kind"), [("a.py", "python"), ("a.MD", "markdown"), ("a.pyi", "python")])
def test_suffix_tells_the_kind(tmp_path: Path, name: str, kind: str) -> None:
    make(tmp_path, name)
    document = load(tmp_path / name)
    assert (document.kind, document.path) == (kind, tmp_path / name)


def test_other_suffixes_are_refused() -> None:
    with pytest.raises(DocumentError, match=r"neither \.py nor"):
        load(Path("a.txt"), b"")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"cannot be read \(No such file"):
        load(tmp_path / "a.py")


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DocumentError, match=r"a\.py: cannot be read \(Permission denied\)"):
        load(tmp_path / "a.py")


def test_empty_notebook_and_empty_script(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "a.ipynb")
    assert load(tmp_path / "a.py").source == ""
    with pytest.raises(DocumentError, match="is empty"):
        load(tmp_path / "a.ipynb")


def test_finds_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "a/z.ipynb", "a/y.md", "c.py", "a.py", "a/n/x.py", "d.txt", "e.pyc", "B.PY")
    assert found(tmp_path) == ["B.PY", "a/n/x.py", "a/y.md", "a/z.ipynb", "a.py", "b.py", "c.py"]


def test_leaves_out_what_is_not_the_users(tmp_path: Path) -> None:
    make(
        tmp_path, *(f"{name}/a.py" for name in (".git", ".venv", "venv", "__pycache__", ".ipynb_checkpoints"))
    )
    make(
        tmp_path,
        *(f"x/{name}/a.py" for name in ("node_modules", "build", ".mypy_cache", ".hidden", "site-packages")),
    )
    make(tmp_path, "env/pyvenv.cfg", "env/lib/a.py", "x/.hidden.py", "x/b.py")
    assert found(tmp_path) == ["x/.hidden.py", "x/b.py"]


def test_folders_that_are_given_are_walked(tmp_path: Path) -> None:
    make(tmp_path, ".hidden/a.py", "build/b.py")
    assert list(discover([tmp_path / ".hidden", tmp_path / "build"])) == [
        tmp_path / ".hidden/a.py",
        tmp_path / "build/b.py",
    ]


def test_files_that_are_given_are_taken(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "b.py")
    given = [tmp_path / "a.txt", tmp_path / "b.py"]
    assert list(discover(given, exclude=["*"])) == given


def test_exclude(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "docs/b.py", "docs/c/d.py", "x/docs/e.py", "x/test_f.py")
    assert found(tmp_path, "docs") == ["a.py", "x/test_f.py"]
    assert found(tmp_path, "docs/c/", "test_*") == ["a.py", "docs/b.py", "x/docs/e.py"]
    assert found(tmp_path, "docs/*") == ["a.py", "x/docs/e.py", "x/test_f.py"]
    assert found(tmp_path, "nothing") == found(tmp_path)


def test_no_file_twice(tmp_path: Path) -> None:
    make(tmp_path, "a/b.py", "c.py")
    (tmp_path / "link.py").symlink_to(tmp_path / "c.py")
    (tmp_path / "z").symlink_to(tmp_path / "a")
    paths = list(
        discover([tmp_path / "a" / "b.py", tmp_path, tmp_path / "a", tmp_path / "a" / ".." / "c.py"])
    )
    assert paths == [tmp_path / "a" / "b.py", tmp_path / "c.py"]


def test_links_are_followed(tmp_path: Path) -> None:
    make(tmp_path, "elsewhere/a.py", "here/b.py")
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere")
    assert found(tmp_path / "here") == ["b.py", "link/a.py"]


def test_loops_of_links_end(tmp_path: Path) -> None:
    make(tmp_path, "a/b.py")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "a" / "gone.py").symlink_to(tmp_path / "nowhere.py")
    results = list(discover([tmp_path]))
    assert [path for path in results if isinstance(path, Path)] == [tmp_path / "a" / "b.py"]


def test_missing_paths_are_told(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    error, path = discover([tmp_path / "gone", tmp_path / "a.py"])
    assert "gone: does not exist" in str(error)
    assert path == tmp_path / "a.py"


def test_folders_that_cannot_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/x.py", "b/y.py")
    scandir = os.scandir

    def refuse(path: Path) -> Any:
        if path.name == "a":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    error, path = discover([tmp_path])
    assert isinstance(error, DocumentError)
    assert (error.path, path) == (tmp_path / "a", tmp_path / "b" / "y.py")
    assert "Permission denied" in str(error)


def test_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    write_atomically(path, b"new\r\n")
    assert path.read_bytes() == b"new\r\n"
    write_atomically(path, b"newer")
    assert path.read_bytes() == b"newer"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    make(tmp_path, "a.py")
    for mode in (0o755, 0o600, 0o444):
        path.chmod(mode)
        write_atomically(path, b"x")
        assert path.stat().st_mode & 0o777 == mode


def test_new_files_have_the_usual_permissions(tmp_path: Path) -> None:
    make(tmp_path, "usual")
    write_atomically(tmp_path / "a.py", b"")
    assert (tmp_path / "a.py").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_links_stay_links(tmp_path: Path) -> None:
    make(tmp_path, "x/real.py")
    link = tmp_path / "link.py"
    link.symlink_to(Path("x") / "real.py")
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "x" / "real.py").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link.py", "real.py", "x"]


def test_a_long_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 250 + ".py")
    write_atomically(path, b"x")
    assert path.read_bytes() == b"x"


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: Any) -> None:
        raise error

    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises((DocumentError, KeyboardInterrupt)) as caught:
        write_atomically(path, b"new")
    if isinstance(error, OSError):
        assert "a.py: cannot be written (No space left on device)" in str(caught.value)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_folders_and_devices_are_not_written_to(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="not a regular file"):
        write_atomically(tmp_path, b"")
    with pytest.raises(DocumentError, match="cannot be written"):
        write_atomically(tmp_path / "gone" / "a.py", b"")
    loop = tmp_path / "loop.py"
    loop.symlink_to(loop)
    with pytest.raises(DocumentError, match="cannot be written"):
        write_atomically(loop, b"")
