"""From the sources of a document's cells to one text that parses, without moving a character."""

import ast
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from keras_upgrade.documents.lexing import LogicalLine, logical_lines
from keras_upgrade.documents.lines import blank, line_starts
from keras_upgrade.documents.magics import hide_magics, looks_magic
from keras_upgrade.documents.parsing import PARSE_ERRORS, Fault, explain, parse, parses, without_invisible
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Mask:
    """The text that stands for one cell, and why the cell itself does not parse if it does not."""

    text: str
    fault: Fault | None = None


def mask_cells(
    sources: Sequence[str], known: Sequence[Mask | None], magics: bool
) -> tuple[list[Mask], ast.Module]:
    """Masks whose texts, joined by line feeds, parse; and the tree of that joined text.

    Args:
        sources: the cells' sources.
        known: for each cell the mask that it had before, if the cell is the same as then.
        magics: whether Jupyter's magics may occur.
    """
    masks = [old or _first_guess(source, magics) for source, old in zip(sources, known, strict=True)]
    outcome = _parse_joined(masks)
    if isinstance(outcome, ast.Module):
        return masks, outcome
    # Only now cell by cell: most documents parse at once, and then no cell is parsed twice.
    masks = [old or mask(source, magics) for source, old in zip(sources, known, strict=True)]
    outcome = _parse_joined(masks)
    while not isinstance(outcome, ast.Module):
        masks[outcome.number] = Mask(blank(sources[outcome.number]), outcome.fault)
        outcome = _parse_joined(masks)
    return masks, outcome


def mask(source: str, magics: bool) -> Mask:
    """The mask of one cell by itself; see `mask_cells`."""
    text = source
    if parses(text):
        return Mask(text)
    if magics:
        text = hide_magics(source)
    try:
        parse(text)
    except PARSE_ERRORS as error:
        visible = without_invisible(text)
        kept = visible if parses(visible) else _keep_good_chunks(visible)
        fault = explain(error, text)
        if isinstance(error, (RecursionError, MemoryError)):  # the parser does not say where
            pairs = zip(visible, kept, strict=True)
            hidden = next((place for place, (old, new) in enumerate(pairs) if old != new), 0)
            fault = replace(fault, line=bisect_right(line_starts(visible), hidden))
        return Mask(kept, fault)
    return Mask(text)


def _first_guess(source: str, magics: bool) -> Mask:
    doubtful = source.rstrip().endswith("\\") or (magics and looks_magic(source))
    return mask(source, magics) if doubtful else Mask(source)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """The number of the cell for which the joined text does not parse, and why."""

    number: int
    fault: Fault


def _parse_joined(masks: Sequence[Mask]) -> ast.Module | _Trouble:
    text = "\n".join(mask.text for mask in masks)
    try:
        tree = parse(text)
    except PARSE_ERRORS as error:
        return _blame(masks, _first_lines(masks, text), explain(error, text))
    if len(masks) == 1:
        return tree
    first_lines = _first_lines(masks, text)
    for statement in tree.body:
        # The text may parse because a cell happens to complete the one before: no kernel would see that.
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
        number = bisect_right(first_lines, first) - 1
        if bisect_right(first_lines, statement.end_lineno or first) - 1 != number:
            fault = Fault(first, 1, "not complete without the cell that follows", "Join the two cells")
            return _blame(masks, first_lines, fault)
    return tree


def _first_lines(masks: Sequence[Mask], joined: str) -> list[int]:
    """The line of the joined text in which each cell begins, from 1."""
    starts = line_starts(joined)
    offsets = accumulate((len(mask.text) + 1 for mask in masks[:-1]), initial=0)
    return [bisect_right(starts, offset) for offset in offsets]


def _blame(masks: Sequence[Mask], first_lines: Sequence[int], fault: Fault) -> _Trouble:
    """Trouble with the cell in which `fault` (in lines of the joined text) lies."""
    number = max(bisect_right(first_lines, fault.line) - 1, 0)
    if masks[number].text.strip(_WHITE):
        return _Trouble(number, replace(fault, line=fault.line - first_lines[number] + 1))
    number = next(number for number, mask in enumerate(masks) if mask.text.strip(_WHITE))
    return _Trouble(number, replace(fault, line=1, column=1))


_CONTINUING = pattern(r"(?:else|elif|except|finally)\b")
_WHITE = " \t\f\r\n"
_LIMIT = 200_000


def _keep_good_chunks(text: str) -> str:
    """`text` with each top-level statement that does not parse blanked out."""
    parts: list[str] = []
    start = 0
    effort = _LIMIT + 20 * len(text)
    while start < len(text) and effort > 0:
        end = _chunk_end(text, start)
        effort -= end - start
        if not parses(text[start:end]):
            # The chunk may have swallowed what follows an open bracket: give up its first line only.
            end = _next_top_line(text, start, end)
            parts.append(blank(text[start:end]))
        else:
            parts.append(text[start:end])
        start = end
    parts.append(blank(text[start:]))
    kept = "".join(parts)
    return kept if parses(kept) else blank(text)


def _chunk_end(text: str, start: int) -> int:
    decorated = False
    for line in logical_lines(text, start):
        if line.start > start and not decorated and _begins_statement(text, line):
            return line.start
        if line.last >= 0:
            decorated = text[line.start] == "@" or (decorated and not _begins_statement(text, line))
    return len(text)


def _begins_statement(text: str, line: LogicalLine) -> bool:
    first = text[line.start]
    return line.last >= 0 and not first.isspace() and first != "#" and not _CONTINUING.match(text, line.start)


def _next_top_line(text: str, start: int, end: int) -> int:
    starts = line_starts(text[start:end])
    return next(
        (start + at for at in starts[1:] if text[start + at : start + at + 1].strip(" \t\f\r\n#)]}")), end
    )
