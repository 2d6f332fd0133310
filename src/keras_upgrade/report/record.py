"""A whole run as plain data: what every machine-readable format, the HTML report and a saved run are made of.

`record` makes it from what the engine and `verify` gave; `dump` and `load` write and read it as JSON. Positions are
those that users read: cells from 0, lines and columns from 1. A fix that was made stands where the file had the code
before, what is left where it has it now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict, cast

from keras_upgrade import __version__
from keras_upgrade.coverage import note
from keras_upgrade.documents import Cell, Document, Edit, Position
from keras_upgrade.documents import load as read_document
from keras_upgrade.documents.lines import split_lines
from keras_upgrade.names import Seen
from keras_upgrade.outcomes import given_place
from keras_upgrade.report.checklist import checklist, family
from keras_upgrade.report.coverage import file_coverage, total, where
from keras_upgrade.report.diff import diff
from keras_upgrade.report.findings import mark_of
from keras_upgrade.report.headings import heading
from keras_upgrade.report.summary import summary
from keras_upgrade.rules import Rule, rule_of

if TYPE_CHECKING:
    from keras_upgrade.outcomes import Outcome, Report
    from keras_upgrade.verify import Verification

SCHEMA = 1
"""Goes up when a key changes its meaning or goes away; new keys may come without."""


class Place(TypedDict):
    """A place in a file: `cell` is None where `line` is a line of the file."""

    cell: int | None
    line: int
    column: int


class Replacement(TypedDict):
    """New text for what stands between two places; the end is not part of it."""

    start: Place
    end: Place
    text: str


class InFile(TypedDict):
    """Where a finding stands in the file itself, and what its fix changes there: for notebooks, in their JSON."""

    start: Place
    end: Place
    edits: list[Replacement]


class FindingRecord(TypedDict):
    """A finding.

    `mark` is what it can be (`fix`, `review`, `advice`), `state` what became of it (`applied`, `left`). `edits` are
    complete, with the imports, in a record of `check` that was asked for them.
    """

    code: str
    name: str
    title: str
    mark: Literal["fix", "review", "advice"]
    state: Literal["applied", "left"]
    start: Place
    end: Place
    message: str
    change: str
    assumption: str
    subject: str
    edits: list[Replacement]
    imports: list[str]
    in_file: NotRequired[InFile]


class ProblemRecord(TypedDict):
    """Why a cell cannot be read."""

    start: Place
    message: str
    hint: str
    in_file: NotRequired[Place]


class UnknownRecord(TypedDict):
    """A name that no rule speaks of, and that today's Keras and TensorFlow do not have; `note` is what is known of it."""

    name: str
    note: str
    start: Place
    end: Place
    in_file: NotRequired[InFile]


class CellRecord(TypedDict):
    """A code cell (a script, a fenced block) before and after; `line` is where it begins in the file now."""

    index: int
    line: int
    line_before: int
    before: str
    after: str


class FileRecord(TypedDict):
    """What there is to say about one file.

    `title` is its first heading, `summary` the Applied Fixes Summary as Markdown; `run` is what `runs.data` gives.
    """

    path: str
    kind: str
    changed: bool
    findings: list[FindingRecord]
    problems: list[ProblemRecord]
    failures: list[str]
    checklist: list[str]
    coverage: NotRequired[FileCoverage]
    unknown: NotRequired[list[UnknownRecord]]
    title: NotRequired[str]
    summary: NotRequired[str]
    cells: NotRequired[list[CellRecord]]
    diff: NotRequired[str]
    run: NotRequired[dict[str, Any]]


class RuleRecord(TypedDict):
    """A rule; `page` is Markdown."""

    code: str
    name: str
    title: str
    family: str
    page: str


class Counts(TypedDict):
    """How many names of each state."""

    fixed: int
    review: int
    advised: int
    ignored: int
    fine: int
    unknown: int
    unread: int


class NameRecord(TypedDict):
    """A name in a file, and the places where it has that state: those of fixed names as the file was given."""

    name: str
    state: str
    count: int
    places: list[str]
    note: str


class FileCoverage(Counts):
    """The names of a file."""

    names: list[NameRecord]


