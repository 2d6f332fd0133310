"""The pages of the rules, made from the docstrings that `keras-upgrade explain` shows."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache

from keras_upgrade import engine, explain
from keras_upgrade.documents import loads
from keras_upgrade.findings import Safety
from keras_upgrade.rules import Rule, all_rules, rule_of
from keras_upgrade.rules.pages import examples

FAMILIES = {
    "KU1": "Imports and names",
    "KU2": "Arguments",
    "KU3": "Tensors and ops",
    "KU4": "Layers",
    "KU5": "Losses and models",
    "KU6": "Training",
    "KU7": "Saving and loading",
    "KU8": "Data and preprocessing",
    "KU9": "The neighbourhood",
}
_CLEANUP = "KU100"
_BADGES = {
    "fixed": "an example on the page is fixed, equal by the facts",
    "review": "an example on the page is fixed under an assumption, which the report states",
    "advice": "an example on the page gets an advice",
    "silent": "Keras 3 says nothing: the program runs and does something else",
}
_PAIR = re.compile(
    r"^```python before\n(?P<before>.*?)^```\n+^```python after\n(?P<after>.*?)^```$"
    r"|^```python unchanged\n(?P<unchanged>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_ERRORS = re.compile(r"^(\*\*Error\*\*)\n\n((?:    .*\n)+)", re.MULTILINE)
_RULES = re.compile(r"^Rules: (KU\d{3}(?:, KU\d{3})*)\.$", re.MULTILINE)
_ERROR_FENCE = re.compile(r"^```error$", re.MULTILINE)


def uri(code: str) -> str:
    """The source of a rule's page, as MkDocs knows it."""
    return f"rules/{code.lower()}.md"


def title(code: str) -> str:
    """What a rule is about, without markup."""
    rule = rule_of(code)
    return (_head_of_cleanup()[1] if rule is None else rule.title).replace("`", "")


@cache
def codes() -> frozenset[str]:
    """The codes that have a page."""
    return frozenset({_CLEANUP, *(rule.code for rule in all_rules())})


def navigation() -> list[dict[str, list[str]]]:
    """The pages, by family."""
    return [
        {family: [uri(code) for code in sorted(codes()) if code.startswith(prefix)]}
        for prefix, family in FAMILIES.items()
    ]


def pages() -> Iterator[tuple[str, str]]:
    """The sources of the pages, with their names."""
    yield (
        uri(_CLEANUP),
        _page(_CLEANUP, *_head_of_cleanup(), (explain.page(_CLEANUP) or "").partition("\n")[2]),
    )
    for rule in all_rules():
        body = rule.page.partition("\n")[2]
        yield uri(rule.code), _page(rule.code, rule.name, rule.title, body, badges(rule))


def _head_of_cleanup() -> tuple[str, str]:
    """Name and title of what is no rule of its own, but has a page."""
    head = (explain.page(_CLEANUP) or "").partition("\n")[0]
    name, _, title = head.removeprefix(f"{_CLEANUP} ").partition(": ")
    return name, title


def index() -> str:
    """The source of the page that lists the rules."""
    legend = "\n".join(f"- {_badge(kind)} {words}" for kind, words in _BADGES.items())
    titles = {rule.code: f"{rule.title} {_badge(*badges(rule))}" for rule in all_rules()}
    titles[_CLEANUP] = _head_of_cleanup()[1]
    lines = [
        "---\ntitle: Rules\ndescription: Every rule of keras-upgrade, by family.\nhide: [toc]\n---\n\n# Rules\n",
        "Each rule knows one breaking change: how to see it, how to mend it, and when not to. `keras-upgrade explain CODE` "
        "shows the same page in the terminal.\n",
        f'<div class="legend" markdown>\n{legend}\n</div>\n',
    ]
    for prefix, family in FAMILIES.items():
        rows = [
            f"- [{code}]({code.lower()}.md) {title}"
            for code, title in sorted(titles.items())
            if code[:3] == prefix
        ]
        lines += [f"## {family}\n", '<div class="rules" markdown>', *rows, "</div>\n"]
    return "\n".join(lines)


