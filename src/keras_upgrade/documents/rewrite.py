"""Writing a changed text while keeping the written form of every line that did not change."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from keras_upgrade.documents.lines import split_lines
from keras_upgrade.documents.spans import Edit
from keras_upgrade.records import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text as it stands in the file.

    Attributes:
        value: the text it stands for.
        raw: how it is written.
        lead: what is written between the piece before and this one.
    """

    value: str
    raw: str
    lead: str | None = None


def rewrite(pieces: Sequence[Piece], text: str, encode: Callable[[str], str]) -> list[Piece]:
    """Pieces for `text`: the old ones wherever their lines are unchanged, else new ones made by `encode`.

    Args:
        pieces: the old text, in order.
        text: the new text.
        encode: gives the written form of one new line (with its line end, if it has one).

    Returns:
        Pieces whose values join to `text`.
    """
    old = _Placed(pieces)
    result: list[Piece] = []
    done = 0
    for old_start, new_start, size in _unchanged(old.text, text):
        kept = old.within(old_start, old_start + size)
        if kept:
            shift = new_start - old_start
            result += _encoded(text[done : old.starts[kept.start] + shift], encode)
            result += pieces[kept.start : kept.stop]
            done = old.starts[kept.stop] + shift
    return result + _encoded(text[done:], encode)


def line_edits(old: str, new: str, offset: int = 0) -> list[Edit]:
    """The edits of whole lines that make `new` of `old`, which begins at `offset`."""
    edits: list[Edit] = []
    old_done = new_done = 0
    for old_start, new_start, size in [*_unchanged(old, new), (len(old), len(new), 0)]:
        if old_start > old_done or new_start > new_done:
            edits.append(Edit(offset + old_done, offset + old_start, new[new_done:new_start]))
        old_done, new_done = old_start + size, new_start + size
    return edits


def leads(pieces: Sequence[Piece], first: str, between: str) -> list[str]:
    """What is to be written before each of `pieces`: `first`, then each piece's own lead or `between`."""
    if not pieces:
        return []
    return [first] + [between if piece.lead is None else piece.lead for piece in pieces[1:]]


def _encoded(text: str, encode: Callable[[str], str]) -> list[Piece]:
    return [Piece(line, encode(line)) for line in split_lines(text)]


class _Placed:
    """Pieces with the offset at which each begins in the joined text."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.text = "".join(piece.value for piece in pieces)
        self.starts = [0]
        for piece in pieces:
            self.starts.append(self.starts[-1] + len(piece.value))
        self._next = 0

    def within(self, start: int, end: int) -> range:
        """The pieces that lie within `start` to `end`; ranges are asked for in rising order."""
        first, count = self._next, len(self.starts) - 1
        while first < count and self.starts[first] < start:
            first += 1
        last = first
        while last < count and self.starts[last + 1] <= end:
            last += 1
        self._next = last
        return range(first, last)


def _unchanged(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    """The stretches of whole lines that both texts have: (start in old, start in new, length), in order."""
    old_lines, new_lines = split_lines(old), split_lines(new)
    old_at, new_at = _offsets(old_lines), _offsets(new_lines)
    for old_line, new_line, size in _equal_lines(old_lines, new_lines):
        if size:
            yield old_at[old_line], new_at[new_line], old_at[old_line + size] - old_at[old_line]


def _equal_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    yield 0, 0, head
    # Only the middle is compared in earnest: the matcher is slow where many lines are alike.
    for a, b, size in SequenceMatcher(
        None, old[head:old_end], new[head:new_end], False
    ).get_matching_blocks():
        yield head + a, head + b, size
    yield old_end, new_end, tail


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _offsets(lines: Sequence[str]) -> list[int]:
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    return offsets
