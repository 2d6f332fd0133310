"""The Applied Fixes Summary: what was done in a file, cell by cell, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from keras_upgrade.outcomes import Outcome, Report
from keras_upgrade.records import dataclass, field
from keras_upgrade.report.checklist import checklist, family
from keras_upgrade.report.findings import REVIEW, mark_of

_RENAME = re.compile(r"`([^`]+)` → `([^`]+)`")
_CLASS = re.compile(r"^class (?P<name>\w+)[^:\n]*", re.MULTILINE)
_MANY_RENAMES = 3
_NAMES_SHOWN = 6
_LINES_SHOWN = 4


@dataclass
class _Row:
    """A row: what happened to one subject, in one cell of a notebook or anywhere in a script."""

    cell: int | None
    subject: str
    lines: list[int] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


def summary(outcome: Outcome, title: str) -> str:
    """The summary of a document; empty when nothing was done and nothing is left."""
    if not outcome.applied and not outcome.left:
        return ""
    parts = [f"## {title} — Applied Fixes Summary"]
    if outcome.applied:
        rows = ["| Cell | Change |", "|---|---|"]
        rows += [f"| {_cell(_place(row))} | {_cell(_change(row))} |" for row in _rows(outcome)]
        parts.append("\n".join(rows))
    else:
        parts.append("Nothing was changed.")
    if outcome.left:
        parts.append("\n".join(["Left for you:", "", *(_left(report) for report in outcome.left)]))
    unread = len(outcome.document.problems)
    parts.append("\n".join(checklist((report.finding for report in outcome.left), unread)))
    return "\n\n".join(parts) + "\n"


def _left(report: Report) -> str:
    finding = report.finding
    place = f"{'line ' if report.cell is None else ''}{report.position}"
    if mark_of(finding) == REVIEW:
        text = f"not done, for it is right only if {finding.assumption or 'you agree'}: {finding.message}"
    else:
        text = finding.message
    return f"- {place} {finding.code} {_one_line(text)}"


def _rows(outcome: Outcome) -> list[_Row]:
    rows: dict[tuple[int | None, str], _Row] = {}

    def add(cell: int | None, line: int, subject: str, change: str, assumption: str = "") -> None:
        row = rows.setdefault((cell, subject), _Row(cell, subject))
        row.lines.append(line)
        row.changes.append(change)
        if assumption and assumption not in row.assumptions:
            row.assumptions.append(assumption)

    for cell, line, text in _added_imports(outcome):
        add(cell, line, "imports", f"Added `{text}`")
    for report in outcome.applied:
        finding = report.finding
        assert finding.fix is not None
        assumption = finding.assumption if mark_of(finding) == REVIEW else ""
        subject = finding.subject or family(finding.code)
        add(report.cell, report.position.line, subject, finding.fix.change, assumption)
    told = {cell for cell, _ in rows}
    for cell, subject, change in _other_cells(outcome):
        if cell not in told:
            add(cell, 1, subject, change)
    return sorted(rows.values(), key=lambda row: (row.cell or 0, row.subject != "imports", min(row.lines)))


def _added_imports(outcome: Outcome) -> Iterable[tuple[int | None, int, str]]:
    """Import statements that the fixes needed, and where they are now."""
    fixes = [report.finding.fix for report in outcome.applied if report.finding.fix is not None]
    wanted = dict.fromkeys(text for fix in fixes for text in fix.imports)
    for old, new in zip(outcome.before.cells, outcome.document.cells, strict=True):
        if old.source == new.source:
            continue
        before = {line.strip() for line in old.source.split("\n")}
        after = [line.strip() for line in new.source.split("\n")]
        for text in wanted:
            if text in after and text not in before:
                position = outcome.document.position(new.start)
                yield position.cell, position.line + after.index(text), text


def _other_cells(outcome: Outcome) -> Iterable[tuple[int, str, str]]:
    """Cells of a notebook that changed, whether a finding stands in them or not, and what they have now."""
    if outcome.document.kind != "notebook":
        return
    for old, new in zip(outcome.before.cells, outcome.document.cells, strict=True):
        if old.source == new.source:
            continue
        classes = [head for head in _CLASS.finditer(new.source) if head[0] not in old.source]
        names = ", ".join(f"`{head['name']}`" for head in classes)
        heads = ", ".join(f"`{head[0]}`" for head in classes)
        yield (
            new.index,
            names or "the cell",
            f"Added {heads}" if classes else "Changed along with the other cells",
        )


def _place(row: _Row) -> str:
    if row.cell is not None:
        return f"{row.cell} · {row.subject}"
    lines = sorted(set(row.lines))
    if len(lines) == 1:
        return f"Line {lines[0]} · {row.subject}"
    shown = f"{lines[0]}–{lines[-1]}" if len(lines) > _LINES_SHOWN else ", ".join(map(str, lines))
    return f"Lines {shown} · {row.subject}"


def _change(row: _Row) -> str:
    text = _joined(_folded(row.changes))
    if row.assumptions:
        text += f" (review: right if {'; '.join(row.assumptions)})"
    return text


def _joined(changes: Sequence[str]) -> str:
    """The changes as one sentence: only the first begins with a capital."""
    first, *rest = changes
    return "; ".join([first, *(text if text[:2].isupper() else text[:1].lower() + text[1:] for text in rest)])


def _folded(changes: Sequence[str]) -> list[str]:
    """The changes, each once; renames that keep the last name and go to one module become one of them."""
    once = list(dict.fromkeys(changes))
    groups: dict[str, list[str]] = {}
    for change in once:
        key = _target(change)
        if key:
            groups.setdefault(key, []).append(change)
    result: list[str] = []
    for change in once:
        key = _target(change)
        alike = groups.get(key, [])
        if len(alike) < _MANY_RENAMES:
            result.append(change)
        elif change == alike[0]:
            result.append(f"{_names(alike)} → `{key}.*`")
    return result


def _target(change: str) -> str:
    """The module that a rename goes to, if it keeps the last name."""
    rename = _RENAME.fullmatch(change)
    if rename is None:
        return ""
    module, _, name = rename[2].rpartition(".")
    return module if name == rename[1].rpartition(".")[2] and name.isidentifier() else ""


def _names(renames: Sequence[str]) -> str:
    names = [rename.partition(" → ")[0] for rename in renames]
    if len(names) <= _NAMES_SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[: _NAMES_SHOWN - 1])} and {len(names) - _NAMES_SHOWN + 1} more"


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    return " ".join(text.split())
