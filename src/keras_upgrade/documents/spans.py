"""Spans and edits: the one way in which the text of a program is changed.

Offsets count characters (not bytes) of a document's joined source, from 0; `end` is exclusive.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from keras_upgrade.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters `start` to `end` (exclusive) of a joined source."""

    start: int
    end: int

    @property
    def ends(self) -> tuple[int, int]:
        """`start` and `end`, which sort as spans do, and faster."""
        return self.start, self.end

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end

    def contains(self, other: "Span") -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Puts `text` in place of the characters `start` to `end`; an insertion has `start == end`."""

    start: int
    end: int
    text: str

    @property
    def span(self) -> Span:
        """The characters that the edit takes away."""
        return Span(self.start, self.end)


class OverlappingEditsError(ValueError):
    """Two edits want the same characters."""


def sort_edits(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in the order of the text, insertions at one place in the order given, duplicates dropped.

    Raises:
        OverlappingEditsError: two different edits share a character.
    """
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end))
    for left, right in pairwise(ordered):
        if right.start < left.end or (left.span == right.span and left.start != left.end):
            raise OverlappingEditsError(f"{left} and {right}")
    return ordered


def apply_edits(text: str, edits: Sequence[Edit], offset: int = 0) -> str:
    """`text` with `edits` carried out; `offset` is the place of `text` in the coordinates of the edits.

    Raises:
        OverlappingEditsError: two different edits share a character.
    """
    parts: list[str] = []
    done = 0
    for edit in sort_edits(edits):
        start, end = edit.start - offset, edit.end - offset
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"{edit} lies outside of a text of {len(text)} characters at {offset}")
        parts += (text[done:start], edit.text)
        done = end
    parts.append(text[done:])
    return "".join(parts)


def joined(edits: Sequence[Edit]) -> list[Edit]:
    """Sorted edits, with those that touch made one, so that their order does not matter any more."""
    result: list[Edit] = []
    for edit in edits:
        if result and result[-1].end == edit.start:
            last = result.pop()
            result.append(Edit(last.start, edit.end, last.text + edit.text))
        else:
            result.append(edit)
    return result


def moved_forward(offset: int, edits: Sequence[Edit]) -> int:
    """Where the character at `offset` is after sorted `edits`; where it was taken away, the place of the edit."""
    shift = 0
    for edit in edits:
        if edit.end > offset:
            return edit.start + shift if edit.start < offset else offset + shift
        shift += len(edit.text) - (edit.end - edit.start)
    return offset + shift


def moved_back(offset: int, edits: Sequence[Edit]) -> int:
    """Where the character at `offset` was before sorted `edits`; of new text, the place of the edit."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.start
        shift += len(edit.text) - (edit.end - edit.start)
    return offset - shift
