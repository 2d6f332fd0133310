"""A forgiving tokenizer: strings, comments and brackets of code that the parser refuses."""

import re
from collections.abc import Iterator

from keras_upgrade.documents.lines import blank
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

_TOKEN = pattern(
    r"""
      (?P<newline> \r\n | \r | \n )
    | (?P<space>   [ \t\f]+ | \\(?:\r\n|\r|\n) )
    | (?P<comment> \#[^\r\n]* )
    | (?P<string>  \"{3} (?: [^\\"]+ | \\. | "(?!"") )*+ (?:\"{3})?
                 | '{3}  (?: [^\\']+ | \\. | '(?!'') )*+ (?:'{3})?
                 | "     (?: [^"\\\r\n]+ | \\(?:\r\n|.) )*+ "?
                 | '     (?: [^'\\\r\n]+ | \\(?:\r\n|.) )*+ '? )
    | (?P<open>    [(\[{] )
    | (?P<close>   [)\]}] )
    | (?P<code>    [^ \t\f\r\n\\#"'(\[{)\]}]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_CONTINUED = pattern(r"(?:[^\\\r\n]|\\(?!\r|\n)|\\(?:\r\n|\r|\n))*")


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """One statement's worth of lines.

    Attributes:
        start: offset of its first character, indentation included.
        end: offset after its last character, its line end not included.
        next: where the following logical line starts.
        last: offset of its last character that is neither space, comment nor string; -1 if there is none.
    """

    start: int
    end: int
    next: int
    last: int


def logical_line(text: str, start: int) -> LogicalLine:
    """The logical line that begins at `start`: up to a line end outside of strings and brackets."""
    depth, last, at = 0, -1, start
    while match := _TOKEN.match(text, at):
        at = match.end()
        kind = match.lastgroup
        if kind == "newline":
            if depth == 0:
                return LogicalLine(start, match.start(), at, last)
        elif kind in ("open", "close", "code"):
            last = at - 1
            depth = depth + 1 if kind == "open" else max(depth - (kind == "close"), 0)
    return LogicalLine(start, at, at, last)


def continued_line(text: str, start: int) -> int:
    """Where the physical line at `start` ends, together with those that a backslash joins to it."""
    match = _CONTINUED.match(text, start)
    return match.end() if match else start


def logical_lines(text: str, start: int = 0) -> Iterator[LogicalLine]:
    """The logical lines of `text` from `start` on."""
    while start < len(text):
        line = logical_line(text, start)
        yield line
        start = line.next


def comments(text: str) -> Iterator[tuple[int, str]]:
    """The comments, each with the offset of its `#`."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "comment":
            yield match.start(), match[0]


def only_code(text: str) -> str:
    """`text` with blanks in place of comments and of what strings contain; the quotes stay."""
    parts: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "comment":
            token = blank(token)
        elif match.lastgroup == "string":
            token = token[0] + blank(token[1:-1]) + token[-1] if len(token) > 1 else token
        parts.append(token)
    return "".join(parts)
