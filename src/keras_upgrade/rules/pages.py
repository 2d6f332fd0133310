"""The examples in a rule's page: fenced blocks `python before`, `python after`, `python unchanged`."""

import re

from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

_BLOCK = pattern(r"^```python (before|after|unchanged)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One example; for right code that stays, `after` is `before`.

    Attributes:
        before: what a user has.
        after: what the tool makes of it.
    """

    before: str
    after: str

    @property
    def changes(self) -> bool:
        """Whether there is something to fix in it."""
        return self.before != self.after


def examples(page: str) -> list[Example]:
    """The examples of a page, in order.

    Raises:
        ValueError: a `before` without its `after`.
    """
    found: list[Example] = []
    before: str | None = None
    for kind, text in _BLOCK.findall(page):
        if kind == "unchanged":
            found.append(Example(text, text))
        elif kind == "before":
            before = text
        elif before is None:
            raise ValueError("an `after` without a `before`")
        else:
            found.append(Example(before, text))
            before = None
    if before is not None:
        raise ValueError("a `before` without an `after`")
    return found