def badges(rule: Rule) -> tuple[str, ...]:
    """What the tool does with the rule's own examples, and whether Keras is silent about it."""
    found = set(_done_with_examples().get(rule.code, ()))
    if "SILENT" in rule.page and "**Error**" not in rule.page:
        found.add("silent")
    return tuple(kind for kind in _BADGES if kind in found)


@cache
def _done_with_examples() -> dict[str, set[str]]:
    """{code: what is done about it} in the examples of its page, all of which are migrated at once."""
    owners = [(rule.code, loads(example.before)) for rule in all_rules() for example in examples(rule.page)]
    found: dict[str, set[str]] = {}
    outcomes = engine.migrate([document for _, document in owners])
    for (code, _), outcome in zip(owners, outcomes, strict=True):
        for report in (*outcome.applied, *outcome.left):
            if report.finding.code == code:
                fix = report.finding.fix
                kind = "advice" if fix is None else "review" if fix.safety is Safety.REVIEW else "fixed"
                found.setdefault(code, set()).add(kind)
    return found


def _badge(*kinds: str) -> str:
    return " ".join(f'<span class="badge {kind}">{kind}</span>' for kind in kinds)


def _page(code: str, name: str, title: str, body: str, kinds: tuple[str, ...] = ()) -> str:
    family = FAMILIES[code[:3]]
    plain = title.replace("`", "")
    body = _ERRORS.sub(_error_block, body.strip() + "\n")
    anchor = family.lower().replace(" ", "-")
    return (
        f'---\ntitle: "{code} {name}"\ndescription: "{plain}"\nhide: [toc]\n---\n\n'
        f"# {title[0].upper() + title[1:]}\n\n"
        f"`{code}` `{name}` · [{family}](index.md#{anchor}) {_badge(*kinds)}\n{{ .rule }}\n\n{body}"
    )


def _error_block(match: re.Match[str]) -> str:
    lines = "".join(f"{line[4:]}\n" for line in match[2].splitlines())
    return f"{match[1]}\n\n```error\n{lines}```\n"


def shown(markdown: str, *, side_by_side: bool = False) -> str:
    """A page whose examples (`python before`, `after`, `unchanged`) are shown as tabs, or side by side."""

    def show(match: re.Match[str]) -> str:
        if match["unchanged"] is not None:
            return f'```python title="Stays as it is"\n{match["unchanged"]}```'
        before, after = match["before"], match["after"]
        if side_by_side:
            olds, news = _changed_lines(before, after)
            blocks = (("Keras 2", before, olds), ("Keras 3", after, news))
            inner = "\n\n".join(
                f'```python title="{title}" hl_lines="{" ".join(map(str, lines))}"\n{code}```'
                for title, code, lines in blocks
            )
            return f'<div class="pair" markdown>\n\n{inner}\n\n</div>'
        return "\n\n".join(
            (
                _tab("Before", f"```python\n{before}```"),
                _tab("After", f"```python\n{after}```"),
                _tab("Changes", f"``` {{ .diff .no-copy }}\n{_diff(before, after)}```"),
            )
        )

    markdown = _RULES.sub(_list_of_rules, _PAIR.sub(show, markdown))
    return _ERROR_FENCE.sub("``` { .text .error .no-copy }", markdown)


def _list_of_rules(match: re.Match[str]) -> str:
    """The line `Rules: KU101, KU102.` as a list that says what they are about."""
    rules = [rule for code in match[1].split(", ") if (rule := rule_of(code)) is not None]
    rows = "\n".join(
        f"- [{rule.code}]({uri(rule.code)}) {rule.title} {_badge(*badges(rule))}" for rule in rules
    )
    return f'<div class="rules of-issue" markdown>\n{rows}\n</div>'


def _tab(title: str, block: str) -> str:
    lines = "\n".join(f"    {line}" if line else "" for line in block.splitlines())
    return f'==={"!" if title == "Before" else ""} "{title}"\n\n{lines}\n'


def _diff(before: str, after: str) -> str:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[3:]
    return "".join(f"{'⋯' if line.startswith('@@') else line}\n" for line in lines)


def _changed_lines(before: str, after: str) -> tuple[list[int], list[int]]:
    """The numbers of the lines that differ, on either side."""
    olds, news = list[int](), list[int]()
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            olds += range(start + 1, end + 1)
            news += range(new_start + 1, new_end + 1)
    return olds, news
