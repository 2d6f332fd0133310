"""Markdown: the fenced blocks of Python are the cells."""

import codecs
import os.path
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keras_upgrade.documents.container import Slot
from keras_upgrade.documents.lines import dominant_newline, split_lines
from keras_upgrade.documents.magics import flatten_indentation
from keras_upgrade.documents.masking import mask
from keras_upgrade.documents.python import decode, encode
from keras_upgrade.documents.rewrite import Piece, rewrite

_FENCE = re.compile(r"(?P<lead>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
_CLOSING = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*$")
_PYTHON = re.compile(r"(?:\{code(?:-cell|-block)?\}[ \t]*)?\{?[ \t]*\.?(?:i?python3?|py3?)(?=[\s},:;{]|$)", re.IGNORECASE)


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
            Slot(block.number, block.source, None, block.first_line, len(block.indent)) for block in self.blocks
        )

    @cached_property
    def newline(self) -> str:
        """How most lines end."""
        return dominant_newline(self.text)

    def render(self, sources: Sequence[str], cleared: Collection[int]) -> bytes:  # noqa: ARG002
        """The file with other code in its blocks, indented as the blocks are."""
        parts: list[str] = []
        done = 0
        for block, source in zip(self.blocks, sources, strict=True):
            parts.append(self.text[done : block.start])
            parts += (piece.raw for piece in rewrite(block.pieces, source, _indenter(block.indent)))
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
    return MarkdownFile(path, text, bom, [block for block in _python_blocks(text) if _is_program(block.source)])


def _indenter(indent: str):  # type: ignore[no-untyped-def]
    return lambda line: indent + line if line.strip() else line


def _is_program(source: str) -> bool:
    return flatten_indentation(source) == source and mask(source, magics=True).fault is None
