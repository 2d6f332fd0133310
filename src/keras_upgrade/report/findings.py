"""Findings as lines for the terminal, and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from keras_upgrade.engine import Report
from keras_upgrade.findings import Finding, Safety
from keras_upgrade.report.console import Console, printable

type Mark = Literal["fix", "review", "advice"]
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
    head = console.style(printable(place(path, report)), "bold")
    shown = console.style(f"[{mark}]", _COLOURS[mark])
    return f"{head} {finding.code} {shown} {printable(' '.join(text.split()))}"


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
