"""Lines of code with the colours of their syntax, and with marks on parts of them.

One regular expression, for a report shows a hundred thousand lines: Pygments takes ten times as long, and most of what it
tells apart would look the same here.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Sequence

from keras_upgrade.report.html.elements import Html, text

type Range = tuple[int, int, str]
"""A part of a line: from, to, and the class that it gets."""

_NAMES = dict.fromkeys([name for name in dir(builtins) if name[0].islower()] + ["self"], "b")
_NAMES |= dict.fromkeys(keyword.kwlist, "k")
_TOKEN = re.compile(
    r"""
    (?P<c> \#[^\n]* )
  | (?P<s> (?:\b[bfrtuBFRTU]{1,2})? (?: \"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z) | '''(?:\\.|[^\\])*?(?:'''|\Z)
         | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'? ) )
  | (?P<m> ^[ \t]*[%!][^\n]* )
  | (?P<d> ^[ \t]*@[\w.]+ )
  | (?P<f> (?<=\bdef[ ])\w+ | (?<=\bclass[ ])\w+ )
  | (?P<name> (?<![.\w])[^\W\d]\w*(?!\s*=[^=]) )
  | (?P<n> \b\d[\w.]*(?:(?<=[eE])[+-]\d+)? )
  | \w+
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""comment, string, magic, decorator, function or class, name (a keyword or a builtin, or none of them), number."""


def split(source: str) -> list[str]:
    """The lines of a source; only a line feed ends one."""
    lines = source.split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def ranges(source: str) -> list[list[Range]]:
    """For each line of `source`, the parts that have a colour, in order."""
    starts = [0, *(end.end() for end in re.finditer("\n", source))]
    result: list[list[Range]] = [[] for _ in starts]
    line = 0
    for token in _TOKEN.finditer(source):
        kind = token.lastgroup
        if kind == "name":
            kind = _NAMES.get(token[0])
        if kind is None:
            continue
        while line + 1 < len(starts) and starts[line + 1] <= token.start():
            line += 1
        column = token.start() - starts[line]
        for number, part in enumerate(token[0].split("\n")):
            result[line + number].append((column, column + len(part), kind))
            column = 0
    return result


def coloured(line: str, colours: Sequence[Range], marks: Sequence[Range] = ()) -> Html:
    """A line as markup: its colours as `<i>`, its marks as `<mark>` around them."""
    if not marks:
        return _painted(line, colours, 0, len(line))
    parts: list[str] = []
    end = 0
    for first, last, kind in marks:
        parts.append(_painted(line, colours, end, first))
        parts.append(f'<mark class="{kind}">{_painted(line, colours, first, last)}</mark>')
        end = last
    return Html("".join([*parts, _painted(line, colours, end, len(line))]))


def _painted(line: str, colours: Sequence[Range], start: int, end: int) -> Html:
    parts: list[str] = []
    at = start
    for first, last, kind in colours:
        first, last = max(first, start), min(last, end)  # noqa: PLW2901
        if first >= last:
            continue
        parts.append(text(line[at:first]))
        parts.append(f"<i class={kind}>{text(line[first:last])}</i>")
        at = last
    return Html("".join([*parts, text(line[at:end])]))
