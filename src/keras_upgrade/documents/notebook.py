"""Jupyter notebooks, formats 3 and 4: edited in the text of their JSON, so that all else stays as it is."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from keras_upgrade.documents.container import Slot
from keras_upgrade.documents.errors import DocumentError
from keras_upgrade.documents.jsontext import Cursor
from keras_upgrade.documents.lines import dominant_newline
from keras_upgrade.documents.python import decode, encode
from keras_upgrade.documents.rewrite import Piece, leads, line_edits, rewrite
from keras_upgrade.documents.spans import Edit, apply_edits
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HINT = "Open it in Jupyter and save it, or restore it from a copy"


@dataclass(frozen=True, slots=True)
class _Source:
    """The value of a `source` in the JSON text, from `start` to `end`.

    Of a list, `first` is what is written before the first item, and `tail` what is written after the last.
    """

    start: int
    end: int
    pieces: Sequence[Piece]
    is_list: bool
    first: str = ""
    tail: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.value for piece in self.pieces)


@dataclass(slots=True)
class _RawCell:
    """What matters of one cell; spans are those of values in the JSON text."""

    index: int
    start: int
    type: Any = None
    id: Any = None
    language: Any = None
    tags: tuple[str, ...] = ()
    source: _Source | None = None
    outputs: tuple[int, int] | None = None
    count: tuple[int, int] | None = None


@dataclass(frozen=True)
class Notebook:
    """A notebook as it was read; see `Container`."""

    path: Path
    text: str
    bom: bytes
    cells: Sequence[_RawCell]
    code: Sequence[tuple[_RawCell, _Source]]

    kind = "notebook"
    magics = True
    own_lines = True

    @cached_property
    def slots(self) -> Sequence[Slot]:
        """The code cells, if the notebook is one of Python."""
        return tuple(
            Slot(cell.index, source.text, cell.id if isinstance(cell.id, str) else None, tags=cell.tags)
            for cell, source in self.code
        )

    @cached_property
    def newline(self) -> str:
        """How most lines of code end."""
        return dominant_newline("".join(slot.source for slot in self.slots))

    def offset_in_file(self, number: int, offset: int) -> int:
        """Where in the JSON the character of a cell's code is written."""
        source = self.code[number][1]
        place, at = source.start + 1 + len(source.first), 0
        quote = 1 if source.is_list else 0
        for count, piece in enumerate(source.pieces, 1):
            place += len(piece.lead or "")
            if offset < at + len(piece.value) or count == len(source.pieces):
                return place + quote + _raw_length(piece.raw[quote:], offset - at)
            at += len(piece.value)
            place += len(piece.raw)
        return place

    def changes(self, number: int, source: str, edits: Sequence[Edit]) -> list[Edit]:  # noqa: ARG002
        """The lines of the JSON that change when a cell gets other code."""
        old = self.code[number][1]
        return line_edits(self.text[old.start : old.end], self._source_json(old, source), old.start)

    def render(self, sources: Sequence[str], cleared: Collection[int]) -> bytes:
        """The notebook with other sources, and without the outputs of the cells in `cleared`."""
        edits: list[Edit] = []
        for slot, (cell, old), new in zip(self.slots, self.code, sources, strict=True):
            if new != slot.source:
                edits.append(Edit(old.start, old.end, self._source_json(old, new)))
            if cell.index in cleared:
                edits += _clearing(cell, self.text)
        return self.bom + encode(self.path, apply_edits(self.text, edits))

    def _source_json(self, old: _Source, new: str) -> str:
        if not old.is_list:
            pieces = rewrite(old.pieces, new, lambda line: self._string(line)[1:-1])
            return '"' + "".join(piece.raw for piece in pieces) + '"'
        pieces = rewrite(old.pieces, new, self._string)
        if not pieces:
            return "[]"
        first, between, tail = self._list_format(old)
        items = (lead + piece.raw for lead, piece in zip(leads(pieces, first, between), pieces, strict=True))
        return f"[{''.join(items)}{tail}]"

    def _string(self, text: str) -> str:
        written = json.dumps(text, ensure_ascii=self._ensure_ascii)
        return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", written)

    @cached_property
    def _ensure_ascii(self) -> bool:
        return self.text.isascii() and any(
            _is_escape(self.text, match.start()) for match in _ESCAPED_NON_ASCII.finditer(self.text)
        )

    def _list_format(self, source: _Source) -> tuple[str, str, str]:
        """What to write before the first item of a list, between two items, and after the last."""
        if not source.pieces:
            lists = [cell.source for cell in self.cells if cell.source and cell.source.is_list]
            source = max(lists, key=lambda one: min(len(one.pieces), 2), default=source)
        if not source.pieces:
            return self._guessed_list_format(source)
        if len(source.pieces) > 1:
            return source.first, source.pieces[1].lead or ",", source.tail
        return source.first, "," + (source.first or self._space), source.tail

    def _guessed_list_format(self, source: _Source) -> tuple[str, str, str]:
        top = _TOP_INDENT.match(self.text)
        if not top:
            return "", "," + self._space, ""
        newline, unit = top.groups()
        line = self.text[self.text.rfind("\n", 0, source.start) + 1 : source.start]
        outer = newline + line[: len(line) - len(line.lstrip())]
        return outer + unit, "," + outer + unit, outer

    @cached_property
    def _space(self) -> str:
        return " " if '": ' in self.text[:1000] else ""


