"""Making fixes: those that do not touch each other together, with the imports and the indentation that go with them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterable

from keras_upgrade.analysis.program import Module
from keras_upgrade.documents import Document, Edit
from keras_upgrade.documents.lines import with_newlines
from keras_upgrade.documents.spans import OverlappingEditsError, joined, sort_edits
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.outcomes import Outcome, Report, report_as_given
from keras_upgrade.records import replace
from keras_upgrade.syntax.alignment import alignment_edits
from keras_upgrade.syntax.imports import insert_import


def with_all_edits(module: Module, document: Document, report: Report) -> Report:
    """The report with all that its fix changes, if by itself it can be made."""
    if report.finding.fix is None:
        return report
    try:
        edits = _all_edits(module, [report.finding])
    except OverlappingEditsError:
        return report
    return report if _edited(document, edits) is None else replace(report, edits=tuple(joined(edits)))


def apply(outcome: Outcome, module: Module, findings: list[Finding]) -> bool:
    """Makes the fixes that do not touch each other; takes one after the other where together they do not parse."""
    document = outcome.document
    findings = [finding for finding in findings if _is_consistent(finding, outcome)]
    chosen = _without_conflicts(findings)
    edits = _all_edits(module, chosen)
    result = _edited(document, edits)
    if result is None:
        good: list[Finding] = []
        for finding in chosen:
            attempt = _edited(document, _all_edits(module, [*good, finding]))
            if attempt is None:
                outcome.failures.append(
                    f"{finding.code} wrote code that does not parse; that fix was left out"
                )
            else:
                good, result = [*good, finding], attempt
        chosen, edits = good, _all_edits(module, good)
    if result is None or result.source == document.source:
        return False
    outcome.applied += [report_as_given(outcome, finding) for finding in chosen]
    outcome.history.append([Edit(e.start, e.end, with_newlines(e.text, document.newline)) for e in edits])
    outcome.document = result
    return True


def _is_consistent(finding: Finding, outcome: Outcome) -> bool:
    assert finding.fix is not None
    try:
        sort_edits(finding.fix.edits)
    except OverlappingEditsError as error:
        outcome.failures.append(
            f"{finding.code} wants to change one place twice; that fix was left out ({error})"
        )
        return False
    return True


def _without_conflicts(findings: list[Finding]) -> list[Finding]:
    chosen: list[Finding] = []
    edits: list[Edit] = []
    for finding in findings:
        assert finding.fix is not None
        try:
            merged = sort_edits([*edits, *finding.fix.edits])
        except OverlappingEditsError:
            continue
        chosen.append(finding)
        edits = merged
    return chosen


def _all_edits(module: Module, findings: list[Finding]) -> list[Edit]:
    """The edits of the fixes, the imports that they need, and the indentation that follows them."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    edits = [edit for fix in fixes for edit in fix.edits]
    for text in dict.fromkeys(text for fix in fixes for text in fix.imports):
        uses = _uses(module, fixes, text)
        edits.append(insert_import(module.source, module.tree, text, _is_keras_import, uses=uses))
    try:
        return _spaced(sort_edits([*edits, *_alignment(module, edits)]))
    except OverlappingEditsError:
        return _spaced(sort_edits(edits))


def _uses(module: Module, fixes: list[Fix], text: str) -> list[int]:
    """Where the name that an import binds is needed: in the new text, and where `tf.keras` will become it."""
    name = re.compile(rf"\b{text.rpartition(' ')[2]}\b")
    uses = [e.start for fix in fixes if text in fix.imports for e in fix.edits if name.search(e.text)]
    if text.startswith("import keras"):
        for node in module.references:
            found = module.api(node) if isinstance(node, ast.Attribute) else None
            if found is not None and found.package == "tensorflow.keras":
                uses.append(module.source.start(node))
    return uses


def _spaced(edits: list[Edit]) -> list[Edit]:
    """Definitions inserted at one place bring the blank lines before them, which the one above has given already."""
    result: list[Edit] = []
    for edit in edits:
        above = result[-1] if result else None
        if above is not None and above.end == edit.start == edit.end and above.text.endswith("\n\n\n"):
            result.append(replace(edit, text=edit.text.lstrip("\n")))
        else:
            result.append(edit)
    return result


def _edited(document: Document, edits: list[Edit]) -> Document | None:
    """The document with the edits made, or None when a cell that parsed no longer would."""
    if not edits:
        return None
    try:
        result = document.replace(edits)
    except ValueError:
        return None
    pairs = zip(document.cells, result.cells, strict=True)
    if any(new.problem is not None and old.problem is None for old, new in pairs):
        return None
    return result


def _alignment(module: Module, edits: list[Edit]) -> list[Edit]:
    """Indentation of continuation lines that follows the bracket that they were aligned with."""
    source = module.source
    touched = sorted({source.line_of(edit.start) for edit in edits})
    result: list[Edit] = []
    for first, last in _statement_lines(module):
        low = bisect_left(touched, first)
        if first < last and low < len(touched) and touched[low] <= last:
            result += alignment_edits(source, edits, first, last)
    return result


def _statement_lines(module: Module) -> Iterable[tuple[int, int]]:
    """First and last line of every statement without a body."""
    for kind in (
        ast.Assign,
        ast.Expr,
        ast.Return,
        ast.AnnAssign,
        ast.AugAssign,
        ast.Assert,
        ast.Raise,
        ast.Delete,
    ):
        for node in module.nodes(kind):
            if node.end_lineno is not None:
                yield node.lineno, node.end_lineno


def _is_keras_import(statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and (statement.module or "").partition(".")[0] in ("keras", "tensorflow")
    return any(alias.name.partition(".")[0] == "keras" or ".keras" in alias.name for alias in statement.names)
