"""Finds the errors, and the user's own lines, in a text: one message, or a traceback of Python, IPython or pytest."""

from __future__ import annotations

import re
from collections.abc import Iterator

ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
ERROR = re.compile(
    r"^[\s>E|]*(?P<type>(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration))"
    r"(?P<rest>[ \t]*:.*|[ \t]+\(.*|[ \t]*)$"
)
END = re.compile(r"^\s*(During handling of|The above exception|Traceback \(most recent|-{20,}|_{20,}|={20,})")
FRAME = re.compile(
    r"^[\s>|]*(?:File \"(?P<file>[^\"]+)\", line (?P<line>\d+)"
    r"|(?:Input |Cell )?(?P<cell>In ?\[\d+\])(?:,? line (?P<row>\d+)|, in | in )"
    r"|File (?P<path>[^\s\"]+?):(?P<number>\d+)"
    r"|(?P<old>\S+\.py|<ipython-input-\S+>) in )"
)
_ARROW = re.compile(r"^-+>\s*(?P<line>\d+)\s(?P<code>.*)")
_LIBRARY = re.compile(
    r"site-packages|dist-packages|[\\/](keras|tensorflow|tf_keras|lib[\\/]python[\d.]*)[\\/]|^<frozen"
)


def errors(text: str) -> Iterator[tuple[int, str]]:
    """The error messages in a text, with types and line numbers; the last, which the user saw, first."""
    found: list[tuple[int, list[str]]] = []
    is_open = False
    for number, line in enumerate(text.split("\n")):
        head = None if "Traceback (most recent call last)" in line else ERROR.match(line)
        if head is not None:
            rest = head["rest"] if head["rest"].strip(" :\t") else ""
            found.append((number, [f"{head['type']}{rest}"]))
            is_open = True
        elif END.match(line) or FRAME.match(line):
            is_open = False
        elif is_open:
            found[-1][1].append(line)
    for number, lines in reversed(found):
        yield number, "\n".join(lines).strip()


def at(text: str, end: int | None) -> list[str]:
    """Where in the user's own code it happened, above line `end` of the text, and its source if there."""
    place, code = "", ""
    lines = text.split("\n")[:end]
    for number, line in enumerate(lines):
        frame = FRAME.match(line)
        file = "" if frame is None else frame["file"] or frame["path"] or frame["old"] or ""
        if frame is None or _LIBRARY.search(file):
            continue
        code, arrow = _source_below(lines[number + 1 :])
        row = arrow or frame["line"] or frame["number"] or frame["row"]
        place = f"{file or frame['cell']}{f', line {row}' if row else ''}"
    return [f"  at {place}{f': {code}' if code else ''}"] if place else []


def _source_below(lines: list[str]) -> tuple[str, str]:
    """The source that stands below a frame: the next line, or the line with IPython's arrow."""
    for number, line in enumerate(lines):
        if FRAME.match(line) or ERROR.match(line):
            break
        arrow = _ARROW.match(line)
        if arrow is not None:
            return arrow["code"].strip(), arrow["line"]
        if number == 0 and line.startswith("    ") and not re.match(r"\s+\d+\s", line):
            return line.strip(), ""
    return "", ""
