"""What Jupyter understands and Python does not: `%magic`, `!shell`, `help?`, `%%cell magic`.

Everything here gives back a text of the same length with its line ends at the same places, so that an offset
in it is an offset in the source.
"""

import re
from collections.abc import Callable

from keras_upgrade.documents.lexing import continued_line, logical_line, logical_lines
from keras_upgrade.documents.lines import NEWLINE, blank
from keras_upgrade.documents.parsing import parses
from keras_upgrade.patterns import pattern

_PYTHON_BODY = frozenset(
    (
        "autotime",
        "cache",
        "capture",
        "debug",
        "heat",
        "ipytest",
        "keras3",
        "local",
        "lprun",
        "memit",
        "memray_flamegraph",
        "mprun",
        "notify",
        "prun",
        "pyinstrument",
        "run_pytest",
        "scalene",
        "skip",
        "snakeviz",
        "tensorflow_version",
        "time",
        "timeit",
        "timeout",
        "wandb",
    )
)
_AUTOMAGIC = pattern(
    r"\s*(?:pip3?|conda|mamba|cd|ls|ll|mkdir|rmdir|rm|cp|mv|cat|less|more|man|matplotlib|pylab|load_ext|reload_ext"
    r"|autoreload|env|run|who|whos|config)\s[^\r\n=(]*\s*\Z"
)
_CELL_MAGIC = pattern(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t\f]*%%(\w*)[^\r\n]*")
_LINE_MAGIC = pattern(r"[ \t\f]*(?=[%!?])")
_ASSIGNED_MAGIC = pattern(r"[ \t\f]*[^\W\d][\w \t.,*()\[\]'\":-]*?=[ \t]*(?=[%!])")
_TIMED = pattern(r"%(?:time|timeit|prun|memit)[ \t]+(?:-[a-zA-Z][ \t]*\d*[ \t]+)*(?![#\s])")
_FIRST_INDENT = pattern(r"(?:[ \t\f]*(?:\r\n|\r|\n))*([ \t]*)(?=\S)")
_SUSPICIOUS = pattern(r"^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)


def looks_magic(source: str) -> bool:
    """Whether `source` may hold a magic (quick, and sometimes wrong in saying so)."""
    return _SUSPICIOUS.search(source) is not None


def hide_magics(source: str) -> str:
    """A cell's source with all that only Jupyter understands replaced by harmless Python.

    A magic leaves the statement `_`, an assigned one `name = _`. A cell magic leaves a blank line, or a blank
    cell if its body is not Python. Of `%time statement` the statement stays.

    Args:
        source: a cell that the parser refuses.

    Returns:
        The text to parse in its place; it may still not parse.
    """
    source = flatten_indentation(source)
    cell_magic = _CELL_MAGIC.match(source)
    if cell_magic:
        head, body = source[: cell_magic.end()], source[cell_magic.end() :]
        if cell_magic.group(1) not in _PYTHON_BODY:
            return blank(source)
        return blank(head) + (body if parses(body) else hide_magics(body))
    if _AUTOMAGIC.match(source):
        return _statement(source)
    parts: list[str] = []
    start = 0
    while start < len(source):
        hidden = _hidden_line(source, start)
        if hidden is None:
            line = logical_line(source, start)
            hidden = source[start : line.end]
            if line.last >= 0 and source[line.last] == "?":
                hidden = _statement(hidden)
        end = start + len(hidden)
        newline = NEWLINE.match(source, end)
        start = newline.end() if newline else end
        parts += (hidden, source[end:start])
    return "".join(parts)


def flatten_indentation(source: str) -> str:
    """A cell that is indented as a whole, made to parse: Jupyter takes the first line's indentation away.

    A form feed, which sets Python's column back to 0, stands in for the last character of that indentation.
    """
    first = _FIRST_INDENT.match(source)
    indent = first.group(1) if first else ""
    if not indent:
        return source
    characters = list(source)
    for line in logical_lines(source):
        if source.startswith(indent, line.start):
            characters[line.start + len(indent) - 1] = "\f"
    return "".join(characters)


def _hidden_line(source: str, start: int) -> str | None:
    """The replacement of the (continued) line at `start`, or None if it is no magic."""
    magic = _LINE_MAGIC.match(source, start)
    if magic:
        line = source[start : continued_line(source, start)]
        return _timed(line, magic.end() - start, _reset_column) or _statement(line)
    assigned = _ASSIGNED_MAGIC.match(source, start)
    if assigned:
        line, at = source[start : continued_line(source, start)], assigned.end() - start
        return _timed(line, at, _keep_target) or line[:at] + _statement(line[at:])
    return None


def _statement(line: str) -> str:
    """`_` at the place of the first visible character, then blanks."""
    indent = len(line) - len(line.lstrip())
    return line[:indent] + "_" + blank(line[indent + 1 :])


def _timed(line: str, at: int, join: Callable[[str, int], str]) -> str | None:
    """The statement behind `%time` and its like, or None if there is none that parses."""
    magic = _TIMED.match(line, at)
    if not magic or magic.end() == len(line) or not parses(line[magic.end() :]):
        return None
    return join(line[:at], magic.end() - at) + line[magic.end() :]


def _reset_column(indent: str, width: int) -> str:
    return " " * (width - 1) + "\f" + indent


def _keep_target(target: str, width: int) -> str:
    return target + " " * width