class Totals(TypedDict):
    """How many there are in all files: fixes made (safe, for review), and findings left of each kind."""

    files: int
    affected: int
    changed: int
    fixed: int
    reviewed: int
    left_fix: int
    left_review: int
    left_advice: int


class Record(TypedDict):
    """A whole run; with `dry`, nothing was written: fixes that are `applied` would be. `created` is when, in ISO 8601."""

    schema: int
    tool: str
    version: str
    command: str
    dry: NotRequired[bool]
    created: NotRequired[str]
    smoke: NotRequired[bool]
    files: list[FileRecord]
    errors: list[str]
    totals: Totals
    coverage: NotRequired[Counts]


def record(
    command: str,
    outcomes: Sequence[Outcome],
    *,
    sources: bool = False,
    in_file: bool = False,
    dry: bool = False,
    runs: Iterable[Verification] = (),
    smoke: bool = True,
    errors: Sequence[str] = (),
) -> Record:
    """A run as data.

    Args:
        command: `check`, `fix`, `verify` or `migrate`.
        outcomes: what happened to the files.
        sources: whether to hold the code of the cells before and after, titles and summaries too.
        in_file: whether to hold the places in the files themselves.
        dry: whether nothing was written: then all places are those of the files as they were given.
        runs: what was seen of the programs among the files.
        smoke: whether they ran small.
        errors: what could not be done, in words.
    """
    by_path = {seen.path: seen for seen in runs}
    files = [
        _file(outcome, sources=sources, in_file=in_file, dry=dry, seen=by_path.get(outcome.document.path))
        for outcome in outcomes
    ]
    result: Record = {
        "schema": SCHEMA,
        "tool": "keras-upgrade",
        "version": __version__,
        "command": command,
        "files": files,
        "errors": list(errors),
        "totals": totals(files),
        "coverage": total([file["coverage"] for file in files if "coverage" in file]),
    }
    if dry:
        result["dry"] = True
    if by_path:
        result["smoke"] = smoke
    return result


def totals(files: Sequence[FileRecord]) -> Totals:
    """The counts over files."""
    findings = [finding for file in files for finding in file["findings"]]

    def count(state: str, *marks: str) -> int:
        return sum(finding["state"] == state and finding["mark"] in marks for finding in findings)

    return {
        "files": len(files),
        "affected": sum(bool(file["findings"]) for file in files),
        "changed": sum(file["changed"] for file in files),
        "fixed": count("applied", "fix"),
        "reviewed": count("applied", "review"),
        "left_fix": count("left", "fix"),
        "left_review": count("left", "review"),
        "left_advice": count("left", "advice"),
    }


def rule_record(rule: Rule) -> RuleRecord:
    """A rule as data."""
    return {
        "code": rule.code,
        "name": rule.name,
        "title": rule.title,
        "family": family(rule.code),
        "page": rule.page,
    }


def dump(data: Record) -> str:
    """The run as JSON, which `load` reads."""
    return json.dumps(data, indent=1, ensure_ascii=False, default=str) + "\n"


