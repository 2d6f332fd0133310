"""Markdown: the fenced blocks of Python are the cells."""

import codecs
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from keras_upgrade.documents.container import Slot
from keras_upgrade.documents.lines import dominant_newline, split_lines
from keras_upgrade.documents.magics import flatten_indentation
from keras_upgrade.documents.masking import mask
from keras_upgrade.documents.python import decode, encode
from keras_upgrade.documents.rewrite import Piece, line_edits, rewrite
from keras_upgrade.documents.spans import Edit
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

_FENCE = pattern(
    r"(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)"
)
_VISIBLE = pattern(r"\S")
_CLOSING = pattern(r"[ \t]*(`{3,}|~{3,})[ \t]*$")
_PYTHON = pattern(
    r"(?:\{code(?:-cell|-block)?\}[ \t]*)?\{?[ \t]*\.?(?:i?python3?|py3?)(?=[\s},:;{]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A fenced block's content from `start` to `end`, the last line end not included."""

    number: int
    start: int
    end: int
    first_line: int
    indent: str
    pieces: Sequence[Piece]

    @property
    def source(self) -> str:
        return "".join(piece.value for piece in self.pieces)


@dataclass(frozen=True)
class MarkdownFile:
    """A Markdown file as it was read; see `Container`."""

    path: Path
    text: str
    bom: bytes
    blocks: Sequence[_Block]

    kind = "markdown"
    magics = True
    own_lines = False

    @cached_property
    def slots(self) -> Sequence[Slot]:
        """The blocks of Python that parse."""
        return tuple(
            Slot(block.number, block.source, None, block.first_line, len(block.indent))
            for block in self.blocks
        )

    @cached_property
    def newline(self) -> str:
        """How most lines end."""
        return dominant_newline(self.text)

    def offset_in_file(self, number: int, offset: int) -> int:
        """Where in the file the character of a block's code is."""
        block, at = self.blocks[number], 0
        place = block.start
        for piece in block.pieces:
            if offset < at + len(piece.value):
                return place + len(piece.raw) - len(piece.value) + offset - at
            at += len(piece.value)
            place += len(piece.raw)
        return place

    def changes(self, number: int, source: str, edits: Sequence[Edit]) -> list[Edit]:  # noqa: ARG002
        """The lines of the file that change when a block gets other code."""
        block = self.blocks[number]
        return line_edits(self.text[block.start : block.end], _written(block, source), block.start)

    def render(self, sources: Sequence[str], cleared: Collection[int]) -> bytes:  # noqa: ARG002
        """The file with other code in its blocks, indented as the blocks are."""
        parts: list[str] = []
        done = 0
        for block, source in zip(self.blocks, sources, strict=True):
            parts += (self.text[done : block.start], _written(block, source))
            done = block.end
        parts.append(self.text[done:])
        return self.bom + encode(self.path, "".join(parts))


def read_markdown(path: Path, data: bytes) -> MarkdownFile:
    """The Markdown file of these bytes.

    Raises:
        DocumentError: not UTF-8.
    """
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = decode(path, data[len(bom) :])
    return MarkdownFile(
        path, text, bom, [block for block in _python_blocks(text) if _is_program(block.source)]
    )


def _written(block: _Block, source: str) -> str:
    """The code as it stands in the block."""
    return "".join(piece.raw for piece in rewrite(block.pieces, source, _indenter(block.indent)))


def _indenter(indent: str) -> Callable[[str], str]:
    return lambda line: indent + line if line.strip("\r\n") else line


def _is_program(source: str) -> bool:
    return flatten_indentation(source) == source and mask(source, magics=True).fault is None


@dataclass(frozen=True, slots=True)
class _Opening:
    """The opening fence of a block."""

    number: int
    fence: str
    indent: str
    is_python: bool
    content: int
    line: int

    def is_closed_by(self, line: str) -> bool:
        match = _CLOSING.match(line)
        return match is not None and match.group(1).startswith(self.fence)


def _python_blocks(text: str) -> Iterator[_Block]:
    opening: _Opening | None = None
    lines: list[str] = []
    at = number = 0
    for row, line in enumerate(split_lines(text), 1):
        at += len(line)
        bare = line.rstrip("\r\n")
        if opening is None:
            match = _FENCE.match(bare)
            if match:
                opening = _opening(match, number, at, row)
                number += 1
        elif opening.is_closed_by(bare):
            yield from _block(opening, lines)
            opening, lines = None, []
        else:
            lines.append(line)
    if opening:
        yield from _block(opening, lines)


def _opening(match: re.Match[str], number: int, at: int, row: int) -> _Opening:
    indent = _VISIBLE.sub(" ", match["lead"])
    return _Opening(number, match["fence"], indent, bool(_PYTHON.match(match["info"].strip())), at, row + 1)


def _block(opening: _Opening, lines: Sequence[str]) -> Iterator[_Block]:
    if not opening.is_python or not lines:
        return
    lines = [*lines[:-1], lines[-1].rstrip("\r\n")]
    # Where a line is indented less than the fence, that much is the indentation of all lines.
    width = min(
        (_shared(line, opening.indent) for line in lines if line.strip()), default=len(opening.indent)
    )
    indent = opening.indent[:width]
    pieces = [Piece(line[_shared(line, indent) :], line) for line in lines]
    end = opening.content + sum(map(len, lines))
    yield _Block(opening.number, opening.content, end, opening.line, indent, pieces)


def _shared(line: str, indent: str) -> int:
    """How many characters of the fence's indentation the line has, too."""
    for count, (one, other) in enumerate(zip(line, indent, strict=False)):
        if one != other:
            return count
    return min(len(line), len(indent))
