"""What a running program's process tells the host: events, and notes on what was cut or replaced.

Every event is one line of JSON. The stream is a named pipe, not a file, so that a full disk cannot silence it.
"""

from __future__ import annotations

import json
from typing import IO, Any

_stream: IO[str] | None = None
_notes: dict[tuple[str, str], int] = {}


def open_stream(path: str) -> None:
    """Send the events to the pipe at this path from now on."""
    global _stream  # noqa: PLW0603 (one stream for each process)
    _stream = open(path, "w", encoding="utf-8")  # noqa: SIM115 (closed when the process ends)


def emit(event: dict[str, Any]) -> None:
    """Tell the host something; without a host, nothing happens."""
    if _stream is not None:
        _stream.write(json.dumps(event) + "\n")
        _stream.flush()


def note(kind: str, text: str) -> None:
    """Remember that something was `cut`, `replaced` or `skipped`; the same text is counted."""
    _notes[kind, text] = _notes.get((kind, text), 0) + 1


def notes() -> list[dict[str, Any]]:
    """All notes so far, in order, with their counts."""
    return [{"kind": kind, "text": text, "count": count} for (kind, text), count in _notes.items()]
