"""Regular expressions that are compiled when they are first used: a run needs a third of them, and all take long."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import compile as pattern
    from typing import Any

__all__ = ["pattern"]


class _Pattern:
    """Stands for a pattern until it is used, and has its methods from then on."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "split", "sub"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


if not TYPE_CHECKING:  # for type checkers, it is `re.compile`

    def pattern(text, flags=0):
        """The pattern of a text, compiled when it is first used."""
        return _Pattern(text, flags)
