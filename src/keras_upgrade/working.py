"""How the interpreter is set while programs are analysed: it looks for garbage seldom, and goes deep.

Syntax trees and values are many objects that live as long as the documents that are worked on together. The
interpreter's collector would go through all of them again and again while they are made, and find nothing. Expressions
of a thousand chained calls, and imports in chains of thousands of modules, are followed by functions that call themselves.
"""

from __future__ import annotations

import gc
import sys
from types import TracebackType

_EVERY = 1_000_000
"""Characters of code to work on between two collections: what is left of them takes up to a few hundred megabytes."""
_DEPTH = 200_000
"""Nested calls of Python functions, which since Python 3.11 take memory, not the stack of the process."""


class Working:
    """A piece of work with these settings; they are set back after it."""

    def __init__(self) -> None:
        self._was_collecting = False
        self._depth = 0
        self._done = 0

    def __enter__(self) -> Working:
        self._was_collecting = gc.isenabled()
        gc.disable()
        self._depth = sys.getrecursionlimit()
        sys.setrecursionlimit(max(self._depth, _DEPTH))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.setrecursionlimit(self._depth)
        if self._was_collecting:
            # What is left counts as old: as young objects, all of it would be gone through at once.
            gc.freeze()
            gc.unfreeze()
            gc.enable()

    def worked(self, characters: int) -> None:
        """Says that so much code has been done with, and will not be needed any more."""
        self._done += characters
        if self._done > _EVERY:
            gc.collect()
            gc.freeze()  # what is left is what there is to say: it need not be gone through each time
            self._done = 0
