"""The rules of a run, each with its page: what the links of the findings lead to."""

from __future__ import annotations

import re
from collections import Counter

from keras_upgrade.report.findings import plural
from keras_upgrade.report.html.colours import coloured, ranges
from keras_upgrade.report.html.elements import Html, prose, tag
from keras_upgrade.report.record import Record
from keras_upgrade.rules import rule_of

_FENCE = re.compile(r"^```(?:python )?(before|after|unchanged)$", re.MULTILINE)


def rulebook(record: Record) -> Html | None:
    """All rules that the run speaks of; None if it speaks of none."""
    counts: Counter[str] = Counter()
    titles: dict[str, tuple[str, str]] = {}
    for file in record["files"]:
        for finding in file["findings"]:
            counts[finding["code"]] += 1
            titles[finding["code"]] = (finding["name"], finding["title"])
        for code in ((file.get("run") or {}).get("diagnosis") or {}).get("codes", ()):
            rule = rule_of(code)
            if rule is not None:
                titles.setdefault(code, (rule.name, rule.title))
    if not titles:
        return None
    entries = [_entry(code, *titles[code], counts[code]) for code in sorted(titles)]
    return tag("section", tag("h2", "Rules"), *entries, class_="rulebook", id="rules")


def _entry(code: str, name: str, title: str, count: int) -> Html:
    rule = rule_of(code)
    page = (
        _markup(rule.page.partition("\n")[2])
        if rule
        else tag("p", "Imports that lost their last use go, too.")
    )
    return tag(
        "details",
        tag(
            "summary",
            tag("span", code, class_="rule"),
            " ",
            tag("b", prose(title)),
            " ",
            tag("small", f"{name} · {plural(count, 'time') if count else 'explains an error'}"),
        ),
        tag("div", page, class_="page"),
        id=code,
        class_="rule-page",
    )


def _markup(markdown: str) -> Html:
    """The page of a rule; markup within it stays text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415

    titled = _FENCE.sub(lambda fence: f"##### {fence[1].capitalize()}\n\n```python", markdown)
    reader = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable("table")
    return Html(reader.render(titled))


def _highlighted(code: str, language: str, _: str) -> str:
    """A block of code in colours; nothing, which leaves it to the reader, if it is no Python."""
    if language != "python":
        return ""
    lines = zip(code.split("\n"), ranges(code), strict=True)
    return "\n".join(coloured(line, colours) for line, colours in lines)
