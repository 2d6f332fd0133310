"""What running programs showed, for the terminal and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from keras_upgrade.report.console import Console, printable
from keras_upgrade.report.findings import plural
from keras_upgrade.verify.compare import Kind
from keras_upgrade.verify.results import CellRun, Note, ProgramRun, Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from keras_upgrade.verify import Verification

_NOTES_SHOWN = 12
_WORDS = {Kind.SAME: "same as on Keras 2", Kind.DIFFERS: "DIFFERS from Keras 2"}


def lines(console: Console, name: str, seen: Verification, *, smoke: bool) -> Iterator[str]:
    """All there is to say about one program.

    Args:
        console: gives the colours.
        name: what to call the program.
        seen: what was seen of it.
        smoke: whether it was run small.
    """
    yield f"{console.style(name, 'bold')}: {_headline(console, seen, smoke)}"
    yield from (f"  {line}" for line in _after(console, seen))
    if seen.verdict is not None:
        yield from (f"  {line}" for line in _comparison(console, seen))
    yield from (f"  {console.style('warning', 'yellow')} {_plain(warning)}" for warning in seen.warnings)
    yield from (f"  {line}" for line in _notes(seen.after.notes))


def _headline(console: Console, seen: Verification, smoke: bool) -> str:
    run = seen.after
    good = "runs" if not smoke else "runs small"
    status = console.style(good, "green") if run.passed else console.style(run.status.value, "red")
    return f"{status} on {run.side}, {_of_cells(run)}{run.seconds:.1f} s"


def _of_cells(run: ProgramRun) -> str:
    """How many cells did what; empty for scripts."""
    ran = [cell for cell in run.cells if cell.index is not None]
    if not ran:
        return ""
    counts = Counter(cell.status for cell in ran)
    if set(counts) == {Status.PASSED}:
        return f"{plural(len(ran), 'cell')}, "
    return ", ".join(f"{counts[status]} {status}" for status in Status if counts[status]) + " cells, "


def _after(console: Console, seen: Verification) -> Iterator[str]:
    """What stopped the run on Keras 3, if it stopped."""
    run = seen.after
    if run.reason:
        cell = next((cell for cell in run.cells if cell.status is run.status), None)
        yield f"{_place_of(cell)}{_plain(run.reason)}"
    if run.failure is None:
        return
    failure = run.failure
    place = "" if failure.path is None or failure.path == run.path else f"{failure.path}, "
    place += "" if failure.cell is None else f"cell {failure.cell}, "
    place += f"line {failure.line}: " if failure.line is not None else ""
    yield f"{place}{printable(failure.code)}"
    yield console.style(_plain(f"{failure.type}: {failure.message}")[:400], "red")
    if seen.diagnosis is not None:
        yield f"→ {_plain(seen.diagnosis.sentence)}"


def _place_of(cell: CellRun | None) -> str:
    return "" if cell is None or cell.index is None else f"cell {cell.index}: "


def _comparison(console: Console, seen: Verification) -> Iterator[str]:
    verdict = seen.verdict
    assert verdict is not None
    colour = {Kind.SAME: "green", Kind.DIFFERS: "red"}.get(verdict.kind, "yellow")
    yield console.style(_plain(verdict.sentence), colour)
    yield from (f"  then {_plain(difference.sentence)}" for difference in verdict.differences[1:4])
    notes = verdict.notes[1:] if verdict.kind is Kind.NOT_COMPARED else verdict.notes
    yield from (f"  {_plain(note)}" for note in notes)


def _notes(notes: Sequence[Note]) -> Iterator[str]:
    """What the run cut, replaced and skipped."""
    ordered = sorted(notes, key=lambda note: note.kind)
    for kind, group in groupby(ordered, key=lambda note: note.kind):
        texts = [_plain(note.text) for note in group]
        shown = texts[:_NOTES_SHOWN]
        more = f"; and {len(texts) - len(shown)} more" if len(texts) > len(shown) else ""
        yield f"{kind}: {'; '.join(shown)}{more}"


def _plain(text: str) -> str:
    return printable(" ".join(text.split()))


def closing(results: Sequence[Verification], *, smoke: bool) -> Iterator[str]:
    """The last lines: how many of the programs run, and do the same as before."""
    ran = sum(seen.after.passed for seen in results)
    text = f"{ran} of {plural(len(results), 'program')} {'runs' if ran == 1 else 'run'} on Keras 3"
    compared = [seen.verdict.kind for seen in results if seen.verdict is not None]
    if compared:
        counts = Counter(compared)
        told = [f"{counts[kind]} {_WORDS.get(kind, kind.value)}" for kind in Kind if counts[kind]]
        text += f"; {', '.join(told)}"
    yield text
    if smoke and results:
        yield "They ran small: what was cut or replaced stands with each. --full runs everything."


def table(results: Sequence[tuple[str, Verification]]) -> str:
    """All programs as a Markdown table: what each did on Keras 3, whether it is the same, and the seconds it took."""
    rows = ["| Program | Keras 3 | Same as Keras 2 | Seconds |", "|---|---|---|---|"]
    for name, seen in results:
        verdict = "" if seen.verdict is None else _cell(seen.verdict.sentence)
        state = "runs" if seen.after.passed else _cell(_state(seen))
        rows.append(f"| {_cell(name)} | {state} | {verdict} | {seen.after.seconds:.1f} |")
    return "\n".join(rows) + "\n"


def _state(seen: Verification) -> str:
    failure = seen.after.failure
    if failure is None:
        return f"{seen.after.status}: {seen.after.reason}"
    place = f"cell {failure.cell}, " if failure.cell is not None else ""
    return f"{seen.after.status}: {place}line {failure.line}: {failure.type}: {failure.message[:120]}"


def _cell(text: str) -> str:
    return _plain(text).replace("|", r"\|")


def data(name: str, seen: Verification) -> dict[str, Any]:
    """One program as plain data, for JSON."""
    verdict = seen.verdict
    return {
        "program": name,
        "keras3": _run_data(seen.after),
        "keras2": None if seen.before is None else _run_data(seen.before),
        "verdict": None if verdict is None else {**asdict(verdict), "sentence": verdict.sentence},
        "diagnosis": None if seen.diagnosis is None else asdict(seen.diagnosis),
        "warnings": list(seen.warnings),
    }


def _run_data(run: ProgramRun) -> dict[str, Any]:
    return {**asdict(run), "path": str(run.path), "failure": _failure_data(run)}


def _failure_data(run: ProgramRun) -> dict[str, Any] | None:
    failure = run.failure
    if failure is None:
        return None
    return {**asdict(failure), "path": None if failure.path is None else str(failure.path)}
