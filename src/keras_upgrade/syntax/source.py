"""The text of a program together with the places of its nodes.

`ast` counts lines, and columns in UTF-8 bytes; edits count characters from the start of the text.
"""

import ast
from bisect import bisect_right
from collections.abc import Sequence

from keras_upgrade.documents.lines import line_starts
from keras_upgrade.documents.spans import Span

Positioned = ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias | ast.excepthandler


class Source:
    """A text and the offsets in it.

    Attributes:
        text: the program, magics masked, as it was parsed.
        original: the same text before masking (equal length); what generated code quotes.
    """

    def __init__(self, text: str, original: str | None = None, starts: Sequence[int] | None = None) -> None:
        self.text = text
        self.original = text if original is None else original
        self._starts = line_starts(text) if starts is None else starts
        self._ascii = text.isascii()

    def offset(self, line: int, column: int) -> int:
        """The character offset of `column` (in UTF-8 bytes, from 0) of `line` (from 1)."""
        start = self._starts[line - 1]
        if self._ascii or column == 0:
            return start + column
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode())

    def start(self, node: Positioned) -> int:
        """Offset of the node's first character."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: Positioned) -> int:
        """Offset after the node's last character."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def span(self, node: Positioned) -> Span:
        """The characters of the node."""
        return Span(self.start(node), self.end(node))

    def segment(self, node: Positioned) -> str:
        """The text of the node."""
        return self.original[self.start(node) : self.end(node)]

    def line_of(self, offset: int) -> int:
        """The line (from 1) that holds `offset`."""
        return bisect_right(self._starts, offset)

    def line_start(self, offset: int) -> int:
        """Offset of the first character of the line that holds `offset`."""
        return self._starts[self.line_of(offset) - 1]

    def line_end(self, offset: int) -> int:
        """Offset after the line's newline, or the end of the text."""
        line = self.line_of(offset)
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def indentation(self, node: ast.stmt) -> str:
        """The blanks before the statement, up to the start of its line."""
        start = self.line_start(self.start(node))
        text = self.original[start : self.start(node)]
        return text[: len(text) - len(text.lstrip())]
