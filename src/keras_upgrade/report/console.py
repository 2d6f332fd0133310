"""Where the words go: standard output and standard error, with colours only on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_CONTROL = {
    code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)
} | {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""What could move the cursor or turn the text around; quoted source may hold it."""


def printable(text: str) -> str:
    """`text` with control characters written out."""
    return text.translate(_CONTROL)


class Console:
    """Prints; once the reader of the output is gone, it stays silent.

    Attributes:
        errors: how many errors were printed.
        unfiled: the texts of those that belong to no file of the run's record.
        colours: whether what is said may have colours.
        terminal: whether a person reads it at once.
    """

    def __init__(self) -> None:
        self._stream = sys.stdout
        self.errors = 0
        self.unfiled: list[str] = []
        self._silent = False
        for stream in (sys.stdout, sys.stderr):
            _tolerate(stream)
        self.colours = _takes_colours(sys.stdout)
        self.terminal = sys.stdout.isatty()

    def divert(self) -> None:
        """Says everything on standard error from now on: standard output gets something else."""
        self._stream = sys.stderr
        self.colours = _takes_colours(sys.stderr)
        self.terminal = sys.stderr.isatty()

    def give(self, data: bytes) -> None:
        """Writes data, such as a file's content, to standard output as it is."""
        self.flush()
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            self._hush()

    def say(self, text: str = "", end: str = "\n") -> None:
        """Prints on standard output, unless diverted."""
        if self._silent:
            return
        try:
            self._stream.write(text + end)
        except BrokenPipeError:
            self._hush()

    def error(self, text: str, *, filed: bool = False) -> None:
        """Prints one line on standard error, and counts it; `filed` if the record of the file has it, too."""
        self.errors += 1
        line = printable(" ".join(text.split()))
        if not filed:
            self.unfiled.append(line)
        label = _painted("error:", ["red"]) if _takes_colours(sys.stderr) else "error:"
        self.note(f"{label} {line}")

    def note(self, text: str) -> None:
        """Prints on standard error what is no error."""
        self.flush()
        try:
            sys.stderr.write(text + "\n")
        except BrokenPipeError:
            _devour(sys.stderr)

    def flush(self) -> None:
        """Writes out what is buffered."""
        if self._silent:
            return
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            self._hush()

    def style(self, text: str, *colours: str) -> str:
        """`text` in colours, where they are taken."""
        return _painted(text, colours) if self.colours else text

    def _hush(self) -> None:
        self._silent = True
        _devour(sys.stdout)


def _painted(text: str, colours: Sequence[str]) -> str:
    return f"\x1b[{';'.join(_COLOURS[colour] for colour in colours)}m{text}\x1b[0m"


def _tolerate(stream: TextIO) -> None:
    """Lets a stream escape what its encoding lacks, such as an arrow or a broken file name."""
    if getattr(stream, "errors", None) == "strict" and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


def _takes_colours(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _devour(stream: TextIO) -> None:
    """Sends what is still buffered to nowhere, so that the interpreter's exit stays quiet."""
    with suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
