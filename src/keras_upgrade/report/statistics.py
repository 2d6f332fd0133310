"""How many findings there are of each rule, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keras_upgrade.outcomes import Report
from keras_upgrade.report.console import Console
from keras_upgrade.report.findings import Counts
from keras_upgrade.rules import rule_of


def statistics(console: Console, reports: Sequence[Report]) -> Iterator[str]:
    """The lines of the table, the most frequent rule first; below, the sums and the share of safe fixes."""
    by_code: dict[str, Counts] = {}
    for report in reports:
        by_code.setdefault(report.finding.code, Counts()).add([report])
    total = Counts()
    total.add(reports)
    if not total.total:
        return
    yield console.style(_row("found", "fix", "review", "advice", "rule"), "bold")
    for code, counts in sorted(by_code.items(), key=lambda item: (-item[1].total, item[0])):
        rule = rule_of(code)
        name = f"{console.style(code, 'cyan')} {rule.name if rule else 'unused-import'}"
        yield _row(counts.total, counts.fix, counts.review, counts.advice, name)
    share = f"in all; {100 * total.fix // total.total} % are safe fixes"
    yield _row(total.total, total.fix, total.review, total.advice, share)


def _row(*cells: int | str) -> str:
    *numbers, name = cells
    return "".join(f"{number:>7}" for number in numbers) + f"  {name}"
