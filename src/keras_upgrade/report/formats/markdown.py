"""A summary for the comments of a pull request and for the summary of a job: short, however long the run.

What needs a person is told place by place, what the program mends by itself is counted by rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from keras_upgrade.report.findings import plural
from keras_upgrade.report.formats.shared import Fault, closing, faults, relative, unknown_names
from keras_upgrade.report.record import FileRecord, FindingRecord, Place, Record

ROWS = 40
"""So many rows of a table are shown: a comment on GitHub takes 65,536 characters."""
_WIDTH = 240

type _Found = Sequence[tuple[FileRecord, FindingRecord]]


def render(record: Record) -> str:
    """The text of the format."""
    return "\n\n".join(_parts(record)) + "\n"


def _parts(record: Record) -> Iterator[str]:
    found = [(file, finding) for file in record["files"] for finding in file["findings"]]
    errors = [f"{_fault_place(fault)}{_text(fault.text)}" for fault in faults(record)]
    yield f"### keras-upgrade: {_headline(record, bool(errors))}"
    if errors:
        yield "**Errors**"
        yield "\n".join(f"- {error}" for error in _some(errors))
    check = record["command"] == "check"
    advices = [pair for pair in found if pair[1]["mark"] == "advice" or _is_left_out(pair[1], check)]
    if advices:
        yield f"**For you** ({len(advices)}): what only you can decide"
        rows = [_row(pair, pair[1]["message"]) for pair in advices[:ROWS]]
        yield _table("Place | Rule | What to decide", rows, len(advices))
    unknown = [(file, name) for file in record["files"] for name in file.get("unknown", ())]
    if unknown:
        yield f"**Unknown names** ({len(unknown)}): no rule speaks of them, and today's Keras does not have them"
        rows = [
            f"{_place(file['path'], name['start'])} | `{name['name']}` | {_text(name['note'])}"
            for file, name in unknown[:ROWS]
        ]
        yield _table("Place | Name | Known of it", rows, len(unknown))
    reviews = [pair for pair in found if pair[1]["mark"] == "review"]
    if reviews:
        yield f"**To review** ({len(reviews)}): right under an assumption"
        rows = [_review(pair, check) for pair in reviews[:ROWS]]
        yield _table("Place | Rule | Change | Right if", rows, len(reviews))
    fixes = [pair for pair in found if pair[1]["mark"] == "fix" and not _is_left_out(pair[1], check)]
    if fixes:
        yield from _fixes(record, fixes)


def _is_left_out(finding: FindingRecord, check: bool) -> bool:
    """Whether `fix` did not make a safe fix."""
    return finding["mark"] == "fix" and finding["state"] == "left" and not check


def _headline(record: Record, broken: bool) -> str:
    totals = record["totals"]
    concerned = sum(bool(file["findings"] or file.get("unknown")) for file in record["files"])
    if concerned:
        return f"{closing(record)}, in {concerned} of {plural(totals['files'], 'file')}"
    limits = " that could be read" if broken else ""
    return ", ".join([f"nothing found in {plural(totals['files'], 'file')}{limits}", *unknown_names(record)])


def _fixes(record: Record, fixes: _Found) -> Iterator[str]:
    counts = Counter((finding["code"], finding["name"], finding["title"]) for _, finding in fixes)
    rows = [
        f"{code} {name} | {_text(title)} | {count}" for (code, name, title), count in counts.most_common()
    ]
    made = record["command"] != "check" and not record.get("dry")
    verb = "that were made" if made else "that <code>keras-upgrade fix</code> makes"
    files = len({file["path"] for file, _ in fixes})
    word = "fix" if len(fixes) == 1 else "fixes"
    yield f"<details><summary>{len(fixes)} safe {word} {verb}, in {plural(files, 'file')}</summary>"
    yield _table("Rule | What | Fixes", rows[:ROWS], len(rows))
    yield "</details>"


def _row(pair: tuple[FileRecord, FindingRecord], *texts: str) -> str:
    file, finding = pair
    cells = [
        _place(file["path"], finding["start"]),
        f"{finding['code']} {finding['name']}",
        *map(_text, texts),
    ]
    return " | ".join(cells)


def _review(pair: tuple[FileRecord, FindingRecord], check: bool) -> str:
    finding = pair[1]
    done = "" if check or finding["state"] == "applied" else " (not done)"
    return _row(pair, finding["change"] + done, finding["assumption"])


def _table(head: str, rows: Sequence[str], count: int) -> str:
    """A table of the first of `count` rows."""
    line = "|".join("---" for _ in head.split(" | "))
    lines = [f"| {head} |", f"|{line}|", *(f"| {row} |" for row in rows)]
    if count > len(rows):
        lines += ["", f"… and {count - len(rows)} more"]
    return "\n".join(lines)


def _some(items: Sequence[str]) -> list[str]:
    more = len(items) - ROWS
    return [*items[:ROWS], f"… and {more} more"] if more > 0 else list(items)


def _place(path: str, start: Place) -> str:
    line = f"line {start['line']}" if start["cell"] is None else f"cell {start['cell']}, line {start['line']}"
    return f"{_text(relative(path))}: {line}"


def _fault_place(fault: Fault) -> str:
    if fault.start is not None:
        return f"{_place(fault.path, fault.start)}: "
    return f"{_text(relative(fault.path))}: " if fault.path else ""


def _text(text: str) -> str:
    """A text as a cell of a table: on one line, cut, without what Markdown takes for markup outside of code."""
    text = " ".join(text.split())
    if len(text) > _WIDTH:
        text = f"{text[: _WIDTH - 1]}…"
        text += "`" if text.count("`") % 2 else ""
    parts = text.replace("|", "\\|").split("`")
    for number in range(0, len(parts), 2):
        parts[number] = parts[number].replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
    return "`".join(parts)
