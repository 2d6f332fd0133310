"""What the magics show: as text for the terminal, and as HTML that suits light and dark notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from html import escape
from itertools import groupby

from keras_upgrade.documents import Problem
from keras_upgrade.findings import Finding
from keras_upgrade.jupyter.cell import Migrated
from keras_upgrade.jupyter.session import Ran
from keras_upgrade.outcomes import Outcome, Report
from keras_upgrade.records import dataclass
from keras_upgrade.report.console import printable
from keras_upgrade.report.coverage import unknown_names
from keras_upgrade.report.findings import ADVICE, FIX, REVIEW, Counts, mark_of, plural
from keras_upgrade.rules import rule_of

_BADGES = {FIX: "#2e7d32", REVIEW: "#9a6700", ADVICE: "#c62828"}
_LINES = {"+": "rgba(46, 160, 67, .22)", "-": "rgba(248, 81, 73, .22)", " ": "transparent"}
_NOTE = "opacity: .75; margin: .4em 0 0"
_BLOCK = (
    "margin: .4em 0; padding: .4em .6em; border-left: 3px solid rgba(128, 128, 128, .4); overflow-x: auto"
)
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Found:
    """What Keras 3 breaks in a notebook."""

    outcome: Outcome
    ran: Sequence[Ran]

    def __repr__(self) -> str:
        lines = [
            f"In [{number}], line {report.position.line}: {_line(report)}"
            for number, reports in self._by_cell()
            for report in reports
        ]
        return "\n".join([*lines, *self._unread(), *_failures(self.outcome.failures), self._closing()])

    def _repr_html_(self) -> str:
        parts = []
        for number, reports in self._by_cell():
            parts.append(f'<div style="margin-top: .5em"><b>In [{number}]</b></div>')
            parts += (_row(report, f"line {report.position.line}") for report in reports)
        parts += (_note(text) for text in (*self._unread(), *_failures(self.outcome.failures)))
        return _block([*parts, _note(self._closing())])

    def _by_cell(self) -> Iterator[tuple[int, Iterator[Report]]]:
        for index, reports in groupby(self.outcome.left, lambda report: report.cell):
            yield self.ran[index or 0].number, reports

    def _unread(self) -> Iterator[str]:
        for problem in self.outcome.before.problems:
            yield f"In [{self.ran[problem.position.cell or 0].number}] {_unreadable(problem)}"

    def _closing(self) -> str:
        counts = Counts()
        counts.add(self.outcome.left)
        seen = plural(len(self.ran), "cell")
        if not self.outcome.needs_you:
            return f"Nothing found in the {seen} so far."
        unknown = unknown_names([self.outcome])
        kinds = f"{counts.fix} fixable, {counts.review} to review, {counts.advice} for you, {unknown}"
        return f"{kinds}, in the {seen} so far. `%%keras3` above a cell's code shows it migrated."


@dataclass(frozen=True)
class Shown:
    """One cell, migrated."""

    cell: Migrated

    def __repr__(self) -> str:
        lines = [f"{mark} {text}".rstrip() for mark, text in self._code()]
        notes = [_line(report, done=done) for report, done in self._reports()]
        return "\n".join([*lines, *([""] if lines and notes else []), *notes, *self._notes()])

    def _repr_html_(self) -> str:
        parts = []
        code = "".join(
            f'<span style="display: block; background: {_LINES[mark]}">{mark} {escape(text)}\n</span>'
            for mark, text in self._code()
        )
        if code:
            style = "margin: 0 0 .4em; line-height: 1.35; background: transparent; color: inherit"
            parts.append(f'<pre style="{style}">{code}</pre>')
        parts += (_row(report, "", done=done) for report, done in self._reports())
        return _block([*parts, *(_note(text) for text in self._notes())])

    def _code(self) -> Iterator[tuple[str, str]]:
        """The lines of the old and the new code, each with `-`, `+` or a blank; none where nothing changes."""
        old, new = (text.split("\n") for text in (self.cell.before, self.cell.after))
        everything = len(old) + len(new)
        for number, line in enumerate(unified_diff(old, new, n=everything, lineterm="")):
            if number > 2:  # the first three are the head of the diff
                yield line[0], line[1:]

    def _reports(self) -> Iterator[tuple[Report, bool]]:
        yield from ((report, True) for report in self.cell.applied)
        yield from ((report, False) for report in self.cell.left)

    def _notes(self) -> Iterator[str]:
        cell = self.cell
        if cell.problem is not None:
            yield f"This cell {_unreadable(cell.problem)}"
        elif cell.before == cell.after:
            yield "Nothing to change in this cell."
        for name, number in cell.needs.items():
            yield f"It needs the `{name}` of In [{number}] migrated: put `%%keras3` above that cell, too."
        yield from _failures(cell.failures)


def _line(report: Report, *, done: bool = False) -> str:
    return f"{report.finding.code} [{mark_of(report.finding)}] {_sentence(report.finding, done)}"


def _sentence(finding: Finding, done: bool) -> str:
    text = finding.fix.change if done and finding.fix is not None else finding.message
    if finding.assumption and mark_of(finding) == REVIEW:
        text = f"{text.rstrip('.')}; right if {finding.assumption}"
    return printable(" ".join(text.split()))


def _unreadable(problem: Problem) -> str:
    return f"cannot be read: line {problem.position.line}: {problem.message.rstrip('.')}."


def _failures(failures: Sequence[str]) -> Iterator[str]:
    yield from (f"{failure}. Please report it." for failure in dict.fromkeys(failures))


def _block(parts: Sequence[str]) -> str:
    return f'<div style="{_BLOCK}">{"".join(parts)}</div>'


def _row(report: Report, place: str, *, done: bool = False) -> str:
    mark, code = mark_of(report.finding), report.finding.code
    style = f"background: {_BADGES[mark]}; color: #fff; border-radius: 3px; padding: 0 .4em"
    rule = rule_of(code)
    about = f' title="{escape(rule.title)}"' if rule is not None else ""
    text = _with_code(_sentence(report.finding, done))
    where = f'<span style="opacity: .75">{place}</span> ' if place else ""
    return f'<div>{where}<span style="{style}">[{mark}]</span> <span{about}>{code}</span> {text}</div>'


def _note(text: str) -> str:
    return f'<div style="{_NOTE}">{_with_code(text)}</div>'


def _with_code(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))
