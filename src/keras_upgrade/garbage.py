"""When to look for garbage: after so much work, not after so many objects.

Syntax trees and values are many objects that live as long as the documents that are worked on together. The
interpreter's collector goes through all of them again and again while they are made, and finds nothing.
"""

from __future__ import annotations

import gc
from types import TracebackType

_EVERY = 1_000_000
"""Characters of code to work on between two collections: what is left of them takes up to a few hundred megabytes."""


class Collecting:
    """A piece of work in which garbage is collected as it goes on; nested ones leave it to the outermost."""

    def __init__(self) -> None:
        self._was_enabled = False
        self._done = 0

    def __enter__(self) -> Collecting:
        self._was_enabled = gc.isenabled()
        gc.disable()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._was_enabled:
            gc.enable()

    def worked(self, characters: int) -> None:
        """Says that so much code has been done with, and will not be needed any more."""
        self._done += characters
        if self._done > _EVERY:
            gc.collect()
            self._done = 0
