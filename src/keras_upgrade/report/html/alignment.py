"""Which lines of two versions stand side by side, and what differs within them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

type Pair = tuple[int | None, int | None]
"""A line before and the line after that stands beside it; None where there is none."""

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_SIGN = re.compile(r"\w+|[^\w\s]")
_ALIKE = 0.5
"""From here on a line counts as another form of a line, not as one that came in its place."""
_SHARED = 0.45
"""Below this, marking what differs would mark nearly all of it."""
_LARGEST = 20_000
"""Comparisons of lines in one block, beyond which lines are paired in their order."""


def pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """The rows of a comparison, in order."""
    for kind, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(range(i, i_end), range(j, j_end), strict=True)
        elif kind == "replace":
            yield from _replaced(before, after, range(i, i_end), range(j, j_end))
        else:
            yield from ((number, None) for number in range(i, i_end))
            yield from ((None, number) for number in range(j, j_end))


def _replaced(before: Sequence[str], after: Sequence[str], old: range, new: range) -> Iterator[Pair]:
    """The rows of a block: lines that are alike side by side, and what is between them in order."""
    i, j = old.start, new.start
    for left, right in [*_alike(before, after, old, new), (old.stop, new.stop)]:
        for step in range(max(left - i, right - j)):
            yield (i + step if i + step < left else None, j + step if j + step < right else None)
        if left < old.stop or right < new.stop:
            yield left, right
        i, j = left + 1, right + 1


def _alike(before: Sequence[str], after: Sequence[str], old: range, new: range) -> list[tuple[int, int]]:
    """The pairs of lines, in order, that are most alike in sum."""
    if len(old) * len(new) > _LARGEST:
        return []
    left = [Counter(_SIGN.findall(before[i])) for i in old]
    right = [Counter(_SIGN.findall(after[j])) for j in new]
    # best[i][j]: the most that the lines from i and j on can have in common.
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    value = [[_likeness(one, other) for other in right] for one in left]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            here = value[i][j] + best[i + 1][j + 1] if value[i][j] >= _ALIKE else 0.0
            best[i][j] = max(here, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if value[i][j] >= _ALIKE and best[i][j] == value[i][j] + best[i + 1][j + 1]:
            found.append((old.start + i, new.start + j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def differing(old: str, new: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The parts of two lines that differ; none where the lines have little in common."""
    left, right = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    shared = sum(
        not word.isspace() for at, _, size in matcher.get_matching_blocks() for word in left[at : at + size]
    )
    if 2 * shared < _SHARED * sum(not word.isspace() for word in left + right):
        return [], []
    codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return (
        _joined(left, [(i, i_end) for _, i, i_end, _, _ in codes]),
        _joined(right, [(j, j_end) for _, _, _, j, j_end in codes]),
    )


def _joined(words: Sequence[str], parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Parts in words as parts in characters, without blanks around; those with one character between them are one."""
    found: list[tuple[int, int]] = []
    for first, last in parts:
        if first == last:
            continue
        text, start = "".join(words[first:last]), sum(map(len, words[:first]))
        start, end = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        if start >= end:
            continue
        if found and start - found[-1][1] <= 1:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
