"""The coverage report: every name of Keras and TensorFlow in the files, and what became of it.

States: *fixed* (in `check`: would be), *to review*, *advised*, *ignored* (as you asked), *fine* as it is, *unknown* (no
rule speaks of it, and today's Keras or TensorFlow does not have it), *not read* (in a cell that cannot be read).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from keras_upgrade.documents import Document, Position, Span
from keras_upgrade.documents.spans import moved_back
from keras_upgrade.names import Seen, State
from keras_upgrade.report.console import Console, printable
from keras_upgrade.report.findings import plural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from keras_upgrade.outcomes import Outcome
    from keras_upgrade.report.record import Counts, FileCoverage, NameRecord

FEW = 5
"""Unknown names that are shown where the list was not asked for."""
_COLUMNS = (
    ("fixed", "fixed"),
    ("review", "to review"),
    ("advised", "advised"),
    ("ignored", "ignored"),
    ("fine", "fine"),
    ("unknown", "unknown"),
    ("unread", "not read"),
)
_OFTEN_NONE = ("ignored", "unread")
_COLOURS = {"fixed": "green", "review": "yellow", "advised": "red", "unknown": "red", "unread": "red"}

type Key = Literal["fixed", "review", "advised", "ignored", "fine", "unknown", "unread"]


def counts(outcome: Outcome) -> Counts:
    """How many names of each state a file has."""
    found = Counter(seen.state for seen in outcome.names)
    return {
        "fixed": found[State.FIXED],
        "review": found[State.REVIEW],
        "advised": found[State.ADVISED],
        "ignored": found[State.IGNORED],
        "fine": found[State.FINE],
        "unknown": found[State.UNKNOWN],
        "unread": _unread(outcome.document),
    }


def _unread(document: Document) -> int:
    if not document.problems:
        return 0
    from keras_upgrade.coverage import unread  # noqa: PLC0415

    return unread(document)


def _note(seen: Seen) -> str:
    from keras_upgrade.coverage import note  # noqa: PLC0415

    return note(seen.name)


def total(parts: Sequence[Counts]) -> Counts:
    """The sums over files."""

    def of(key: Key) -> int:
        return sum(part[key] for part in parts)

    return {
        "fixed": of("fixed"),
        "review": of("review"),
        "advised": of("advised"),
        "ignored": of("ignored"),
        "fine": of("fine"),
        "unknown": of("unknown"),
        "unread": of("unread"),
    }


def file_coverage(outcome: Outcome, *, dry: bool = False) -> FileCoverage:
    """The names of a file as data; `dry` gives all places in the file as it was given."""
    groups: dict[tuple[str, State], list[Seen]] = {}
    for seen in outcome.names:
        groups.setdefault((seen.name.label, seen.state), []).append(seen)
    names: list[NameRecord] = [
        {
            "name": label,
            "state": state.value,
            "count": len(group),
            "places": [str(_position(outcome, seen, dry=dry)) for seen in group],
            "note": _note(group[0]) if state is State.UNKNOWN else "",
        }
        for (label, state), group in sorted(groups.items())
    ]
    return {**counts(outcome), "names": names}


def unknown_names(outcomes: Sequence[Outcome]) -> str:
    """`0 unknown names`: how many places have a name that nobody knows, for a closing line."""
    return plural(sum(len(outcome.unknown) for outcome in outcomes), "unknown name")


def tell_unknown(console: Console, outcomes: Sequence[Outcome], most: int | None = FEW) -> None:
    """Says which names are unknown, and where; nothing if there are none.

    Args:
        console: where to.
        outcomes: what happened to the files.
        most: how many places to show; all by default.
    """
    lines = [line for outcome in outcomes for line in _unknown_lines(console, outcome)]
    if not lines:
        return
    console.say("No rule speaks of these names, and today's Keras and TensorFlow do not have them:")
    for line in lines[:most]:
        console.say(f"  {line}")
    if most is not None and len(lines) > most:
        console.say(f"  and {len(lines) - most} more; `keras-upgrade check --coverage` lists all")
    console.say()


def tell(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Says the coverage per file and in total, and every unknown name."""
    rows = [(str(outcome.document.path), counts(outcome)) for outcome in outcomes]
    rows = [(path, row) for path, row in rows if any(count for _, count in _cells(row))]
    whole = total([row for _, row in rows])
    columns = [(key, title) for key, title in _COLUMNS if key not in _OFTEN_NONE or dict(_cells(whole))[key]]
    shown = [*rows, ("in total", whole)] if len(rows) != 1 else rows
    width = max((len(printable(path)) for path, _ in shown), default=0)
    console.say(console.style("Names of Keras and TensorFlow", "bold"))
    console.say(" " * width + "".join(f"  {title:>9}" for _, title in columns))
    for path, row in shown:
        found = dict(_cells(row))
        cells = (_number(console, key, found[key]) for key, _ in columns)
        console.say(f"{printable(path):{width}}" + "".join(f"  {cell}" for cell in cells))
    console.say()
    tell_unknown(console, outcomes, None)


def _cells(row: Counts) -> list[tuple[str, int]]:
    return [
        ("fixed", row["fixed"]),
        ("review", row["review"]),
        ("advised", row["advised"]),
        ("ignored", row["ignored"]),
        ("fine", row["fine"]),
        ("unknown", row["unknown"]),
        ("unread", row["unread"]),
    ]


def _number(console: Console, key: str, count: int) -> str:
    text = f"{count:>9}"
    return console.style(text, _COLOURS[key]) if count and key in _COLOURS else text


def _unknown_lines(console: Console, outcome: Outcome) -> Iterator[str]:
    for seen in outcome.unknown:
        said = _note(seen)
        head = console.style(f"{printable(str(outcome.document.path))}:{_gap(outcome, seen)}", "bold")
        yield f"{head} `{printable(seen.name.label)}`{f': {said}' if said else ''}"


def _gap(outcome: Outcome, seen: Seen) -> str:
    """The place behind the path of the file: ` cell 5:12:4`, `12:4`."""
    position = _position(outcome, seen)
    return f"{'' if position.cell is None else ' '}{position}"


def _position(outcome: Outcome, seen: Seen, *, dry: bool = False) -> Position:
    document, span = where(outcome, seen, dry=dry)
    return document.position(span.start)


def where(outcome: Outcome, seen: Seen, *, dry: bool = False) -> tuple[Document, Span]:
    """Where a name is in the file as it is now if it is still there, else where it was; `dry`: where it was."""
    start, length = seen.name.span.start, seen.name.span.end - seen.name.span.start
    if seen.now and not dry:
        return outcome.document, seen.name.span
    for edits in reversed(outcome.history) if seen.now else ():
        start = moved_back(start, edits)
    return outcome.before, Span(start, min(start + length, len(outcome.before.source)))
