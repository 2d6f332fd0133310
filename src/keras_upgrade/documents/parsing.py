"""Python's own parser, with its many ways to fail made one."""

import ast
import re
import unicodedata
import warnings

from keras_upgrade.documents.lexing import only_code
from keras_upgrade.documents.lines import line_starts
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `parse` can raise: bad syntax, null bytes and surrogates, nesting too deep for the parser."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text does not parse; `line` and `column` count from 1 within it."""

    line: int
    column: int
    message: str
    hint: str


def parse(text: str) -> ast.Module:
    """The syntax tree of `text`, without the parser's warnings about invalid escapes.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: see `PARSE_ERRORS`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parses(text: str) -> bool:
    """Whether Python's parser takes `text`."""
    try:
        parse(text)
    except PARSE_ERRORS:
        return False
    return True


def explain(error: BaseException, text: str) -> Fault:
    """What to tell the user about `error`, which `parse(text)` raised."""
    if isinstance(error, (RecursionError, MemoryError)):
        return Fault(1, 1, "nested too deeply for Python's parser", "Break the expression into parts")
    strange = _strange_character(error, text)
    if strange is not None:
        return strange
    if not isinstance(error, SyntaxError):
        return Fault(1, 1, str(error), _HINT)
    line, column, message = error.lineno or 1, max(error.offset or 1, 1), error.msg
    if _is_python_2(message, text, line):
        return Fault(line, column, f"Python 2 code ({message})", _PYTHON_2_HINT)
    return Fault(line, column, message, _TAB_HINT if isinstance(error, TabError) else _HINT)


_HINT = "Correct it first: statements that do not parse stay as they are"
_TAB_HINT = "Indent with either tabs or spaces, not with both"
_PYTHON_2_HINT = "Convert it to Python 3 first, e.g. with `python3.12 -m lib2to3 -w FILE.py`"

_PYTHON_2_MESSAGES = (
    "Missing parentheses in call to 'print'",
    "Missing parentheses in call to 'exec'",
    "multiple exception types must be parenthesized",
    "leading zeros in decimal integer literals",
    "Lambda expression parameters cannot be parenthesized",
    "Function parameters cannot be parenthesized",
)
_PYTHON_2_LINE = pattern(r"<>|`[^`]*`|\braise\s+[\w.]+\s*,|\b\d+[lL]\b|\b[uU][rR]['\"]")
_PYTHON_2_TEXT = pattern(
    r"^[ \t]*(?:print|exec)[ \t]+['\"]|^[ \t]*except\s+[\w.]+\s*,\s*\w+\s*:", re.MULTILINE
)


def _is_python_2(message: str, text: str, line: int) -> bool:
    if message.startswith(_PYTHON_2_MESSAGES):
        return True
    code = only_code(text)
    starts = [*line_starts(code), len(code)]
    wrong = code[starts[line - 1] : starts[line]] if line < len(starts) else ""
    return bool(_PYTHON_2_LINE.search(wrong) or _PYTHON_2_TEXT.search(code))


_CODE_POINT = pattern(r"U\+([0-9A-F]{4,6})")
_SURROGATE = pattern("[\ud800-\udfff]")


def _strange_character(error: BaseException, text: str) -> Fault | None:
    """The fault if what the parser stumbles over is a character that does not belong into code."""
    found = _CODE_POINT.search(str(error)) if isinstance(error, SyntaxError) else None
    if found:
        character = chr(int(found.group(1), 16))
    elif isinstance(error, UnicodeEncodeError):
        character = error.object[error.start]
    elif "\0" in text:
        character = "\0"
    else:
        return None
    at = only_code(text).find(character)
    at = at if at >= 0 else text.find(character)
    starts = line_starts(text[: max(at, 0)])
    line, column = len(starts), max(at, 0) - starts[-1] + 1
    name = unicodedata.name(character, "").lower() or _NAMELESS.get(character, "not a character by itself")
    message = f"contains U+{ord(character):04X} ({name}) at {line}:{column}"
    return Fault(line, column, message, _replacement_hint(character))


_NAMELESS = {"\0": "null character"}
_INVISIBLE = ("Zs", "Zl", "Zp", "Cf", "Cc")


def _replacement_hint(character: str) -> str:
    if unicodedata.category(character) == "Zs":
        return "Replace it by a space"
    if unicodedata.category(character) in (*_INVISIBLE, "Cs"):
        return "Delete it"
    return "Replace it by the plain character that is meant"


def without_invisible(text: str) -> str:
    """`text` with a space for each character of code that cannot be seen, and "?" for half characters."""
    text = _SURROGATE.sub("?", text)
    if text.isascii() and "\0" not in text:
        return text
    code = only_code(text)
    return "".join(" " if _is_invisible(c) else was for c, was in zip(code, text, strict=True))


def _is_invisible(character: str) -> bool:
    if " " < character < "\x7f" or character in " \t\f\r\n":
        return False
    return unicodedata.category(character) in _INVISIBLE