_SURROGATE = pattern("[\ud800-\udfff]")
# Control characters are escaped in either habit, so they tell nothing.
_ESCAPED_NON_ASCII = pattern(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")
_TOP_INDENT = pattern(r"\s*\{(\r?\n)([ \t]+)")


def read_notebook(path: Path, data: bytes) -> Notebook:
    """The notebook of these bytes.

    Raises:
        DocumentError: not UTF-8, not JSON, or not a notebook.
    """
    if not data.strip():
        raise DocumentError(
            path, None, "is empty", "A notebook is JSON with cells; delete the file or restore it"
        )
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = decode(path, data[len(bom) :])
    try:
        metadata, cells = _read_top(text)
    except json.JSONDecodeError as error:
        message = f"is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise DocumentError(path, error.lineno, message, _HINT) from None
    except (RecursionError, ValueError) as error:
        raise DocumentError(path, None, f"cannot be read as JSON ({error})", _HINT) from None
    if cells is None:
        raise DocumentError(path, None, "has no list of cells, so it is not a notebook", _HINT)
    code = [cell for cell in cells if _is_code(cell)] if _is_python(metadata) else []
    for cell in code:
        if cell.source is None:
            line = text.count("\n", 0, cell.start) + 1
            raise DocumentError(path, line, f"cell {cell.index} has no source that is text", _HINT)
    return Notebook(path, text, bom, cells, [(cell, cell.source) for cell in code if cell.source])


_CHARACTER = pattern(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|[^\\]", re.DOTALL)
"""A character as a JSON string has it."""


def _raw_length(raw: str, count: int) -> int:
    """How much of a JSON string's text the first `count` characters of its value take."""
    end = 0
    for match in islice(_CHARACTER.finditer(raw), count):
        end = match.end()
    return end


def _is_escape(text: str, backslash: int) -> bool:
    """Whether this backslash is none that is escaped itself."""
    before = backslash
    while before and text[before - 1] == "\\":
        before -= 1
    return (backslash - before) % 2 == 0


def _is_code(cell: _RawCell) -> bool:
    return cell.type == "code" and (cell.language is None or _is_python_name(cell.language))


def _is_python(metadata: Any) -> bool:
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        language = part.get(name) if isinstance(part, dict) else None
        if isinstance(language, str) and language:
            return _is_python_name(language)
    return True


def _is_python_name(language: Any) -> bool:
    return isinstance(language, str) and language.lower().startswith(("python", "ipython"))


def _clearing(cell: _RawCell, text: str) -> list[Edit]:
    changes: list[Edit] = []
    if cell.outputs and text[cell.outputs[0] + 1 : cell.outputs[1] - 1].strip():
        changes.append(Edit(*cell.outputs, "[]"))
    if cell.count and text[slice(*cell.count)] != "null":
        changes.append(Edit(*cell.count, "null"))
    return changes


def _read_top(text: str) -> tuple[Any, list[_RawCell] | None]:
    """The notebook's metadata and all its cells (None if it has no list of them)."""
    cursor = Cursor(text)
    cursor.skip_space()
    metadata: Any = None
    cells: list[_RawCell] | None = None
    old_cells: list[_RawCell] | None = None
    if not cursor.is_object():
        cursor.value()
    else:
        for key in cursor.members():
            if key == "metadata":
                metadata = cursor.value()
            elif key == "cells" and cursor.is_array():
                cells = _read_cells(cursor, "source", 0)
            elif key == "worksheets" and cursor.is_array():
                old_cells = _read_worksheets(cursor)
    cursor.end()
    return metadata, old_cells if cells is None else cells


def _read_worksheets(cursor: Cursor) -> list[_RawCell]:
    cells: list[_RawCell] = []
    for _ in cursor.items():
        if cursor.is_object():
            for key in cursor.members():
                if key == "cells" and cursor.is_array():
                    cells += _read_cells(cursor, "input", len(cells))
    return cells


def _read_cells(cursor: Cursor, source_key: str, first: int) -> list[_RawCell]:
    cells: list[_RawCell] = []
    for number in cursor.items():
        cell = _RawCell(first + number, cursor.at)
        if cursor.is_object():
            _read_cell(cursor, cell, source_key)
        cells.append(cell)
    return cells


def _read_cell(cursor: Cursor, cell: _RawCell, source_key: str) -> None:
    for key in cursor.members():
        start = cursor.at
        if key == source_key:
            cell.source = _read_source(cursor)
        elif key == "outputs" and cursor.is_array():
            cursor.value()
            cell.outputs = (start, cursor.at)
        elif key in ("execution_count", "prompt_number"):
            cursor.value()
            cell.count = (start, cursor.at)
        elif key == "cell_type":
            cell.type = cursor.value()
        elif key == "id":
            cell.id = cursor.value()
        elif key == "language":
            cell.language = cursor.value()
        elif key == "metadata":
            cell.tags = _tags(cursor.value())


def _tags(metadata: Any) -> tuple[str, ...]:
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _read_source(cursor: Cursor) -> _Source | None:
    start = cursor.at
    if not cursor.is_array():
        value = cursor.value()
        pieces = _string_pieces(cursor.text[start + 1 : cursor.at - 1]) if isinstance(value, str) else None
        return None if pieces is None else _Source(start, cursor.at, pieces, False)
    items: list[tuple[int, int, Any]] = []
    for _ in cursor.items():
        begin, value = cursor.at, cursor.value()
        items.append((begin, cursor.at, value))
    if not all(isinstance(value, str) for _, _, value in items):
        return None
    return _list_source(cursor.text, start, cursor.at, items)


def _list_source(text: str, start: int, end: int, items: Sequence[tuple[int, int, str]]) -> _Source:
    pieces: list[Piece] = []
    before: int | None = None
    for begin, stop, value in items:
        pieces.append(Piece(value, text[begin:stop], None if before is None else text[before:begin]))
        before = stop
    if before is None:
        return _Source(start, end, (), True)
    return _Source(start, end, pieces, True, text[start + 1 : items[0][0]], text[before : end - 1])


_STRING_LINE = pattern(r"(?:[^\\]+|\\(?!n|u000[aA]).)*+(?:\\n|\\u000[aA]|\Z)", re.DOTALL)


def _string_pieces(raw: str) -> list[Piece]:
    """The lines of a JSON string (given without its quotes), each as it is written."""
    return [Piece(json.loads(f'"{line}"'), line) for line in _STRING_LINE.findall(raw) if line]
