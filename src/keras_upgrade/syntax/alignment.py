"""Keeps continuation lines under the bracket that they were aligned with, when an edit moves the bracket.

K.random_normal(shape=(n, 2),            keras.random.normal(shape=(n, 2),
                stddev=1.)         ->                        stddev=1.)
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from keras_upgrade.documents.spans import Edit
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.source import Source


@dataclass
class _Bracket:
    offset: int
    line: int


def alignment_edits(source: Source, edits: Sequence[Edit], first: int, last: int) -> list[Edit]:
    """Changes of indentation that keep alignment, for the statement in the lines `first` to `last`.

    A line is moved by as much as the bracket that it was aligned with; lines that were not aligned stay.
    Statements that an edit changes by more than a line's part are left alone.
    """
    touching = [edit for edit in edits if first <= source.line_of(edit.start) <= last]
    if first == last or not touching or any(_spans_lines(source, edit) for edit in touching):
        return []
    moves: dict[int, int] = {}
    result = []
    for line, bracket in _aligned_lines(source, first, last):
        column = _shift_before(source, touching, bracket.offset) + moves.get(bracket.line, 0)
        if column == 0:
            continue
        start = source.offset(line, 0)
        blank = len(source.text[start:]) - len(source.text[start:].lstrip(" "))
        if column < 0 and blank + column < 0:
            continue
        moves[line] = column
        result.append(Edit(start, start, " " * column) if column > 0 else Edit(start, start - column, ""))
    return result


def _spans_lines(source: Source, edit: Edit) -> bool:
    return "\n" in edit.text or source.line_of(edit.start) != source.line_of(edit.end)


def _shift_before(source: Source, edits: Sequence[Edit], offset: int) -> int:
    """By how much the edits of its line move the character at `offset`."""
    start = source.line_start(offset)
    return sum(len(e.text) - (e.end - e.start) for e in edits if start <= e.start and e.end <= offset)


def _aligned_lines(source: Source, first: int, last: int) -> list[tuple[int, _Bracket]]:
    """The lines whose text begins in the column after a bracket that is open there, with that bracket."""
    import tokenize  # noqa: PLC0415  # only changes need it

    start = source.offset(first, 0)
    end = source.line_end(source.offset(last, 0))
    text = source.text[start:end]
    found: list[tuple[int, _Bracket]] = []
    stack: list[_Bracket] = []
    previous = first
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            line = first + token.start[0] - 1
            if token.type in (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT):
                continue
            if line > previous and stack and token.string not in ")]}":
                bracket = stack[-1]
                column = bracket.offset - source.line_start(bracket.offset)
                if token.start[1] == column + 1 and source.line_of(bracket.offset) < line:
                    found.append((line, bracket))
            previous = max(previous, first + token.end[0] - 1)
            if token.type == tokenize.OP and token.string in "([{":
                stack.append(_Bracket(source.line_start(source.offset(line, 0)) + token.start[1], line))
            elif token.type == tokenize.OP and token.string in ")]}" and stack:
                stack.pop()
    except (tokenize.TokenError, IndentationError):
        return []
    return found
