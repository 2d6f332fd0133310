"""What gets into a working copy, and what is said of the rest."""

import os
from pathlib import Path

import pytest

from keras_upgrade.verify import copies


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name in ("book/main.py", "book/data/images.npz", "lib/helper.py", "lib/table.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}\n")
    return folder


def make(base: Path, overrides: dict[Path, bytes] | None = None) -> tuple[list[str], list[str]]:
    """What is in the copy, and what is said to be missing."""
    target = base.parent / "copy"
    said = copies.make(base, base / "book" / "main.py", target, overrides or {})
    return sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()), said


def test_a_project_is_copied(base: Path) -> None:
    found, said = make(base)
    assert found == ["book/data/images.npz", "book/main.py", "lib/helper.py", "lib/table.csv"]
    assert said == []
    assert (base.parent / "copy" / "lib" / "table.csv").read_text() == "# lib/table.csv\n"


def test_overrides_are_written_in_place_of_files(base: Path) -> None:
    helper = base / "lib" / "helper.py"
    helper.chmod(0o444)
    found, _ = make(base, {helper: b"new", base / "made" / "new.py": b"x"})
    assert "made/new.py" in found
    assert (base.parent / "copy" / "lib" / "helper.py").read_bytes() == b"new"
    assert helper.read_text() == "# lib/helper.py\n"


def test_empty_folders_are_there_and_commands_can_be_run(base: Path) -> None:
    (base / "book" / "images" / "empty").mkdir(parents=True)
    (base / "book" / "run.sh").write_text("#!/bin/sh\n")
    (base / "book" / "run.sh").chmod(0o755)
    make(base)
    assert (base.parent / "copy" / "book" / "images" / "empty").is_dir()
    assert os.access(base.parent / "copy" / "book" / "run.sh", os.X_OK)
    assert not os.access(base.parent / "copy" / "book" / "main.py", os.X_OK)


def test_environments_repositories_and_caches_are_not_copied(base: Path) -> None:
    for name in (
        ".git/config",
        "__pycache__/a.pyc",
        "venv/lib/a.py",
        "env/game.py",
        ".ipynb_checkpoints/a.ipynb",
    ):
        (base / name).parent.mkdir(parents=True)
        (base / name).touch()
    (base / "venv" / "pyvenv.cfg").touch()
    found, said = make(base)
    assert [name for name in found if not name.startswith(("book", "lib"))] == ["env/game.py"]
    assert said == []


def test_of_a_large_project_the_rest_is_only_programs(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "LARGEST_PROJECT", 10)
    found, said = make(base)
    assert found == ["book/data/images.npz", "book/main.py", "lib/helper.py"]
    assert said == []


def test_what_does_not_fit_in_is_told(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "LARGEST_COPY", 10_000)
    for i in range(3):
        (base / "book" / "data" / f"part{i}.bin").write_bytes(bytes(9_000))
    found, said = make(base)
    assert [name for name in found if name.endswith(".bin")] == ["book/data/part0.bin"]
    assert said == ["2 large files of book/data (0.0 GB): not in the working copy"]
    (base / "book" / "data" / "part2.bin").unlink()
    assert make(base)[1] == ["book/data/part1.bin (0.0 GB): not in the working copy"]


def test_links(base: Path, tmp_path: Path) -> None:
    """Files are copied, so that writing does not reach the originals; folders may be anything."""
    (tmp_path / "weights.h5").write_text("w")
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "large").touch()
    (base / "book" / "weights.h5").symlink_to(tmp_path / "weights.h5")
    (base / "book" / "gone.h5").symlink_to(tmp_path / "missing")
    (base / "book" / "disk").symlink_to(tmp_path / "disk")
    (base / "book" / "loop").symlink_to(base)
    found, said = make(base)
    assert [name for name in found if name.endswith(".h5")] == ["book/weights.h5"]
    assert not (base.parent / "copy" / "book" / "weights.h5").is_symlink()
    assert not any("large" in name for name in found)
    assert said == [
        "book/disk (a link to a folder): not in the working copy",
        "book/loop (a link to a folder): not in the working copy",
    ]


def test_what_is_no_file_is_left_alone(base: Path) -> None:
    os.mkfifo(base / "book" / "pipe")
    found, _ = make(base)
    assert "book/pipe" not in found
