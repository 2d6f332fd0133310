"""Findings as texts for the terminal, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from keras_upgrade.documents import Document
from keras_upgrade.findings import Finding, Safety
from keras_upgrade.outcomes import Report
from keras_upgrade.records import dataclass
from keras_upgrade.report.console import Console, printable
from keras_upgrade.report.excerpt import excerpt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

type Mark = Literal["fix", "review", "advice"]
type Detail = Literal["text", "concise", "full"]
FIX: Final = "fix"
REVIEW: Final = "review"
ADVICE: Final = "advice"
_COLOURS = {FIX: "green", REVIEW: "yellow", ADVICE: "red"}


def mark_of(finding: Finding) -> Mark:
    """`fix` for a safe fix, `review` for one under an assumption, `advice` where there is none."""
    if finding.fix is None:
        return ADVICE
    return REVIEW if finding.fix.safety is Safety.REVIEW else FIX


def place(path: Path, report: Report) -> str:
    """`chapter.ipynb: cell 5:12:4`, or `script.py:12:4`."""
    return f"{path}:{'' if report.cell is None else ' '}{report.position}"


def line(console: Console, path: Path, report: Report, *, done: bool = False) -> str:
    """One finding; `done` when its fix has been made."""
    finding = report.finding
    mark = mark_of(finding)
    text = finding.fix.change if done and finding.fix is not None else finding.message
    if finding.assumption and mark == REVIEW:
        text = f"{text.rstrip('.')}; right if {finding.assumption}"
    return _headline(console, path, report, text)


def _headline(console: Console, path: Path, report: Report, text: str) -> str:
    mark = mark_of(report.finding)
    head = console.style(printable(place(path, report)), "bold")
    shown = console.style(f"[{mark}]", _COLOURS[mark])
    return f"{head} {console.style(report.finding.code, 'bold', _COLOURS[mark])} {shown} {_plain(text)}"


def _plain(text: str) -> str:
    return printable(" ".join(text.split()))


def told(
    console: Console, document: Document, reports: Iterable[Report], detail: Detail, *, held: str = ""
) -> Iterator[str]:
    """The findings of a document: with their source what is left to a person, and the first of each rule.

    Args:
        console: gives the colours.
        document: the document whose places the reports have.
        reports: the findings.
        detail: `full` shows the source of every finding, `concise` of none.
        held: what to say of a fix that was not made.
    """
    seen: set[str] = set()
    apart = True
    for report in reports:
        finding = report.finding
        mark = mark_of(finding)
        note = f" ({held})" if held and finding.fix is not None else ""
        first = finding.code not in seen
        seen.add(finding.code)
        if detail == "concise" or (detail == "text" and mark == FIX and not first):
            yield line(console, document.path, report) + note
            apart = False
            continue
        if not apart:
            yield ""
        apart = True
        yield _headline(console, document.path, report, finding.message) + note
        notes = []
        if finding.fix is not None:
            notes.append(f"{console.style(f'{mark}:', _COLOURS[mark])} {_plain(_change(finding))}")
        yield from excerpt(console, document, finding.span, _COLOURS[mark], notes)
        yield ""


def _change(finding: Finding) -> str:
    assert finding.fix is not None
    text = finding.fix.change
    if finding.assumption and mark_of(finding) == REVIEW:
        text = f"{text.rstrip('.')}; right if {finding.assumption}"
    return text


@dataclass
class Counts:
    """How many findings there are of each kind."""

    fix: int = 0
    review: int = 0
    advice: int = 0

    def add(self, reports: Iterable[Report]) -> None:
        """Counts the findings."""
        for report in reports:
            mark = mark_of(report.finding)
            self.fix += mark == FIX
            self.review += mark == REVIEW
            self.advice += mark == ADVICE

    @property
    def total(self) -> int:
        """All of them."""
        return self.fix + self.review + self.advice


def plural(count: int, word: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {word}{'' if count == 1 else 's'}"
