"""What Git leaves out, against Git itself."""

import subprocess
from pathlib import Path

import pytest

from keras_upgrade.documents.gitignore import GitIgnore

FILES = [
    "a.py",
    "b.py",
    "out/a.py",
    "lib/a.py",
    "lib/keep/b.py",
    "lib/deep/out/c.py",
    "lib/deep/a.py",
    "data x/a.py",
]


@pytest.mark.parametrize(
    "ignores",
    [
        {".gitignore": "out/\n"},
        {".gitignore": "/out\n*.py\n!b.py\n"},
        {".gitignore": "# nothing\n\n"},
        {".gitignore": "lib/*\n!lib/keep/\n", "lib/.gitignore": "!deep\n"},
        {".gitignore": "*.py\n", "lib/deep/.gitignore": "!a.py\n"},
        {".gitignore": "data\\ x/\n**/deep/out\n"},
        {".git/info/exclude": "lib/**/a.py\n"},
        {},
    ],
)
def test_it_agrees_with_git(tmp_path: Path, ignores: dict[str, str]) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name, text in ignores.items():
        (tmp_path / name).write_text(text)
    command = ["git", "-C", str(tmp_path), "-c", "core.quotepath=false", "check-ignore", "--stdin", "-z"]
    answer = subprocess.run(command, input="\0".join(FILES), capture_output=True, text=True, check=False)
    expected = set(filter(None, answer.stdout.split("\0")))
    assert {name for name in FILES if _is_left_out(tmp_path, name)} == expected


def _is_left_out(root: Path, name: str) -> bool:
    """As a walk down from the top finds it."""
    ignore, path = GitIgnore(), root / name
    folders = [root / part for part in Path(name).parents if str(part) != "."]
    return any(ignore.takes(folder, True) for folder in reversed(folders)) or ignore.takes(path, False)


def test_without_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*\n")
    assert not GitIgnore().takes(tmp_path / "a.py", False)
