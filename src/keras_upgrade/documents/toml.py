"""The strings of a TOML file and where they stand; `tomllib` gives values without places."""

import re
import tomllib
from collections.abc import Iterator

from keras_upgrade.documents.spans import Span
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

ITEM = "[]"
"""In a path: an element of an array."""

_BLANKS = pattern(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_KEY_PART = pattern(r"[ \t]*(\"(?:[^\"\\\r\n]|\\.)*\"|'[^'\r\n]*'|[\w-]+)[ \t]*")
_LONG = pattern(r"\"\"\"(?:[^\\]|\\.)*?\"{3,5}|'''.*?'{3,5}", re.DOTALL)
_STRING = pattern(r"\"((?:[^\"\\\r\n]|\\.)*)\"|'([^'\r\n]*)'")
_SCALAR = pattern(r"[^,\]}\r\n#]+")


@dataclass(frozen=True, slots=True)
class TomlString:
    """A string on one line and without escapes.

    Attributes:
        path: the keys that lead to it, `ITEM` for an element of an array.
        span: its characters, without the quotes.
        key: the last of its keys as written, or what it is an element of.
    """

    path: tuple[str, ...]
    span: Span
    key: Span


def toml_strings(text: str) -> Iterator[TomlString]:
    """The strings among the values of a file, in its order; none if it is not valid TOML."""
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    yield from _Reader(text).statements()


class _Reader:
    """Reads text that is known to be valid."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def statements(self) -> Iterator[TomlString]:
        table: tuple[str, ...] = ()
        while self._next():
            if self._next() == "[":
                arrays = self._text.startswith("[[", self._at)
                self._at += 2 if arrays else 1
                table = self._keys()[0] + ((ITEM,) if arrays else ())
                self._at += 2 if arrays else 1
            else:
                yield from self._pair(table)

    def _next(self) -> str:
        """The next character that says something; "" at the end."""
        blanks = _BLANKS.match(self._text, self._at)
        assert blanks is not None
        self._at = blanks.end()
        return self._text[self._at : self._at + 1]

    def _keys(self) -> tuple[tuple[str, ...], Span]:
        """A key with dots, and where its last part is; stops at what follows."""
        parts: list[str] = []
        while True:
            part = _KEY_PART.match(self._text, self._at)
            assert part is not None
            self._at = part.end()
            parts.append(part[1].strip("\"'"))
            if not self._text.startswith(".", self._at):
                return tuple(parts), Span(*part.span(1))
            self._at += 1

    def _pair(self, path: tuple[str, ...]) -> Iterator[TomlString]:
        keys, last = self._keys()
        self._at += 1  # the equals sign
        yield from self._value(path + keys, last)

    def _value(self, path: tuple[str, ...], key: Span) -> Iterator[TomlString]:
        first = self._next()
        if first == "[":
            yield from self._several("]", path, key)
        elif first == "{":
            yield from self._several("}", path, key)
        else:
            long = _LONG.match(self._text, self._at)
            string = None if long is not None else _STRING.match(self._text, self._at)
            whole = long or string or _SCALAR.match(self._text, self._at)
            assert whole is not None
            self._at = whole.end()
            if string is not None and "\\" not in (string[1] or ""):
                yield TomlString(path, Span(string.start() + 1, string.end() - 1), key)

    def _several(self, end: str, path: tuple[str, ...], key: Span) -> Iterator[TomlString]:
        self._at += 1
        while (first := self._next()) != end:
            if first == ",":
                self._at += 1
            elif end == "]":
                yield from self._value((*path, ITEM), key)
            else:
                yield from self._pair(path)
        self._at += 1
