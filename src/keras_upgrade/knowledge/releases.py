"""In which minor release of Keras 3 a name or an argument came.

Source: `data/keras3_since.json`, which `scripts/measure_releases.py` made from the packages of 3.0 to 3.15.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from keras_upgrade.knowledge.tables import load
from keras_upgrade.patterns import pattern
from keras_upgrade.syntax.walking import walk

NEWEST = 15
"""The minor release that the tables were measured on."""

_NAME = pattern(r"(?<![\w.])keras\d*(?:\.\w+)+")


@cache
def _since() -> dict[str, int]:
    found: dict[str, int] = load("keras3_since")
    return found


def since(name: str) -> int:
    """The minor release that a public name (`keras.ops.norm`), or argument (`keras.Input(ragged)`), came in."""
    return _since().get(name, 0)


def newest_need(code: str) -> tuple[str, int]:
    """What in a piece of new code needs the newest release, and that release; 0 where any Keras 3 will do."""
    return max(((name, since(name)) for name in _names(code)), key=lambda need: need[1], default=("", 0))


def _names(code: str) -> Iterator[str]:
    for match in _NAME.finditer(code):
        _, _, rest = match[0].partition(".")
        yield f"keras.{rest}"
    from textwrap import dedent  # noqa: PLC0415

    try:
        tree = ast.parse(dedent(code).strip())
    except SyntaxError:  # a piece of a line: only its names can be told
        return
    for node in walk(tree):
        if isinstance(node, ast.Call):
            _, _, rest = ast.unparse(node.func).partition(".")
            yield from (f"keras.{rest}({keyword.arg})" for keyword in node.keywords if rest)
