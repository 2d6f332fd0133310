"""The rules: one file per breaking change, found by their place in this folder.

A rule module's docstring is the page that users read: a first line `KU301 name: title`, then what changed and since
when, the error message (or the word SILENT), the fix, when there is none, and examples as fenced blocks
`python before` / `python after` / `python unchanged`, which the test suite runs. The module has

- `check(context)`, a generator of findings;
- `PHASE`: NAMES for renames and arguments, STRUCTURE for fixes that move code (made after the names are right);
- `ERRORS` (optional): regular expressions of the messages that Keras prints where this rule has not been applied.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from keras_upgrade.findings import Finding
from keras_upgrade.rules.context import Context, Options

__all__ = ["NAMES", "STRUCTURE", "Context", "Options", "Rule", "all_rules", "codes_of", "rule_of"]

CLEANUP = ("KU100", "unused-import")
"""What takes away the imports that the migration left without a use; it goes last, and has no page."""
NAMES = 0
STRUCTURE = 1
_TITLE = re.compile(r"(?P<code>KU\d{3}) (?P<name>[a-z0-9-]+): (?P<title>.+)")


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        code: `KU301`.
        name: `backend-function`.
        title: one line for lists.
        page: the whole page, Markdown.
        phase: when its fixes are made.
        errors: patterns of the error messages that it is the answer to.
        check: gives the findings of a module.
        module: where it is written.
    """

    code: str
    name: str
    title: str
    page: str
    phase: int
    errors: tuple[re.Pattern[str], ...]
    check: Callable[[Context], Iterator[Finding]]
    module: str


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    found = []
    for info in pkgutil.iter_modules(__path__):
        if not info.name.startswith("ku"):
            continue
        module = import_module(f"{__name__}.{info.name}")
        page = (module.__doc__ or "").strip()
        head = _TITLE.match(page)
        if head is None:
            raise ValueError(f"the docstring of {module.__name__} has no title line")
        errors = tuple(re.compile(pattern, re.DOTALL) for pattern in getattr(module, "ERRORS", ()))
        found.append(
            Rule(
                head["code"],
                head["name"],
                head["title"],
                page,
                module.PHASE,
                errors,
                module.check,
                module.__name__,
            )
        )
    return tuple(sorted(found, key=lambda rule: rule.code))


def rule_of(code: str) -> Rule | None:
    """The rule with a code or a name, in any case."""
    wanted = code.casefold()
    return next((rule for rule in all_rules() if wanted in (rule.code.casefold(), rule.name)), None)


def codes_of(words: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules that users name: by code, by the beginning of a code (`KU4`), or by name (`backend-function`).

    Returns:
        The codes, or beginnings of codes, and the words that name no rule.
    """
    names = {rule.name: rule.code for rule in all_rules()} | {CLEANUP[1]: CLEANUP[0]}
    codes: list[str] = []
    unknown: list[str] = []
    for word in filter(None, (word.strip() for word in words)):
        code = names.get(word.casefold(), word.upper())
        known = len(code) > 1 and any(full.startswith(code) for full in names.values())
        (codes if known else unknown).append(code if known else word)
    return tuple(codes), tuple(unknown)
