"""Findings as lists: what was changed and why, what is left, and under which assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keras_upgrade.report.html.elements import Html, join, prose, tag
from keras_upgrade.report.record import FindingRecord, ProblemRecord


def rule_link(code: str) -> Html:
    """A rule, which leads to its page."""
    return tag("a", code, href=f"#{code}", class_="rule")


def chip(words: str, level: str) -> Html:
    """A few words on a coloured ground."""
    return tag("span", words, class_=f"chip {level}")


def by_rule(findings: Iterable[FindingRecord], command: str) -> Html:
    """The findings of a cell, those of one rule together."""
    groups: dict[tuple[str, str], list[FindingRecord]] = {}
    for finding in findings:
        groups.setdefault((finding["state"], finding["code"]), []).append(finding)
    return tag("ul", *(_group(group, command) for group in groups.values()), class_="rules")


def _group(findings: Sequence[FindingRecord], command: str) -> Html:
    first = findings[0]
    alike: dict[tuple[str, str, str, str], list[int]] = {}
    for finding in findings:
        key = (finding["mark"], finding["change"], finding["message"], finding["assumption"])
        alike.setdefault(key, []).append(finding["start"]["line"])
    head = tag("p", rule_link(first["code"]), " ", tag("span", prose(first["title"])), class_="title")
    items = [_item(first["state"], command, lines, *key) for key, lines in alike.items()]
    return tag("li", head, tag("ul", *items))


def _item(
    state: str, command: str, lines: Sequence[int], mark: str, change: str, message: str, assumption: str
) -> Html:
    what = change if change and (state == "applied" or command == "check") else message
    why = "" if what == message else message
    return tag(
        "li",
        tag("div", badge(state, mark, command), prose(what), " ", _lines(lines), class_="what"),
        tag("p", prose(why), class_="why") if why else None,
        assumed(assumption) if mark == "review" else None,
        class_=f"finding {level(state, mark)}",
    )


def badge(state: str, mark: str, command: str) -> Html | None:
    """What is to be done about it, in a word; nothing for a safe fix."""
    if mark == "advice":
        return join(chip("For you", "bad"), " ")
    if state == "left":
        words = "Can be fixed" if command == "check" else "Not done"
        return join(chip(words, "good" if mark == "fix" and command == "check" else "look"), " ")
    return join(chip("Review", "look"), " ") if mark == "review" else None


def level(state: str, mark: str) -> str:
    """How loud a finding is."""
    if mark == "advice":
        return "bad"
    return "look" if state == "left" or mark == "review" else "good"


def assumed(assumption: str) -> Html | None:
    """What has to hold for a fix to be right."""
    if not assumption:
        return None
    return tag("p", tag("b", "Right if"), " ", prose(assumption), class_="assumption")


def _lines(lines: Sequence[int]) -> Html:
    numbers = sorted(set(lines))
    told = f"line {numbers[0]}" if len(numbers) == 1 else f"lines {', '.join(map(str, numbers))}"
    times = f" · {len(lines)} times" if len(lines) > len(numbers) else ""
    return tag("span", told, times, class_="at")


def problem(found: ProblemRecord) -> Html:
    """Why a cell cannot be read."""
    return tag(
        "div",
        tag(
            "p", chip("Not read", "bad"), " ", prose(found["message"]), " ", _lines([found["start"]["line"]])
        ),
        tag("p", prose(found["hint"]), class_="why") if found["hint"] else None,
        class_="finding bad",
    )
