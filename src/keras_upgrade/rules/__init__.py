"""The rules: one file per breaking change, found by their place in this folder.

A rule module's docstring is the page that users read: a first line `KU301 name: title`, then what changed and since
when, the error message (or the word SILENT), the fix, when there is none, and examples as fenced blocks
`python before` / `python after` / `python unchanged`, which the test suite runs. The module has

- `check(context)`, a generator of findings;
- `PHASE`: NAMES for renames and arguments, STRUCTURE for fixes that move code (made after the names are right);
- `WORDS` (optional): the rule has nothing to say about programs in which none of these words occurs, as a name, as a
  keyword, in a text or a magic, or as the kind of a document; it is not even imported for them. A set of literals, since
  it is read without running the module;
- `ERRORS` (optional): regular expressions of the messages that Keras prints where this rule has not been applied.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from importlib import import_module

from keras_upgrade.findings import Finding
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass
from keras_upgrade.rules.context import Context

__all__ = [
    "NAMES",
    "STRUCTURE",
    "Context",
    "Rule",
    "all_rules",
    "codes_of",
    "rule_of",
    "rules_for",
]

CLEANUP = ("KU100", "unused-import")
"""What takes away the imports that the migration left without a use; it goes last, and has no page."""
NAMES = 0
STRUCTURE = 1
_TITLE = pattern(r"(?P<code>KU\d{3}) (?P<name>[a-z0-9-]+): (?P<title>.+)")
_WORDS = b"\nWORDS = {"
_WORD = pattern(r'"([^"]+)"')


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        code: `KU301`.
        name: `backend-function`.
        title: one line for lists.
        page: the whole page, Markdown.
        phase: when its fixes are made.
        patterns: regular expressions of the error messages that it is the answer to.
        check: gives the findings of a module.
        module: where it is written.
    """

    code: str
    name: str
    title: str
    page: str
    phase: int
    patterns: tuple[str, ...]
    check: Callable[[Context], Iterator[Finding]]
    module: str

    @cached_property
    def errors(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, compiled."""
        return tuple(re.compile(pattern, re.DOTALL) for pattern in self.patterns)


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    return tuple(_load(module) for module in _modules())


def rules_for(words: AbstractSet[str]) -> tuple[Rule, ...]:
    """The rules that may have something to say about a program in which these words occur, by code."""
    by_word, always = _by_word()
    wanted = {*always, *(module for word in words & by_word.keys() for module in by_word[word])}
    return tuple(map(_load, sorted(wanted)))


def rule_of(code: str) -> Rule | None:
    """The rule with a code or a name, in any case."""
    wanted = code.casefold()
    for module in _modules():
        if module.startswith(f"{wanted}_"):
            return _load(module)
    return next((rule for rule in all_rules() if wanted == rule.name), None)


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


@cache
def _modules() -> dict[str, frozenset[str] | None]:
    """The modules of the rules in this folder, with their `WORDS`."""
    found = {}
    folder = os.path.dirname(__file__)
    for file in sorted(os.listdir(folder)):
        if file.startswith("ku") and file.endswith(".py"):
            with open(os.path.join(folder, file), "rb", buffering=0) as code:
                _, has_words, rest = code.read().partition(_WORDS)
            words = rest.partition(b"}")[0].decode() if has_words else ""
            found[file.removesuffix(".py")] = frozenset(_WORD.findall(words)) if has_words else None
    return found


@cache
def _by_word() -> tuple[dict[str, list[str]], list[str]]:
    """The modules of the rules that need a word, by that word, and those that need none."""
    by_word: dict[str, list[str]] = {}
    for module, words in _modules().items():
        for word in words or ():
            by_word.setdefault(word, []).append(module)
    return by_word, [module for module, words in _modules().items() if words is None]


@cache
def _load(name: str) -> Rule:
    module = import_module(f"{__name__}.{name}")
    page = (module.__doc__ or "").strip()
    head = _TITLE.match(page)
    if head is None:
        raise ValueError(f"the docstring of {module.__name__} has no title line")
    return Rule(
        head["code"],
        head["name"],
        head["title"],
        page,
        module.PHASE,
        getattr(module, "ERRORS", ()),
        module.check,
        module.__name__,
    )
