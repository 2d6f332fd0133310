"""What a kind of file must offer to become a Document."""

from __future__ import annotations

from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Protocol

    from keras_upgrade.documents.spans import Edit
else:  # what the readers of files need not know
    Protocol = object


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a file that holds code.

    Attributes:
        index: number of the cell as users count it, from 0.
        source: the code.
        id: the cell's id, in notebooks that have them.
        first_line: line of the file in which the code begins, from 1; 1 where lines are the cell's own.
        indent: columns of the file that are not part of the code's lines.
        tags: what the user marked the cell with, in notebooks.
    """

    index: int
    source: str
    id: str | None = None
    first_line: int = 1
    indent: int = 0
    tags: tuple[str, ...] = ()


class Container(Protocol):
    """A file as it was read, which can be written with other code in its slots."""

    @property
    def kind(self) -> str:
        """`"python"`, `"notebook"`, `"markdown"` or `"requirements"`."""

    @property
    def text(self) -> str:
        """The file as it was read; of a notebook, its JSON."""

    @property
    def slots(self) -> Sequence[Slot]:
        """The places of code, in the order of the file."""

    @property
    def newline(self) -> str:
        """How most lines of the file (of the code, in notebooks) end."""

    @property
    def magics(self) -> bool:
        """Whether Jupyter's magics may occur in the code."""

    @property
    def own_lines(self) -> bool:
        """Whether lines are counted from the beginning of each cell, rather than of the file."""

    def offset_in_file(self, number: int, offset: int) -> int:
        """Where in `text` the character at `offset` of the code in slot `number` is written."""

    def changes(self, number: int, source: str, edits: Sequence[Edit]) -> list[Edit]:
        """What changes in `text` when slot `number` gets the code `source`, which `edits` make of what it has."""

    def render(self, sources: Sequence[str], cleared: Collection[int]) -> bytes:
        """The file with `sources` in its slots, and without the outputs of the cells in `cleared`.

        Raises:
            DocumentError: the file's encoding cannot express the sources.
        """
