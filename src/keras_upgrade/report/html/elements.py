"""HTML that cannot be broken by what stands in it: a text becomes markup only through `Html`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

_CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What has no business in a page: control characters, what turns text around, half pairs of UTF-16."""
_VOID = frozenset(("br", "img", "input", "meta"))


class Html(str):
    """A piece of markup, made by the functions of this module."""

    __slots__ = ()


type Content = Html | str | int | Iterable["Content"] | None
"""What stands in an element: markup as it is, text escaped, nothing for None."""


def text(value: object) -> Html:
    """A text as markup."""
    plain = str(value)
    if not plain.isprintable():
        plain = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", plain)
    return Html(escape(plain))


def join(*content: Content) -> Html:
    """Pieces one after the other."""
    return Html("".join(_piece(one) for one in content))


def tag(name: str, /, *content: Content, **attributes: str | int | bool | None) -> Html:
    """An element.

    Args:
        name: of the element.
        content: what stands in it.
        attributes: `class_` is `class`, `data_state` is `data-state`; True has no value, False and None are left out.
    """
    words = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        words.append(attribute if value is True else f'{attribute}="{text(value)}"')
    opening = f"<{' '.join(words)}>"
    return Html(opening if name in _VOID else f"{opening}{join(*content)}</{name}>")


def prose(value: str) -> Html:
    """A sentence in which what stands in backticks is code."""
    parts, end = [], 0
    for code in _CODE.finditer(value):
        parts += [text(value[end : code.start()]), tag("code", code[2].strip())]
        end = code.end()
    return join(*parts, text(value[end:]))


def later(content: Html) -> Html:
    """Markup in an element that is closed; the script of the page reads it when the element is opened."""
    return Html(f"<!--later-->{content}<!--now-->")


def hidden(value: str) -> Html:
    """Words for those who hear the page."""
    return tag("span", value, class_="vh")


def _piece(content: Content) -> str:
    if content is None:
        return ""
    if isinstance(content, Html):
        return content
    if isinstance(content, str | int):
        return text(content)
    return "".join(_piece(one) for one in content)