def load(text: str) -> Record:
    """A saved run.

    Raises:
        ValueError: the text is no saved run of this version's making; `str()` says why.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is not JSON ({error})") from None
    if not isinstance(data, dict) or data.get("tool") != "keras-upgrade" or "files" not in data:
        raise ValueError("it is not a run that keras-upgrade saved")
    if data.get("schema") != SCHEMA:
        raise ValueError(f"it has the form {data.get('schema')} of saved runs; this version reads {SCHEMA}")
    return cast(Record, data)


def _file(
    outcome: Outcome, *, sources: bool, in_file: bool, dry: bool, seen: Verification | None
) -> FileRecord:
    document = outcome.document
    left, now = outcome.left, _as_written(outcome)
    if dry and outcome.changed:
        left, now = [given_place(outcome, report) for report in outcome.left], outcome.before
    findings = [_finding(outcome.before, report, "applied", in_file) for report in outcome.applied]
    findings += [_finding(now, report, "left", in_file) for report in left]
    result: FileRecord = {
        "path": str(document.path),
        "kind": document.kind,
        "changed": outcome.changed,
        "findings": findings,
        "problems": _problems(now, in_file),
        "failures": list(dict.fromkeys(outcome.failures)),
        "coverage": file_coverage(outcome, dry=dry),
        "unknown": [_unknown(outcome, now, seen, in_file, dry) for seen in outcome.unknown],
        "checklist": checklist(
            (report.finding for report in outcome.left),
            len(document.problems),
            ran=seen is not None and seen.after.passed,
        ),
    }
    if sources:
        pairs = zip(outcome.before.cells, document.cells, strict=True)
        result["cells"] = [
            {
                "index": new.index,
                "line": new.first_line,
                "line_before": old.first_line,
                "before": old.source,
                "after": new.source,
            }
            for old, new in pairs
        ]
        result["title"] = heading(document)
        result["summary"] = summary(outcome, document.path.name)
    if dry:
        result["diff"] = "".join(f"{line}\n" for line in diff(document.path, outcome.before, document))
    if seen is not None:
        from keras_upgrade.report import runs as run_report  # noqa: PLC0415

        result["run"] = run_report.data(str(seen.path), seen)
    return result


def _as_written(outcome: Outcome) -> Document:
    """The document as it is now, read from what is written of it."""
    document = outcome.document
    return read_document(document.path, document.to_bytes()) if outcome.changed else document


def _problems(document: Document, in_file: bool) -> list[ProblemRecord]:
    if not document.problems:  # so that a file without any need not be read
        return []
    return [_problem(document, cell, in_file) for cell in document.cells if cell.problem is not None]


def _problem(document: Document, cell: Cell, in_file: bool) -> ProblemRecord:
    problem = cell.problem
    assert problem is not None
    result: ProblemRecord = {
        "start": _place(problem.position),
        "message": problem.message,
        "hint": problem.hint,
    }
    if in_file:
        lines = split_lines(cell.source)[: problem.position.line - cell.first_line]
        result["in_file"] = _place(document.place_in_file(cell.start + sum(map(len, lines))))
    return result


def _unknown(outcome: Outcome, now: Document, seen: Seen, in_file: bool, dry: bool) -> UnknownRecord:
    document, span = where(outcome, seen, dry=dry)
    result: UnknownRecord = {
        "name": seen.name.label,
        "note": note(seen.name),
        "start": _place(document.position(span.start)),
        "end": _place(document.position(span.end)),
    }
    if in_file:
        read = now if document is outcome.document else document
        start, end = read.place_in_file(span.start), read.place_in_file(span.end)
        result["in_file"] = {"start": _place(start), "end": _place(end), "edits": []}
    return result


def _finding(
    document: Document, report: Report, state: Literal["applied", "left"], in_file: bool
) -> FindingRecord:
    finding, fix = report.finding, report.finding.fix
    rule = rule_of(finding.code)
    if report.edits and not document.has_own_lines:
        edits = _in_file(document, report.edits)
    elif fix is not None and state == "left":  # those of fixes that were made are the difference of the cells
        edits = _in_cells(document, report.edits or fix.edits)
    else:
        edits = []
    result: FindingRecord = {
        "code": finding.code,
        "name": rule.name if rule else "unused-import",
        "title": rule.title if rule else "imports that the migration left without a use",
        "mark": mark_of(finding),
        "state": state,
        "start": _place(report.position),
        "end": _place(report.end),
        "message": " ".join(finding.message.split()),
        "change": fix.change if fix else "",
        "assumption": finding.assumption,
        "subject": finding.subject,
        "edits": edits,
        "imports": list(fix.imports) if fix else [],
    }
    if in_file:
        result["in_file"] = {
            "start": _place(document.place_in_file(finding.span.start)),
            "end": _place(document.place_in_file(finding.span.end)),
            "edits": _in_file(document, report.edits),
        }
    return result


def _in_cells(document: Document, edits: Sequence[Edit]) -> list[Replacement]:
    return [
        {
            "start": _place(document.position(edit.start)),
            "end": _place(document.position(edit.end)),
            "text": edit.text,
        }
        for edit in edits
    ]


def _in_file(document: Document, edits: Sequence[Edit]) -> list[Replacement]:
    return [
        {"start": _place(start), "end": _place(end), "text": text}
        for start, end, text in document.changes_in_file(edits)
    ]


def _place(position: Position) -> Place:
    return {"cell": position.cell, "line": position.line, "column": position.column}
