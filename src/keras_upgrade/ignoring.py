"""Where users keep rules off: comments in the code, and tags of notebook cells.

- `# keras-upgrade: ignore` behind code: for that statement; alone on a line: for the statement below it, and for all of
  it if that is a function or class;
- `# keras-upgrade: ignore-cell`, or a tag `keras-upgrade: ignore` of the cell: for the cell;
- `# keras-upgrade: ignore-file`: for the file.

`[KU401, KU5]` behind it names the rules that are meant, by code, beginning of a code, or name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from keras_upgrade.documents import Cell, Document, Span
from keras_upgrade.documents.lexing import LogicalLine, comments, logical_line
from keras_upgrade.documents.requirements import KIND
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass
from keras_upgrade.rules import codes_of

_MARK = "keras-upgrade"
_COMMENT = pattern(
    r"#[#\s]*keras-upgrade\s*:\s*ignore(?P<reach>-cell|-file)?(?![\w-])\s*(?:\[(?P<names>[^\]]*)\])?",
    re.IGNORECASE,
)
_TAG = pattern(r"keras-upgrade\s*[:-]\s*ignore(?:-cell)?\s*(?:\[(?P<names>[^\]]*)\])?", re.IGNORECASE)
_LINE_COMMENT = pattern(r"#.*")
_HEADER = pattern(r"[ \t]*(?:async[ \t]+def|def|class)\b")
_DECORATOR = pattern(r"[ \t]*@")
_ALL = ("KU",)


@dataclass(frozen=True)
class Ignored:
    """A stretch of the joined source in which findings of some rules are not wanted.

    Attributes:
        span: the stretch.
        codes: the codes, or beginnings of codes, of the rules.
        unknown: what was written for a rule, and is none.
    """

    span: Span
    codes: tuple[str, ...]
    unknown: tuple[str, ...]

    def takes(self, code: str, offset: int) -> bool:
        """Whether a finding of a rule at `offset` is not wanted."""
        return self.span.start <= offset < max(self.span.end, self.span.start + 1) and code.startswith(
            self.codes
        )


def ignored(document: Document) -> Sequence[Ignored]:
    """The stretches that the user marked in a document."""
    found = [*_by_tags(document)]
    if _MARK in document.source.casefold():
        found += _by_comments(document)
    return found


def _by_tags(document: Document) -> Iterator[Ignored]:
    for cell in document.cells:
        for tag in cell.tags:
            match = _TAG.fullmatch(tag.strip())
            if match is not None:
                yield _ignored(Span(cell.start, cell.end), match["names"])


def _by_comments(document: Document) -> Iterator[Ignored]:
    for start, comment in _comments(document):
        match = _COMMENT.search(comment)
        if match is None:
            continue
        cell = document.cell_at(start)
        reach = (match["reach"] or "").casefold()
        if reach == "-file":
            span = Span(0, len(document.source) + 1)
        elif reach == "-cell":
            span = Span(cell.start, cell.end)
        else:
            span = _statement(document, cell, start)
        yield _ignored(span, match["names"])


def _comments(document: Document) -> Iterator[tuple[int, str]]:
    if document.kind == KIND:  # no Python, so that quotes do not count
        yield from ((match.start(), match[0]) for match in _LINE_COMMENT.finditer(document.source))
        return
    for cell in document.cells:
        if _MARK in cell.source.casefold():
            yield from ((cell.start + start, text) for start, text in comments(cell.masked))


def _ignored(span: Span, names: str | None) -> Ignored:
    if names is None:
        return Ignored(span, _ALL, ())
    codes, unknown = codes_of(names.split(","))
    return Ignored(span, codes, unknown)


def _statement(document: Document, cell: Cell, comment: int) -> Span:
    """What a comment in it, or above it, stands for."""
    text = document.source if document.kind == KIND else document.text
    end_of_cell = cell.end
    above = Span(comment, comment)
    at = cell.start
    while at < end_of_cell:
        line = logical_line(text, at)
        if line.last >= 0 and line.start <= comment < line.end:
            return Span(line.start, line.end)
        if line.last >= 0 and line.start > comment:
            return Span(comment, _end_of_block(text, line, end_of_cell))
        at = max(line.next, at + 1)
    return above


def _end_of_block(text: str, line: LogicalLine, limit: int) -> int:
    """The end of a statement; of a function or class with decorators, that of its body."""
    while _DECORATOR.match(text, line.start) and line.next < limit:
        line = logical_line(text, line.next)
    if not _HEADER.match(text, line.start):
        return line.end
    depth, end = _indentation(text, line.start), line.end
    while line.next < limit:
        line = logical_line(text, max(line.next, line.start + 1))
        if line.last < 0:
            continue
        if _indentation(text, line.start) <= depth:
            break
        end = line.end
    return end


def _indentation(text: str, start: int) -> int:
    end = start
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return len(text[start:end].expandtabs())
