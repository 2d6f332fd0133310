"""A cell before and after, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from keras_upgrade.report.html.alignment import Pair, differing, pairs
from keras_upgrade.report.html.colours import Range, coloured, ranges, split
from keras_upgrade.report.html.elements import Html, tag

CONTEXT = 3
"""Lines around a change that are always seen."""
_FOLDED = 8
"""So many lines are folded away at least."""


class _Side:
    """One version of a cell: its lines with their colours."""

    def __init__(self, source: str, first_line: int, stop: int | None = None) -> None:
        self.lines = split(source)
        self.first = first_line
        self._stop = stop
        self._colours = ranges(source)

    def row(self, index: int | None, kind: str, marks: Sequence[Range] = ()) -> Html:
        """The number and the code of a line, as two cells of the table; empty ones where there is no line."""
        if index is None:
            return Html(f'<td class="number"></td><td class="{kind} none"></td>')
        if self.first + index == self._stop:
            kind += " stopped"
        code = coloured(self.lines[index], self._colours[index], marks)
        return Html(f'<td class="number">{self.first + index}</td><td class="{kind}">{code}</td>')


def side_by_side(
    before: str, after: str, first_before: int, first_after: int, stop: int | None = None
) -> Html:
    """The lines of two versions as a table.

    Args:
        before: the old text.
        after: the new text.
        first_before: the number of its first line.
        first_after: the number of the first line of the new text.
        stop: the number of the line in the new text at which the program stopped.
    """
    old, new = _Side(before, first_before), _Side(after, first_after, stop)
    rows = list(pairs(old.lines, new.lines))
    head = tag("tr", *(tag("th", title, scope="col", colspan=2) for title in ("Before", "After")))
    return tag("table", _columns(2), tag("thead", head), *_bodies(rows, old, new), class_="diff")


def one_sided(
    source: str, first: int, marks: Mapping[int, Sequence[Range]] | None = None, stop: int | None = None
) -> Html:
    """The lines of one version as a table.

    Args:
        source: the text.
        first: the number of its first line.
        marks: parts of lines to mark, by the number of the line.
        stop: the number of the line at which the program stopped.
    """
    side, marked = _Side(source, first, stop), marks or {}
    rows = (
        Html(f"<tr>{side.row(index, 'one', marked.get(first + index, ()))}</tr>")
        for index in range(len(side.lines))
    )
    return tag("table", _columns(1), tag("tbody", *rows), class_="diff single")


def _columns(sides: int) -> Html:
    return Html(f"<colgroup>{'<col class="numbers"><col>' * sides}</colgroup>")


def _bodies(rows: Sequence[Pair], old: _Side, new: _Side) -> Iterator[Html]:
    """The rows in groups: what changed with some lines around it, and what can be folded away."""
    same = [
        before is not None and after is not None and old.lines[before] == new.lines[after]
        for before, after in rows
    ]
    seen = _seen(same)
    for visible, group in groupby(range(len(rows)), key=lambda number: seen[number]):
        numbers = list(group)
        markup = [_row(rows[number], old, new, same=same[number]) for number in numbers]
        if visible:
            yield tag("tbody", *markup)
        else:
            label = f"Show {len(numbers)} unchanged lines"
            yield tag(
                "tbody", tag("tr", tag("td", tag("button", label, type="button"), colspan=4)), class_="unfold"
            )
            yield tag("tbody", *markup, class_="fold")


def _seen(same: Sequence[bool]) -> list[bool]:
    """Which rows are always seen."""
    changes = [number for number, is_same in enumerate(same) if not is_same]
    near = {n for change in changes for n in range(change - CONTEXT, change + CONTEXT + 1)}
    seen = [number in near for number in range(len(same))]
    start = 0
    for visible, group in groupby(seen):
        length = len(list(group))
        if not visible and length < _FOLDED:
            seen[start : start + length] = [True] * length
        start += length
    return seen


def _row(pair: Pair, old: _Side, new: _Side, *, same: bool) -> Html:
    before, after = pair
    if same:
        return Html(f'<tr class="same">{old.row(before, "old")}{new.row(after, "new")}</tr>')
    gone: Iterable[tuple[int, int]] = ()
    come: Iterable[tuple[int, int]] = ()
    if before is not None and after is not None:
        gone, come = differing(old.lines[before], new.lines[after])
    left = old.row(before, "old" if before is None else "old del", [(*part, "gone") for part in gone])
    right = new.row(after, "new" if after is None else "new add", [(*part, "come") for part in come])
    return Html(f"<tr>{left}{right}</tr>")
