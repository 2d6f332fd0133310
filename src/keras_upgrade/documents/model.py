"""A file of code cells as one text of Python, and the way back."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from keras_upgrade.documents.container import Container, Slot
from keras_upgrade.documents.lines import blank, count_newlines, line_starts, with_newlines
from keras_upgrade.documents.masking import Mask, mask_cells
from keras_upgrade.documents.parsing import Fault, parse
from keras_upgrade.documents.requirements import KIND
from keras_upgrade.documents.spans import Edit, Span, apply_edits, sort_edits
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Position:
    """A place as users name it.

    Attributes:
        cell: index of the notebook's cell; None where `line` is a line of the file (`.py`, Markdown).
        line: from 1, in the cell or in the file.
        column: from 1, in characters.
    """

    cell: int | None
    line: int
    column: int

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}"
        return place if self.cell is None else f"cell {self.cell}:{place}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell does not parse, and what the user can do about it."""

    position: Position
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of code (a whole `.py` file is one).

    Attributes:
        index: number of the cell in the notebook, counted over all cells, or of the fenced block in Markdown,
            from 0.
        start: offset of its first character in the joined text.
        source: its code as it is in the file.
        masked: as long as `source`, line ends at the same places: what is not Python is replaced by harmless
            Python or blanks.
        problem: why the cell does not parse, if it does not.
        id: the cell's id in the notebook, if it has one.
        first_line: line of the file in which the code starts; 1 in notebooks.
        tags: the tags of the notebook's cell.
    """

    index: int
    start: int
    source: str
    masked: str
    problem: Problem | None
    id: str | None
    first_line: int
    tags: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        """Offset after its last character in the joined text."""
        return self.start + len(self.source)


class Document:
    """The code of a file; immutable. Made by `load` and `loads`.

    Attributes:
        path: the file.
        kind: `"python"`, `"notebook"` or `"markdown"`.
        cells: its code cells in order; none if the file holds no Python.
        source: the cells' sources, joined by one line feed each.
        text: the cells' masked sources joined alike: as long as `source`, and always parses. Take the lines
            and columns of syntax nodes from this text, but what you quote or copy from `source`.
    """

    path: Path
    kind: str
    cells: tuple[Cell, ...]
    source: str
    text: str

    def __init__(
        self,
        path: Path,
        container: Container,
        sources: Sequence[str] | None = None,
        known: Sequence[Mask | None] | None = None,
        cleared: frozenset[int] = frozenset(),
        *,
        is_plain: bool = False,
    ) -> None:
        slots = container.slots
        if sources is None:
            sources = [slot.source for slot in slots]
        if container.kind == KIND:
            known = [Mask(blank(source)) for source in sources]  # there is no Python in it
        if is_plain:
            masks = [Mask(source) for source in sources]
        else:
            masks, tree = mask_cells(sources, known or [None] * len(slots), container.magics)
            self.__dict__["tree"] = tree
        self.path = path
        self.kind = container.kind
        self._container = container
        self._masks = masks
        self._cleared = cleared
        self.cells = _cells(container, sources, masks)
        self.source = "\n".join(sources)
        self.text = "\n".join(mask.text for mask in masks)

    @property
    def is_read(self) -> bool:
        """Whether the file has been read; see `Unread`."""
        return True

    def __repr__(self) -> str:
        return f"Document({str(self.path)!r}, {len(self.cells)} cells)"

    def __getstate__(self) -> dict[str, Any]:
        # The tree is many times larger than the text, and quicker made anew than pickled.
        return {name: value for name, value in self.__dict__.items() if name != "tree"}

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of `text`; shared, so not to be changed."""
        return parse(self.text)

    def forget_tree(self) -> None:
        """Lets go of the tree, which is made anew should it be asked for again."""
        self.__dict__.pop("tree", None)

    @cached_property
    def line_starts(self) -> Sequence[int]:
        """The offset at which each line of `text` begins, lines counted as the parser counts them."""
        return line_starts(self.text)

    @property
    def newline(self) -> str:
        """How most lines end: `"\\n"` or `"\\r\\n"`."""
        return self._container.newline

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps cells from being parsed, in their order."""
        return tuple(cell.problem for cell in self.cells if cell.problem)

    @property
    def is_plain(self) -> bool:
        """Whether each cell parses just as it is."""
        return all(cell.problem is None and cell.masked == cell.source for cell in self.cells)

    @property
    def has_own_lines(self) -> bool:
        """Whether lines are counted from the beginning of each cell, as in notebooks."""
        return self._container.own_lines

    @cached_property
    def _starts(self) -> list[int]:
        return [cell.start for cell in self.cells]

    def _number_at(self, offset: int) -> int:
        if not self.cells or not 0 <= offset <= len(self.source):
            raise IndexError(f"{offset} is not an offset of {self!r}")
        return bisect_right(self._starts, offset) - 1

    def cell_at(self, offset: int) -> Cell:
        """The cell of the character at `offset`; the separator after a cell belongs to that cell.

        Raises:
            IndexError: there is no such offset.
        """
        return self.cells[self._number_at(offset)]

    def position(self, offset: int) -> Position:
        """Where the character at `offset` is for the user.

        Raises:
            IndexError: there is no such offset.
        """
        number = self._number_at(offset)
        cell, slot = self.cells[number], self._container.slots[number]
        row = bisect_right(self.line_starts, offset) - 1
        line = row - bisect_left(self.line_starts, cell.start) + cell.first_line
        return Position(
            cell.index if self._container.own_lines else None,
            line,
            offset - self.line_starts[row] + 1 + slot.indent,
        )

    def place_in_file(self, offset: int) -> Position:
        """Where the file has the character at `offset`: for notebooks, the line and column of their JSON.

        Only for a document as it was read: an edited one is not in the file yet.
        """
        number = self._number_at(offset)
        return self._file_position(self._container.offset_in_file(number, offset - self.cells[number].start))

    def changes_in_file(self, edits: Sequence[Edit]) -> list[tuple[Position, Position, str]]:
        """What `edits` change in the file: from where to where (exclusive), and the new text.

        Only for a document as it was read. See `replace` for the errors.
        """
        after = self.replace(edits)
        by_cell: dict[int, list[Edit]] = {}
        for edit in sort_edits(edits):
            number = self._number_of(edit)
            text, start = with_newlines(edit.text, self.newline), self.cells[number].start
            by_cell.setdefault(number, []).append(Edit(edit.start - start, edit.end - start, text))
        return [
            (self._file_position(edit.start), self._file_position(edit.end), edit.text)
            for number, own in by_cell.items()
            for edit in self._container.changes(number, after.cells[number].source, own)
        ]

    def _file_position(self, offset: int) -> Position:
        row = bisect_right(self._file_lines, offset) - 1
        return Position(None, row + 1, offset - self._file_lines[row] + 1)

    @cached_property
    def _file_lines(self) -> Sequence[int]:
        return line_starts(self._container.text)

    def span_of(self, cell: Cell) -> Span:
        """Where `cell` is in the joined text."""
        return Span(cell.start, cell.end)

    def replace(self, edits: Sequence[Edit]) -> Document:
        """The document with `edits` carried out; line feeds in their texts become the document's line ends.

        Args:
            edits: changes of `source`, each within one cell (the separator is in none).

        Raises:
            ValueError: an edit reaches out of its cell.
            OverlappingEditsError: two edits share a character.
        """
        by_cell: dict[int, list[Edit]] = {}
        for edit in edits:
            number = self._number_of(edit)
            if edit.text != self.source[edit.start : edit.end]:
                text = with_newlines(edit.text, self.newline)
                by_cell.setdefault(number, []).append(Edit(edit.start, edit.end, text))
        if not by_cell:
            return self
        sources = [
            apply_edits(cell.source, by_cell.get(number, ()), cell.start)
            for number, cell in enumerate(self.cells)
        ]
        known = [
            mask if source == cell.source else None
            for cell, source, mask in zip(self.cells, sources, self._masks, strict=True)
        ]
        return Document(self.path, self._container, sources, known, self._cleared)

    def _number_of(self, edit: Edit) -> int:
        try:
            number = self._number_at(edit.start)
        except IndexError as error:
            raise ValueError(str(error)) from None
        if not edit.start <= edit.end <= self.cells[number].end:
            raise ValueError(f"{edit} reaches out of cell {self.cells[number].index} of {self.path}")
        return number

    def to_bytes(self) -> bytes:
        """The file's content: the bytes that were read, but for the lines that were edited.

        Raises:
            DocumentError: the file's encoding cannot express the edited code.
        """
        return self._container.render([cell.source for cell in self.cells], self._cleared)

    def without_outputs(self, cells: Collection[int]) -> Document:
        """The document with the outputs and execution counts of the cells of these indices removed.

        Only notebooks have any; other documents come back as they are.
        """
        cleared = self._cleared.union(cells)
        if not self._container.own_lines or cleared == self._cleared:
            return self
        from copy import copy  # noqa: PLC0415

        result = copy(self)
        result._cleared = cleared
        return result


def _cells(container: Container, sources: Sequence[str], masks: Sequence[Mask]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    start = grown = 0
    for slot, source, mask in zip(container.slots, sources, masks, strict=True):
        line = slot.first_line + grown
        problem = _problem(slot, line, mask.fault, container.own_lines)
        cells.append(Cell(slot.index, start, source, mask.text, problem, slot.id, line, slot.tags))
        start += len(source) + 1
        if not container.own_lines and source != slot.source:
            grown += count_newlines(source) - count_newlines(slot.source)
    return tuple(cells)


def _problem(slot: Slot, first_line: int, fault: Fault | None, own_lines: bool) -> Problem | None:
    if fault is None:
        return None
    cell = slot.index if own_lines else None
    position = Position(cell, first_line + fault.line - 1, fault.column + slot.indent)
    return Problem(position, fault.message, fault.hint)
