"""The error index: what `keras-upgrade explain` knows, as data for the browser and as a list for reading.

`docs/assets/errors.js` does with the data what `keras_upgrade.explain` does; `tests/website/` compares the two.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from keras_upgrade import explain
from keras_upgrade.explain import facts, reading
from keras_upgrade.knowledge import arguments, backend, messages, moved, surface, tensorflow1
from keras_upgrade.rules import all_rules, rule_of

_CATALOGUE = Path(__file__).parents[2] / "tests" / "execution" / "breakages"
"""Programs that begin with the messages that Keras 3 prints for them; the tests ask `explain` for each."""

_SECTION = re.compile(r"\*\*Error\*\*\n\n((?:    .*\n)+)")
_HEADER = re.compile(r"^# error: (.*)$", re.MULTILINE)


class _Told:
    """The facts, each kept once; elsewhere they are numbers."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int], int] = {}

    def add(self, found: Iterable[facts.Fact], path: str = "") -> tuple[int, ...]:
        """The numbers of facts. The path that they are about is written `{path}` in them, its last name `{name}`."""
        return tuple(self._number(fact, path) for fact in found)

    def _number(self, fact: facts.Fact, path: str) -> int:
        text = fact.text
        if path:
            text = text.replace(f"`{path}`", "`{path}`")
            text = re.sub(rf"(?<=\.){path.rpartition('.')[2]}`", "{name}`", text)
        return self._numbers.setdefault((text, int(fact.fixed)), len(self._numbers))

    def table(self) -> list[tuple[str, int]]:
        """What the numbers mean: text, and whether it is mended."""
        return list(self._numbers)


