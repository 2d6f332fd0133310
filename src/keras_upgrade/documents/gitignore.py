"""What Git leaves out of a project: the `.gitignore` files of a repository, and its `.git/info/exclude`."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitIgnore:
    """Says which paths Git ignores; reads each `.gitignore` once."""

    def __init__(self) -> None:
        self._patterns = cache(_patterns)
        self._above = cache(self._folders_above)

    def takes(self, path: Path, is_folder: bool) -> bool:
        """Whether Git ignores a path whose folder it does not ignore; never outside of a repository.

        Args:
            path: a file or folder.
            is_folder: which of the two.
        """
        full = Path(os.path.abspath(path))
        for folder in self._above(full.parent):
            for name in (".gitignore", os.path.join(".git", "info", "exclude")):
                patterns = self._patterns(folder / name)
                if patterns is None:
                    continue
                below = f"{full.relative_to(folder).as_posix()}{'/' if is_folder else ''}"
                verdict = patterns.check_file(below).include
                if verdict is not None:  # the pattern nearest to the file decides
                    return verdict
        return False

    def _folders_above(self, folder: Path) -> tuple[Path, ...]:
        """The folders up to the top of the repository, the nearest first; none if there is no repository."""
        found: list[Path] = []
        for parent in (folder, *folder.parents):
            found.append(parent)
            if (parent / ".git").exists():
                return tuple(found)
        return ()


def _patterns(path: Path) -> GitIgnoreSpec | None:
    """The patterns in a file; None if there are none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # no such file, or none for us: Git would say so
        return None
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return None
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    return GitIgnoreSpec.from_lines(lines)
