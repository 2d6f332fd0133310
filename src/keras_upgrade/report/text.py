"""What `check` and `fix` say on the terminal: the findings, and a closing line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keras_upgrade.outcomes import Outcome, Report, given_place
from keras_upgrade.records import dataclass
from keras_upgrade.report import coverage
from keras_upgrade.report.checklist import checklist
from keras_upgrade.report.console import Console
from keras_upgrade.report.findings import REVIEW, Counts, Detail, line, mark_of, plural, told


@dataclass(frozen=True)
class Style:
    """How much to say.

    Attributes:
        detail: `concise`, `text` or `full`.
        quiet: only the findings.
        statistics: how many there are of each rule in place of the findings.
        checklists: a checklist for each file, after a check.
        files: what was done to each file, after a fix.
        coverage: what became of every name of Keras and TensorFlow.
    """

    detail: Detail = "text"
    quiet: bool = False
    statistics: bool = False
    checklists: bool = False
    files: bool = True
    coverage: bool = False


def tell_checked(console: Console, outcomes: Sequence[Outcome], style: Style) -> None:
    """What a check has found."""
    affected = [outcome for outcome in outcomes if outcome.has_left]
    if style.statistics:
        _tell_statistics(console, (report for outcome in affected for report in outcome.left))
    counts = Counts()
    for outcome in affected:
        counts.add(outcome.left)
        if style.statistics:
            continue
        path = outcome.document.path
        _say_all(console, told(console, outcome.document, outcome.left, style.detail))
        if style.checklists and not style.quiet:
            console.say(console.style(f"Checklist for {path}", "bold"))
            findings = (report.finding for report in outcome.left)
            console.say("\n".join(checklist(findings, len(outcome.document.problems))))
            console.say()
    if style.coverage:
        coverage.tell(console, outcomes)
    else:
        coverage.tell_unknown(console, outcomes)
    if style.quiet:
        return
    files, unknown = plural(len(outcomes), "file"), coverage.unknown_names(outcomes)
    concerned = sum(outcome.needs_you for outcome in outcomes)
    if concerned:
        if console.terminal:
            console.say(console.style(_HINT, "dim"))
        kinds = f"{counts.fix} fixable, {counts.review} to review, {counts.advice} for you, {unknown}"
        console.say(f"{kinds}, in {concerned} of {files}")
    elif outcomes:
        limits = " that could be read" if console.errors else ""
        console.say(f"nothing found in {files}{limits}, {unknown}")


_HINT = "`keras-upgrade fix --diff` shows what would change, `keras-upgrade rule CODE` explains a rule"


def tell_fixed(
    console: Console, outcomes: Sequence[Outcome], style: Style, *, dry: bool, place: str = ""
) -> Counts:
    """What was done to each file and what is left; gives the counts of what is left.

    Args:
        console: where to say it.
        outcomes: what happened to the files.
        style: how much to say.
        dry: whether nothing was written.
        place: the folder of the copies, if there are any.
    """
    done, left = Counts(), Counts()
    affected = [outcome for outcome in outcomes if outcome.applied or outcome.needs_you]
    for outcome in affected:
        done.add(outcome.applied)
        left.add(outcome.left)
        if style.files and not style.statistics:
            _tell_file(console, outcome, style, dry)
    if style.statistics:
        _tell_statistics(console, (report for o in affected for report in (*o.applied, *o.left)))
    if style.files:
        coverage.tell_unknown(console, outcomes)
    if style.quiet:
        return left
    unknown = coverage.unknown_names(outcomes)
    if not affected:
        limits = " that could be read" if console.errors else ""
        console.say(f"nothing to fix in {plural(len(outcomes), 'file')}{limits}, {unknown}")
    else:
        verb = "to fix" if dry else "fixed"
        held = f", {left.fix + left.review} not done" if left.fix + left.review else ""
        console.say(f"{done.fix} {verb}, {done.review} to review, {left.advice} for you{held}, {unknown}")
    if place:
        console.say(f"the copies are in {place}")
    return left


def _tell_file(console: Console, outcome: Outcome, style: Style, dry: bool) -> None:
    path = outcome.document.path
    if outcome.changed and not style.quiet:
        console.say(f"{console.style(str(path), 'bold')}: {_what(outcome, dry)}")
    for report in outcome.applied:
        if mark_of(report.finding) == REVIEW:
            console.say(line(console, path, report, done=True))
    left, document = outcome.left, outcome.document
    if dry and outcome.changed:  # the file is as it was
        left, document = [given_place(outcome, report) for report in left], outcome.before
    _say_all(console, told(console, document, left, style.detail, held="not done"))


def _what(outcome: Outcome, dry: bool) -> str:
    text = f"{plural(len(outcome.applied), 'change')}{' to make' if dry else ''}"
    if outcome.document.kind != "notebook":
        return text
    cells = sorted(outcome.edited_cells)
    return f"{text} in {'cell' if len(cells) == 1 else 'cells'} {', '.join(map(str, cells))}"


def _tell_statistics(console: Console, reports: Iterable[Report]) -> None:
    from keras_upgrade.report.statistics import statistics  # noqa: PLC0415

    for text in statistics(console, list(reports)):
        console.say(text)


def _say_all(console: Console, lines: Iterable[str]) -> None:
    """Says lines, with an empty one at the end."""
    last = ""
    for last in lines:
        console.say(last)
    if last:
        console.say()
