"""What cells showed, so that it can do nothing: pictures as pictures, all else as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from keras_upgrade.records import dataclass
from keras_upgrade.report.html.elements import Html, join, tag

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
_TEXTS = ("text/plain", "text/markdown", "text/latex", "text/html", "application/json")
_LINES, _CHARACTERS = 60, 8_000
"""What is shown of a text; where it is longer, its beginning and its end."""


@dataclass(frozen=True)
class Shown:
    """What a cell showed.

    Attributes:
        items: the outputs as markup.
        pictures: how many of them are pictures.
        lines: how many lines of text there are.
    """

    items: Sequence[Html]
    pictures: int
    lines: int


def shown(outputs: Sequence[Mapping[str, Any]], title: str) -> Shown:
    """The outputs of a cell, as nbformat 4 has them.

    Args:
        outputs: what it showed.
        title: what a picture is called for those who do not see it.
    """
    items, pictures, lines = [], 0, 0
    for output in _merged(outputs):
        picture = _picture(output.get("data") or {}, f"{title}, picture {pictures + 1}")
        if picture is not None:
            items.append(picture)
            pictures += 1
            continue
        value = readable(_text(output))
        if value.strip():
            items.append(block(value, error=output.get("output_type") == "error"))
            lines += value.count("\n") + 1
    return Shown(items, pictures, lines)


def block(value: str, *, error: bool = False) -> Html:
    """A text that may be long."""
    return tag("pre", _clipped(value), class_="output error" if error else "output", tabindex=0)


def readable(value: str) -> str:
    """Printed text as a terminal would show it in the end: without colours, lines written over as they were left."""
    value = _ESCAPE.sub("", value).replace("\r\n", "\n")
    return "\n".join(_overwritten(line) for line in value.split("\n")).rstrip()


def _overwritten(line: str) -> str:
    line = line.rstrip("\r").rpartition("\r")[2]
    if "\b" not in line:
        return line
    kept: list[str] = []
    for character in line:
        if character != "\b":
            kept.append(character)
        elif kept:
            kept.pop()
    return "".join(kept)


def _merged(outputs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The outputs, those of one stream that follow each other as one."""
    result: list[Mapping[str, Any]] = []
    for output in outputs:
        last = result[-1] if result else {}
        kinds = (last.get("output_type"), output.get("output_type"))
        if kinds == ("stream", "stream") and last.get("name") == output.get("name"):
            result[-1] = {**last, "text": _joined(last.get("text")) + _joined(output.get("text"))}
        else:
            result.append(output)
    return result


def _picture(data: Mapping[str, Any], title: str) -> Html | None:
    for kind in ("image/png", "image/jpeg", "image/gif", "image/webp"):
        value = _joined(data.get(kind))
        if value and _BASE64.fullmatch(value):
            return tag("img", src=f"data:{kind};base64,{''.join(value.split())}", alt=title, loading="lazy")
    drawing = _joined(data.get("image/svg+xml"))
    if drawing:
        return tag("img", src=f"data:image/svg+xml,{quote(drawing)}", alt=title, loading="lazy")
    return None


def _text(output: Mapping[str, Any]) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        return _joined(output.get("text"))
    if kind == "error":
        head = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        return "\n".join(map(str, output.get("traceback") or ())) or head
    data = output.get("data") or {}
    return next((_joined(data[name]) for name in _TEXTS if data.get(name)), "")


def _joined(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "".join(map(str, value))
    return "" if value is None else str(value)


def _clipped(value: str) -> Html:
    lines = [line if len(line) <= _CHARACTERS else f"{line[:_CHARACTERS]} …" for line in value.split("\n")]
    if len(lines) <= _LINES and len(value) <= _CHARACTERS:
        return join("\n".join(lines))
    head, tail = _fitting(lines[: _LINES // 2]), _fitting(lines[_LINES // 2 :][-_LINES // 2 :][::-1])[::-1]
    left_out = len(lines) - len(head) - len(tail)
    if left_out <= 0:
        return join("\n".join(lines))
    return join("\n".join(head), "\n", tag("b", f"… {left_out:,} lines left out …"), "\n", "\n".join(tail))


def _fitting(lines: Sequence[str]) -> list[str]:
    """As many of the lines as half a block may hold, at least one."""
    room = _CHARACTERS // 2
    result: list[str] = []
    for line in lines:
        room -= len(line)
        if result and room < 0:
            break
        result.append(line)
    return result
