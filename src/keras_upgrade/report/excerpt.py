"""The lines of source that a finding is about, with the place marked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from keras_upgrade.documents import Cell, Document, Span
from keras_upgrade.records import dataclass
from keras_upgrade.report.console import Console, printable

WIDTH = 110
"""Longer lines are cut around the place."""
_TAB = 4
_LINES = 6
"""Of a place with more lines, the first ones and the last one are shown."""


def excerpt(
    console: Console, document: Document, span: Span, colour: str, notes: Sequence[str] = ()
) -> Iterator[str]:
    """The lines of the source from `span.start` to `span.end`, numbered, with a mark in a colour and notes below."""
    cell = document.cell_at(span.start)
    lines = _Lines(document, cell)
    start, end = lines.place(span.start), lines.place(min(span.end, cell.end))
    if end[1] == 0 and end[0] > start[0]:  # the line feed belongs to the line before
        end = (end[0] - 1, len(lines[end[0] - 1]))
    gutter = len(str(end[0] + cell.first_line))
    yield _framed(console, "", gutter)
    yield from _marked(console, lines, start, end, cell.first_line, gutter, colour)
    yield from (f"{'':>{gutter}} = {note}" for note in notes)


class _Lines:
    """The lines of a cell, without their ends."""

    def __init__(self, document: Document, cell: Cell) -> None:
        self._source, self._starts, self._end = document.source, document.line_starts, cell.end
        self._first = bisect_left(self._starts, cell.start)
        self._last = max(bisect_left(self._starts, cell.end) - 1, self._first)

    def __getitem__(self, row: int) -> str:
        start, following = self._first + row, self._first + row + 1
        end = self._starts[following] if following < len(self._starts) else self._end
        return self._source[self._starts[start] : min(end, self._end)].rstrip("\r\n")

    def place(self, offset: int) -> tuple[int, int]:
        """The number of the line and of the character in it; after the last line feed, the beginning of the last line."""
        row = bisect_right(self._starts, offset) - 1
        return (
            (row - self._first, offset - self._starts[row])
            if row <= self._last
            else (self._last - self._first, 0)
        )


def _marked(
    console: Console,
    lines: _Lines,
    start: tuple[int, int],
    end: tuple[int, int],
    first_line: int,
    gutter: int,
    colour: str,
) -> Iterator[str]:
    if start[0] == end[0]:
        text, first, last = _shown(lines[start[0]], start[1], end[1])
        yield _framed(console, str(start[0] + first_line), gutter, text)
        yield _framed(console, "", gutter, " " * first + console.style("^" * max(1, last - first), colour))
        return
    rows = range(start[0], end[0] + 1)
    kept = rows if len(rows) <= _LINES else [*rows[: _LINES - 2], rows[-1]]
    for row in kept:
        if len(rows) > _LINES and row == rows[-1]:
            yield _framed(console, "", gutter, f"{console.style('|', colour)} ...")
        bar = "/" if row == rows[0] else "|"
        text = _shown(lines[row], 0, 0)[0]
        yield _framed(console, str(row + first_line), gutter, f"{console.style(bar, colour)} {text}")
    width = sum(one.width for one in _cells_of(lines[end[0]])[: max(end[1], 1)])
    yield _framed(console, "", gutter, console.style(f"|{'_' * min(width, WIDTH)}^", colour))


def _framed(console: Console, number: str, gutter: int, text: str = "") -> str:
    frame = console.style(f"{number:>{gutter}} |", "blue")
    return f"{frame} {text}" if text else frame


def _shown(line: str, start: int, end: int) -> tuple[str, int, int]:
    """A line as it is shown, and the columns of its characters `start` and `end`."""
    if len(line) <= WIDTH and line.isascii() and line.isprintable():
        return line, min(start, len(line)), min(end, len(line))
    return _cut(_cells_of(line), start, end)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A character as it is shown, and how many columns it takes."""

    text: str
    width: int


def _cells_of(line: str) -> list[_Shown]:
    result: list[_Shown] = []
    column = 0
    for character in line:
        text = " " * (_TAB - column % _TAB) if character == "\t" else printable(character)
        width = len(text) if text.isascii() else _width(text)
        result.append(_Shown(text, width))
        column += width
    return result


def _width(text: str) -> int:
    from rich.cells import cell_len  # noqa: PLC0415

    return cell_len(text)


def _cut(line: Sequence[_Shown], start: int, end: int) -> tuple[str, int, int]:
    """A line that is not too wide, and the columns of its characters `start` and `end`."""
    first = _columns(line[:start])
    last = first + _columns(line[start:end])
    if _columns(line) <= WIDTH:
        return _joined(line), first, last
    begin = 0
    if last > WIDTH - 2:  # the place has to be seen: a third of the line stands before it
        while begin < start and _columns(line[begin:start]) > WIDTH // 3:
            begin += 1
    stop = begin
    while stop < len(line) and _columns(line[begin : stop + 1]) <= WIDTH - 2:
        stop += 1
    head, tail = "…" if begin else "", "…" if stop < len(line) else ""
    shift = len(head) - _columns(line[:begin])
    shown = head + _joined(line[begin:stop]) + tail
    return shown, first + shift, min(last + shift, len(head) + _columns(line[begin:stop]))


def _columns(line: Sequence[_Shown]) -> int:
    return sum(one.width for one in line)


def _joined(line: Sequence[_Shown]) -> str:
    return "".join(one.text for one in line)