def data() -> str:
    """What the browser needs to do as `explain` does."""
    told = _Told()
    content = {
        "rules": {
            rule.code: {
                "name": rule.name,
                "title": rule.title,
                "fix": " ".join(explain.fix_of(rule)).removeprefix("Fix.").strip(),
                "errors": [
                    {
                        "pattern": _js(pattern),
                        "weight": explain.specificity(pattern.pattern),
                        "aboutName": "name" in pattern.groupindex,
                    }
                    for pattern in rule.errors
                ],
            }
            for rule in all_rules()
        },
        "signs": {code: _js(pattern) for code, pattern in explain.SIGNS.items()},
        "patterns": {
            "escape": _js(reading.ESCAPE),
            "error": _js(reading.ERROR),
            "end": _js(reading.END),
            "frame": _js(reading.FRAME),
            "tensorflows": _js(explain.TENSORFLOWS),
            "inner": _js(facts.INNER),
        },
        "names": [_js(pattern) for pattern in facts.NAMES],
        "argument": [_js(pattern) for pattern in facts.ARGUMENT],
        "messages": [{"pattern": _js(item.pattern), "words": item.words} for item in messages.MESSAGES],
        "facts": _facts(told),
        "told": told.table(),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _js(pattern: re.Pattern[str]) -> str:
    """A pattern as JavaScript writes it."""
    return pattern.pattern.replace("(?P<", "(?<")


def _facts(told: _Told) -> dict[str, Any]:
    """What the tables say of each name."""
    old = sorted(name for name in tensorflow1.names() if "." not in name)
    return {
        "moved": _moved(told),
        "backend": _nonempty({name: told.add(facts.of_backend(name), name) for name in backend.ROWS}),
        "tensorflow": _nonempty({name: told.add(facts.of_tensorflow(name), name) for name in old}),
        "session": sorted(tensorflow1.SESSION),
        "metrics": _nonempty(
            {name: told.add(facts.of_metrics(name), name) for name in sorted(surface.members("keras.losses"))}
        ),
        "namespace": sorted(_only_in_keras()),
        "arguments": _arguments(told),
    }


def _moved(told: _Told) -> list[tuple[tuple[int, ...], dict[str, str]]]:
    """What became of the paths of Keras 2: facts, and the names, by module, that they hold for."""
    groups: dict[tuple[int, ...], dict[str, list[str]]] = {}
    for path in sorted(moved.paths() | moved.modules()):
        numbers = told.add(facts.of_moved(path), path)
        if numbers:
            module, _, name = path.rpartition(".")
            groups.setdefault(numbers, {}).setdefault(module, []).append(name)
    return [
        (numbers, {module: " ".join(names) for module, names in modules.items()})
        for numbers, modules in groups.items()
    ]


def _nonempty(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value}


def _only_in_keras() -> set[str]:
    """The names that `keras` has and `tf.keras` has not."""
    return {
        path
        for module in moved.modules()
        for name in surface.members(module)
        if not surface.exists(path := f"{module}.{name}", "tf.keras")
    }


def _members(homes: Iterable[str]) -> set[str]:
    """The names that Keras 3 or Keras 2 has in these modules."""
    modules = {f"keras.{home}" for home in homes}
    paths = (path.rpartition(".") for path in moved.paths())
    return {name for module, _, name in paths if module in modules}.union(*map(surface.members, modules))


def _arguments(told: _Told) -> dict[str, Any]:
    """{kind: {what takes them: number in `sets`}}, the kinds being those of `facts.of_argument`."""
    owners, functions = _members(facts.HOMES), _members(facts.FUNCTION_HOMES)
    kinds = {"owner": owners, "function": functions, "method": arguments.methods(), "": {""}}
    places = {
        "owner": [f"keras.{home}." for home in facts.HOMES],
        "function": [f"keras.{home}." for home in facts.FUNCTION_HOMES],
        "method": ["keras.Model."],
        "": ["keras.optimizers.Adam"],
    }
    sets: dict[str, int] = {}
    found: dict[str, Any] = {}
    for kind, names in kinds.items():
        for name in sorted(names):
            known = sorted({word for place in places[kind] for word in arguments.changes(place + name)})
            rows = _nonempty({word: told.add(facts.of_argument(kind, name, word)) for word in known})
            if rows:
                number = sets.setdefault(json.dumps(rows), len(sets))
                found.setdefault(kind, {})[name] = number
    return {"sets": [json.loads(text) for text in sets], **found}


# -- the list ----------------------------------------------------------------------------------------


def listing() -> str:
    """The errors that are known, as Keras prints them, below the rules that answer them."""
    parts = []
    by_rule: dict[str, list[str]] = {}
    for text in _texts():
        codes = explain.answer(text).codes
        by_rule.setdefault(codes[0] if codes else "", []).append(text)
    for code in sorted(by_rule, key=lambda code: code or "~"):
        rule = rule_of(code)
        if rule is None:
            parts.append("## Files, devices and data {: data-code='' }\n")
        else:
            fix = " ".join(explain.fix_of(rule)).removeprefix("Fix.").strip()
            parts.append(
                f"## {code} {rule.title} {{: data-code='{code}' }}\n\n{fix} [More](rules/{code.lower()}.md)\n"
            )
        for text in by_rule[code]:
            answer = explain.answer(text)
            about = " ".join(answer.facts) or ("" if rule else answer.fix)
            parts.append(f"### {_literal(text)}\n" + (f"\n{about}\n" if about else ""))
    return "\n".join(parts)


@cache
def _texts() -> list[str]:
    """The messages of the rules' pages and of the catalogue, each once, in the order of the rules."""
    found: dict[str, None] = {}
    for rule in all_rules():
        section = _SECTION.search(f"{rule.page}\n")
        found |= dict.fromkeys(line.strip() for line in (section[1].splitlines() if section else ()))
    for path in sorted(_CATALOGUE.glob("*.py")):
        found |= dict.fromkeys(
            _first_line(text) for text in _HEADER.findall(path.read_text(encoding="utf-8"))
        )
    found |= dict.fromkeys(_first_line(item.example) for item in messages.MESSAGES)
    return [text for text in found if text]


def _first_line(text: str) -> str:
    return text.replace("\\n", "\n").strip().partition("\n")[0]


def _literal(text: str) -> str:
    """The text as code, whatever backticks are in it."""
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if "`" in (text[0], text[-1]) else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"
