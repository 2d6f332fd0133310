"""The requirements in files that list some, each with its place: for pip, setuptools, Poetry and conda."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from keras_upgrade.documents.lines import split_lines
from keras_upgrade.documents.requirements import is_conda
from keras_upgrade.documents.spans import Span
from keras_upgrade.documents.toml import ITEM, toml_strings
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

type Style = Literal["pip", "conda", "poetry"]
"""How versions are written: `==1.15` for pip, `=1.15` also for conda, `^1.15` also for Poetry."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A requirement.

    Attributes:
        style: in whose language it is written.
        span: its text; only the versions, where the name stands apart.
        name: the package, where the name stands apart: `python` for the versions of Python.
        key: where this name is written, if it may become another.
        whole: what goes with it when it goes; None if more would have to change.
    """

    style: Style
    span: Span
    name: str = ""
    key: Span | None = None
    whole: Span | None = None


def pins(path: Path, text: str) -> Iterator[Pin]:
    """The requirements in a file; its name says of which kind it is."""
    name = path.name.lower()
    if name == "pyproject.toml":
        yield from _in_pyproject(text)
    elif name == "setup.cfg":
        yield from _in_setup_cfg(text)
    elif is_conda(path):
        yield from _in_environment(text)
    else:
        for line in _lines(text):
            yield Pin("pip", _stripped(text, line), whole=line)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in split_lines(text):
        yield Span(start, start + len(line))
        start += len(line)


def _stripped(text: str, span: Span) -> Span:
    part = text[span.start : span.end]
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, max(start, span.start + len(part.rstrip())))


# -- pyproject.toml ------------------------------------------------------------------------------------------

_ANY = "*"
_LISTS = (
    ("project", "dependencies", ITEM),
    ("project", "optional-dependencies", _ANY, ITEM),
    ("dependency-groups", _ANY, ITEM),
    ("build-system", "requires", ITEM),
)
_POETRY = (
    ("tool", "poetry", "dependencies"),
    ("tool", "poetry", "dev-dependencies"),
    ("tool", "poetry", "group", _ANY, "dependencies"),
)


def _in_pyproject(text: str) -> Iterator[Pin]:
    for string in toml_strings(text):
        if any(_fits(string.path, form) for form in _LISTS):
            yield Pin("pip", string.span, whole=_line_of_item(text, string.span))
        elif string.path == ("project", "requires-python"):
            yield Pin("pip", string.span, "python")
        for form in _POETRY:
            below = string.path[len(form) :]
            if not below or not _fits(string.path[: len(form)], form):
                continue
            if len(below) == 1:
                yield Pin("poetry", string.span, below[0], string.key)
            elif below[-1] == "version":  # of a table, or of one of several
                yield Pin("poetry", string.span, below[0])


def _fits(path: tuple[str, ...], form: tuple[str, ...]) -> bool:
    return len(path) == len(form) and all(want in (_ANY, key) for key, want in zip(path, form, strict=True))


def _line_of_item(text: str, span: Span) -> Span | None:
    """The line of an element of an array, if nothing else is on it."""
    start = text.rfind("\n", 0, span.start) + 1
    rest = re.compile(r"[\"'][ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n)").match(text, span.end)
    alone = not text[start : span.start - 1].strip() and rest is not None
    return Span(start, rest.end()) if alone and rest is not None else None


# -- setup.cfg -----------------------------------------------------------------------------------------------

_SECTION = pattern(r"\[([^\]]+)\]")
_OPTION = pattern(r"([^\s=:#;\[][^=:\r\n]*?)[ \t]*[=:]")
_REQUIRES = frozenset({"install_requires", "setup_requires", "tests_require"})


def _in_setup_cfg(text: str) -> Iterator[Pin]:
    section = option = ""
    for line in _lines(text):
        content = text[line.start : line.end]
        head, inside = _SECTION.match(content), _stripped(text, line)
        if head is not None:
            section, option = head[1].strip(), ""
        elif content[:1] in "#;" or not content.strip() or content.strip()[0] in "#;":
            continue
        elif content[0].isspace():
            if _is_list(section, option):
                yield Pin("pip", inside, whole=line)
        elif (found := _OPTION.match(content)) is not None:
            option = found[1].lower().replace("-", "_")
            value = _stripped(text, Span(line.start + found.end(), line.end))
            if section == "options" and option == "python_requires":
                yield Pin("pip", value, "python")
            elif _is_list(section, option) and value.start < value.end:
                yield from _between_semicolons(text, value)


def _is_list(section: str, option: str) -> bool:
    return section == "options.extras_require" or (section == "options" and option in _REQUIRES)


def _between_semicolons(text: str, span: Span) -> Iterator[Pin]:
    """The requirements in a list on one line, where semicolons part them."""
    start = span.start
    for part in text[span.start : span.end].split(";"):
        yield Pin("pip", _stripped(text, Span(start, start + len(part))))
        start += len(part) + 1


# -- environment.yml -----------------------------------------------------------------------------------------

_ITEM = pattern(
    r"(?P<indent>[ ]*)-[ ]+(?:\"(?P<double>[^\"\\]*)\"|'(?P<single>[^']*)'|(?P<plain>[^\s\"'#].*?))[ \t]*(?:[ \t]#.*)?$"
)
_QUIET = pattern(r"[ \t]*(?:#.*)?$")


def _in_environment(text: str) -> Iterator[Pin]:
    """The items below `dependencies:`, and below its `- pip:`."""
    found: list[Pin] = []
    for_pip: list[Pin] = []
    inside, deeper = False, None
    for line in _lines(text):
        content = text[line.start : line.end].rstrip("\r\n")
        item = _ITEM.match(content)
        if _QUIET.match(content) is not None:
            continue
        if item is None:
            inside, deeper = re.match(r"dependencies:[ \t]*(?:#.*)?$", content) is not None, None
            continue
        if not inside:
            continue
        indent = len(item["indent"])
        if deeper is not None and indent <= deeper:
            deeper = None
        if item["plain"] == "pip:":
            deeper = indent
            continue
        group = next(name for name in ("double", "single", "plain") if item[name] is not None)
        span = Span(line.start + item.start(group), line.start + item.end(group))
        if deeper is None:
            found.append(Pin("conda", span, whole=line))
        else:
            for_pip.append(Pin("pip", span, whole=line))
    for group_of_pins in (found, for_pip):
        # An empty list is no list any more; what can go are two packages at most.
        short = len(group_of_pins) <= 2
        yield from (replace(pin, whole=None) if short else pin for pin in group_of_pins)
