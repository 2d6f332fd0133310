"""The breaking changes that are known, one small program of ours for each: `breakages/*.py`.

A program begins with comment lines that say what it is about:

    # error: the message that Keras 3 prints for it; several lines for several spellings
    # silent: it runs on Keras 3, and does something else
    # result: what `result` has to be, where no Keras 2 that the tests have can run the program
    # advised: the code of the rule whose advice is the answer, where there is no fix
    # left: why there is neither

A program without `advised` and `left` is fixed: what the tool writes gives on Keras 3 the `result` that it has on Keras 2.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("breakages")
_HEADER = re.compile(r"# (error|silent|result|advised|left)(?:: (.*))?\n")


@dataclass(frozen=True)
class Breakage:
    """One breaking change.

    Attributes:
        name: the file's name without its ending.
        program: what Keras 2 runs.
        errors: the messages of Keras 3.
        silent: whether Keras 3 prints none.
        advised: the code of the rule that advises, or an empty string.
        left: why the tool says nothing, or an empty string.
        result: the expected `result` as Python text, or None where Keras 2 gives it.
    """

    name: str
    program: str
    errors: tuple[str, ...]
    silent: bool
    advised: str
    left: str
    result: str | None

    @property
    def fixed(self) -> bool:
        """Whether the tool has to mend it."""
        return not self.advised and not self.left


def breakages() -> Iterator[Breakage]:
    """All of them, by name."""
    for path in sorted(FOLDER.glob("*.py")):
        yield _read(path)


def _read(path: Path) -> Breakage:
    text, found, position = path.read_text(encoding="utf-8"), list[tuple[str, str]](), 0
    while (match := _HEADER.match(text, position)) is not None:
        found.append((match[1], (match[2] or "").replace("\\n", "\n")))
        position = match.end()
    values = dict(found)
    if values.get("result"):
        ast.parse(values["result"], mode="eval")
    return Breakage(
        path.stem,
        text[position:].lstrip("\n"),
        tuple(value for name, value in found if name == "error"),
        "silent" in values,
        values.get("advised", ""),
        values.get("left", ""),
        values.get("result"),
    )
