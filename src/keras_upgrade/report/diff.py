"""What changes in a document, as a unified diff that a person can read: per cell for notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from keras_upgrade.documents import Document
from keras_upgrade.report.console import Console, printable

_COLOURS = {"---": "bold", "+++": "bold", "@@": "cyan", "-": "red", "+": "green"}


def diff(path: Path, before: Document, after: Document) -> Iterator[str]:
    """The lines of the diff, without their line feeds."""
    if before.kind == "notebook":
        for old, new in zip(before.cells, after.cells, strict=True):
            if old.source != new.source:
                yield from _lines(f"{path} cell {new.index}", old.source, new.source, ends=False)
    elif before.kind == "python":
        yield from _lines(str(path), before.source, after.source, ends=True)
    else:
        yield from _lines(str(path), _text(before), _text(after), ends=True)


def _text(document: Document) -> str:
    return document.to_bytes().decode("utf-8-sig", "replace")


def _lines(name: str, before: str, after: str, *, ends: bool) -> Iterator[str]:
    old, new = _split(before), _split(after)
    if not ends:  # the last line of a cell has no line feed, which says nothing
        old, new = [part.removesuffix("\n") for part in old], [part.removesuffix("\n") for part in new]
    for part in unified_diff(old, new, name, name, lineterm="\n" if ends else ""):
        yield part.removesuffix("\n")
        if ends and not part.endswith("\n") and part[0] in " +-":
            yield "\\ No newline at end of file"


def _split(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends one, unlike for `splitlines`."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def coloured(console: Console, text: str) -> str:
    """A line of a diff as the terminal shows it."""
    if not console.colours:
        return text
    text = printable(text.removesuffix("\r"))
    colour = next((colour for start, colour in _COLOURS.items() if text.startswith(start)), None)
    return text if colour is None else console.style(text, colour)
