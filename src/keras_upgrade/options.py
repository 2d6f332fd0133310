"""What the user chose: which rules apply, to which files, and how far they go."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from keras_upgrade.knowledge.releases import NEWEST
from keras_upgrade.records import dataclass


@dataclass
class Options:
    """What the user chose.

    Attributes:
        safe_only: leave out the fixes that need a review.
        keep_tf_keras: keep the namespace `tf.keras` where the program uses it.
        select: the codes of the rules to apply, or the beginnings of codes; all, if there are none.
        ignore: those not to apply. Where both name a rule, the longer code decides, and `ignore` between equals.
        ignore_in: patterns for the paths of files, each with codes of rules not to apply there.
        target: the oldest minor release of Keras 3 that the code is to run on.
    """

    safe_only: bool = False
    keep_tf_keras: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignore_in: tuple[tuple[str, tuple[str, ...]], ...] = ()
    target: int = NEWEST

    def wants(self, code: str, path: Path) -> bool:
        """Whether the findings of a rule are wanted in a file."""
        chosen = _longest(self.select, code) if self.select else 0
        if chosen <= _longest(self.ignore, code):
            return False
        return not any(code.startswith(codes) and _is_named(path, glob) for glob, codes in self.ignore_in)


def _is_named(path: Path, glob: str) -> bool:
    """Whether a pattern, absolute or only of a name, is that of a file."""
    full = os.path.abspath(path)
    return fnmatchcase(full, glob) or fnmatchcase(os.path.basename(full), glob)


def _longest(prefixes: Iterable[str], code: str) -> int:
    """The length of the longest of the prefixes that a code begins with, -1 if there is none."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)
