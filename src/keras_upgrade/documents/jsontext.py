"""Where in a JSON text its values stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DECODER = json.JSONDecoder()
_COMMA = pattern(r"[ \t\r\n]*,[ \t\r\n]*")
_COLON = pattern(r"[ \t\r\n]*:[ \t\r\n]*")
_SPACE = pattern(r"[ \t\r\n]*")


@dataclass(slots=True)
class Cursor:
    """A reading position in a JSON text; what is not asked for is skipped at the speed of the C scanner.

    All methods raise `json.JSONDecodeError` where the text is not JSON.

    Attributes:
        text: the JSON.
        at: offset of the value that is read next.
    """

    text: str
    at: int = 0

    def value(self) -> Any:
        """Reads the value that begins here."""
        value, self.at = _DECODER.raw_decode(self.text, self.at)
        return value

    def is_object(self) -> bool:
        """Whether an object begins here."""
        return self.text.startswith("{", self.at)

    def is_array(self) -> bool:
        """Whether an array begins here."""
        return self.text.startswith("[", self.at)

    def members(self) -> Iterator[str]:
        """Reads an object: at each key the cursor stands at its value, which may be read or left."""
        self.at += 1
        self.skip_space()
        if self._take("}"):
            return
        while True:
            if not self.text.startswith('"', self.at):
                raise self._error("Expecting property name enclosed in double quotes")
            key = self.value()
            self._expect(_COLON, "Expecting ':' delimiter")
            yield from self._here(key)
            if self._ends("}"):
                return

    def items(self) -> Iterator[int]:
        """Reads an array: at each number of an item the cursor stands at it; it may be read or left."""
        self.at += 1
        self.skip_space()
        if self._take("]"):
            return
        number = 0
        while True:
            yield from self._here(number)
            if self._ends("]"):
                return
            number += 1

    def end(self) -> None:
        """Makes sure that nothing follows."""
        self.skip_space()
        if self.at != len(self.text):
            raise self._error("Extra data")

    def skip_space(self) -> None:
        """Moves on to what is not white space."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at

    def _here[T](self, what: T) -> Iterator[T]:
        start = self.at
        yield what
        if self.at == start:
            self.value()

    def _ends(self, bracket: str) -> bool:
        comma = _COMMA.match(self.text, self.at)
        if comma:
            self.at = comma.end()
            return False
        self.skip_space()
        if not self._take(bracket):
            raise self._error("Expecting ',' delimiter")
        return True

    def _take(self, character: str) -> bool:
        if not self.text.startswith(character, self.at):
            return False
        self.at += 1
        return True

    def _expect(self, delimiter: re.Pattern[str], message: str) -> None:
        match = delimiter.match(self.text, self.at)
        if not match:
            self.skip_space()
            raise self._error(message)
        self.at = match.end()

    def _error(self, message: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(message, self.text, self.at)
