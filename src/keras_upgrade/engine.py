"""Runs the rules over a project, to a fixed point.

Fixes of the NAMES phase come first; those that move code (STRUCTURE) find the names right already. In each pass the
fixes that do not touch each other are made, the others wait for the next one. A document whose text would no longer
parse stays as it was. Imports that the migration left without a use go last.
"""

from __future__ import annotations

import ast
import os
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from keras_upgrade.analysis.observed import Observed
from keras_upgrade.analysis.places import Files, Surroundings, read_code
from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.project import Project
from keras_upgrade.coverage import Seen, State, after_fixes, cover
from keras_upgrade.documents import Document, Edit, Position, Span
from keras_upgrade.documents.lines import with_newlines
from keras_upgrade.documents.spans import OverlappingEditsError, joined, moved_back, sort_edits
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.ignoring import ignored
from keras_upgrade.knowledge.releases import NEWEST, newest_need
from keras_upgrade.knowledge.surface import is_source2
from keras_upgrade.relevance import HELPER, closure
from keras_upgrade.rules import CLEANUP, STRUCTURE, Context, Options, Rule, all_rules, rules_for
from keras_upgrade.rules.cleanup import unused_imports
from keras_upgrade.syntax.alignment import alignment_edits
from keras_upgrade.syntax.imports import insert_import
from keras_upgrade.working import Working

MAX_PASSES = 50
"""Passes over a document; each makes at least one fix, so that more mean a rule that undoes another."""

_CONCERNS_KERAS = re.compile(r"keras|tensorflow", re.IGNORECASE)
_TF_KERAS = re.compile(
    r"\btensorflow[.\w]*\.keras\b|\btf\.(?:compat\.v\d\.)?keras\b|from[ \t]+tensorflow[.\w]*[ \t]+import[^\n]*\bkeras\b"
)
_INSIDE_KERAS = re.compile(r"^[ \t]*(?:from|import)[ \t]+(keras\.src[\w.]*)", re.MULTILINE)


@dataclass(frozen=True)
class Report:
    """A finding with its place as a user reads it.

    Attributes:
        finding: what was found.
        position: where: of a fix in the document as it was given, of what is left in the document as it is now.
        end: the place after its last character.
        edits: all that its fix changes in that document, imports included; only where it was asked for.
        cell: the notebook cell, None for scripts.
    """

    finding: Finding
    position: Position
    end: Position
    edits: tuple[Edit, ...] = ()

    @property
    def cell(self) -> int | None:
        """The index of the notebook cell."""
        return self.position.cell


@dataclass
class Outcome:
    """What happened to one document.

    Attributes:
        before: the document as it was given.
        document: the document as it is now.
        applied: the fixes made, in the order of the text.
        left: what is left for the user: advices, and fixes held back.
        failures: rules that crashed, in words.
        history: the edits of each pass, to find places again.
        names: the names of Keras and TensorFlow in it, and what became of them.
        given_names: the same before any fix, of `migrate`.
    """

    before: Document
    document: Document
    applied: list[Report] = field(default_factory=list)
    left: list[Report] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    history: list[list[Edit]] = field(default_factory=list)
    names: list[Seen] = field(default_factory=list)
    given_names: list[Seen] | None = None

    @property
    def changed(self) -> bool:
        """Whether the text is another one now."""
        return self.document is not self.before and self.document.source != self.before.source

    @property
    def unknown(self) -> list[Seen]:
        """The names in it that no rule speaks of, and that today's Keras or TensorFlow does not have."""
        return [seen for seen in self.names if seen.state is State.UNKNOWN]

    @property
    def needs_you(self) -> bool:
        """Whether anything is left to do or to look at."""
        return bool(self.left or self.unknown)

    @property
    def edited_cells(self) -> frozenset[int]:
        """The indices of the cells whose source changed."""
        pairs = zip(self.before.cells, self.document.cells, strict=True)
        return frozenset(new.index for old, new in pairs if old.source != new.source)


def check(
    documents: Sequence[Document], options: Options | None = None, *, with_edits: bool = False
) -> list[Outcome]:
    """What Keras 3 breaks in the documents; nothing is changed (`Outcome.left` holds every finding).

    Args:
        documents: the documents.
        options: what to look for.
        with_edits: whether `Report.edits` are wanted.
    """
    chosen = options or Options()
    outcomes = [Outcome(document, document) for document in documents]
    around = _around(outcomes)
    for group in _one_by_one(_groups(outcomes, around.files)):
        with _guarded(group):
            program = _analyse(group, around)
            for outcome, module in zip(group, program, strict=True):
                found, kept_away = _find(module, program, chosen, outcome)
                outcome.left = [_report(outcome.document, finding) for finding in found]
                if with_edits:
                    outcome.left = [_with_edits(module, outcome.document, report) for report in outcome.left]
                outcome.names = _cover(module, found, kept_away, outcome)
    return outcomes


def _with_edits(module: Module, document: Document, report: Report) -> Report:
    """The report with all that its fix changes, if by itself it can be made."""
    if report.finding.fix is None:
        return report
    try:
        edits = _all_edits(module, [report.finding])
    except OverlappingEditsError:
        return report
    return report if _edited(document, edits) is None else replace(report, edits=tuple(joined(edits)))


def migrate(documents: Sequence[Document], options: Options | None = None) -> list[Outcome]:
    """Makes every fix that the options allow; gives the migrated documents with what was done and what is left."""
    chosen = options or Options()
    outcomes = [Outcome(document, document) for document in documents]
    around = _around(outcomes)
    for group in _one_by_one(_groups(outcomes, around.files)):
        with _guarded(group):
            _migrate_group(group, around, chosen)
    return outcomes


def _one_by_one(groups: Iterable[list[Outcome]]) -> Iterator[list[Outcome]]:
    """The groups; what only the analysis of one needs is let go of before the next."""
    with Working() as working:
        for group in groups:
            yield group
            for outcome in group:
                outcome.before.forget_tree()
                outcome.document.forget_tree()
            working.worked(sum(len(outcome.document.text) for outcome in group))


def migrate_further(
    outcomes: Sequence[Outcome], observed: Mapping[Path, Observed], options: Options | None = None
) -> list[Outcome]:
    """Makes the fixes that become possible by what runs have shown.

    Args:
        outcomes: what `migrate` gave; changed in place.
        observed: what was seen of the migrated documents, by their paths.
        options: as given to `migrate`.

    Returns:
        The outcomes with further changes.
    """
    changed = []
    around = _around(outcomes)
    for group in _groups(outcomes, around.files):
        if not any(outcome.document.path in observed for outcome in group):
            continue
        further = [
            replace(o, applied=[*o.applied], left=[*o.left], failures=[*o.failures], history=[*o.history])
            for o in group
        ]
        with _guarded(further):
            _migrate_group(further, around, options or Options(), observed)
            for outcome, other in zip(group, further, strict=True):
                if other.document.source != outcome.document.source:
                    known = {id(report) for report in outcome.applied}
                    outcome.applied = [r if id(r) in known else _to_review(r) for r in other.applied]
                    outcome.document, outcome.left, outcome.history = (
                        other.document,
                        other.left,
                        other.history,
                    )
                    outcome.names = other.names
                    changed.append(outcome)
    return changed


def _to_review(report: Report) -> Report:
    """A fix that rests on what one run has shown."""
    finding = report.finding
    assert finding.fix is not None
    assumption = finding.assumption or "the values here are always of the kind that they were in the run"
    reviewed = replace(finding, fix=replace(finding.fix, safety=Safety.REVIEW), assumption=assumption)
    return replace(report, finding=reviewed)


@contextmanager
def _guarded(group: Sequence[Outcome]) -> Iterator[None]:
    """Leaves the documents of a group as they were given when the analysis fails; the other groups go on."""
    try:
        yield
    except Exception as error:  # a defect of ours must not cost the user the other files
        for outcome in group:
            outcome.document, outcome.applied, outcome.left = outcome.before, [], []
            outcome.names = []
            outcome.failures.append(f"the analysis failed: {type(error).__name__}: {error}")


def _concerns(text: str) -> bool:
    return _CONCERNS_KERAS.search(text) is not None and not _is_of_keras3(text)


def _is_of_keras3(text: str) -> bool:
    """Whether code reaches into the insides of Keras 3: then it was written for it."""
    modules = _INSIDE_KERAS.findall(text)
    return bool(modules) and not any(is_source2(module) for module in modules)


def _words(document: Document) -> str:
    """The text that says what a document is about."""
    return document.source if document.kind == "requirements" else document.text


def _groups(outcomes: Sequence[Outcome], files: Files) -> list[list[Outcome]]:
    """The documents that concern Keras, themselves or through what they import, those together that import each other.

    What they import and what uses the libraries around Keras goes with them.
    """
    outcomes = [outcome for outcome in outcomes if outcome.document.is_read]
    by_path = {Path(os.path.abspath(o.document.path)): o for o in outcomes if o.document.kind == "python"}
    imports = {
        id(o): [*files.imported(o.document.path, o.document.text)] for o in outcomes if _has_imports(o)
    }
    importers: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        for path in imports.get(id(outcome), ()):
            imported = by_path.get(path)
            if imported is not None and imported is not outcome:
                importers.setdefault(id(imported), []).append(outcome)
    handed = _handed_keras({path: o.document.text for path, o in by_path.items()}, imports.values(), files)
    pending = [
        o
        for o in outcomes
        if o.document.cells
        and (_concerns(_words(o.document)) or not handed.isdisjoint(imports.get(id(o), ())))
    ]
    parent = {id(outcome): outcome for outcome in pending}

    def root(outcome: Outcome) -> Outcome:
        while (above := parent[id(outcome)]) is not outcome:
            parent[id(outcome)] = parent[id(above)]  # so that long chains are gone through once
            outcome = above
        return outcome

    while pending:
        outcome = pending.pop()
        for importer in importers.get(id(outcome), ()):
            if id(importer) not in parent:
                parent[id(importer)] = importer
                pending.append(importer)
            parent[id(root(importer))] = root(outcome)
    for outcome in outcomes:
        for path in imports.get(id(outcome), ()) if id(outcome) in parent else ():
            # A helper that never names Keras goes with the first program that needs it.
            helper = by_path.get(path)
            if helper and id(helper) not in parent and HELPER.search(helper.document.text):
                parent[id(helper)] = root(outcome)
    groups: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        if id(outcome) in parent:
            groups.setdefault(id(root(outcome)), []).append(outcome)
    return list(groups.values())


def _has_imports(outcome: Outcome) -> bool:
    return outcome.document.kind != "requirements"


def _handed_keras(texts: Mapping[Path, str], imports: Iterable[Sequence[Path]], files: Files) -> set[Path]:
    """The files, given or around, that name Keras or import one of the project that does.

    Args:
        texts: the code of files that need not be read.
        imports: what the documents import.
        files: where to look for what these import.
    """
    importers: dict[Path, list[Path]] = {}
    pending = list(dict.fromkeys(path for paths in imports for path in paths))
    seen, naming = set(pending), []
    for path in pending:
        text = texts[path] if path in texts else read_code(path)
        if _concerns(text):
            naming.append(path)
            continue
        for imported in files.imported(path, text):
            importers.setdefault(imported, []).append(path)
            if imported not in seen:
                seen.add(imported)
                pending.append(imported)
    return closure(set(naming), importers)


def _around(outcomes: Sequence[Outcome]) -> Surroundings:
    documents = (outcome.document for outcome in outcomes)
    return Surroundings(d.path for d in documents if not d.is_read or d.kind != "requirements")


def _analyse(
    group: Sequence[Outcome], around: Surroundings, observed: Mapping[Path, Observed] | None = None
) -> Program:
    users = around.users_of(outcome.document.path for outcome in group)
    return Project([outcome.document for outcome in group], observed, users, around.files).analyse()


def _migrate_group(
    group: list[Outcome],
    around: Surroundings,
    options: Options,
    observed: Mapping[Path, Observed] | None = None,
) -> None:
    first = program = _analyse(group, around, observed)
    for _ in range(MAX_PASSES):
        changed = False
        said: list[tuple[list[Finding], list[Finding]]] = []
        for outcome, module in zip(group, program, strict=True):
            found, kept_away = _find(module, program, options, outcome)
            said.append((found, kept_away))
            if outcome.given_names is None:
                outcome.given_names = _cover(module, found, kept_away, outcome)
            outcome.left = [_report(outcome.document, finding) for finding in found]
            changed |= _apply(outcome, module, _choose(found, program, options))
        if not changed:
            break
        program = _analyse(group, around, observed)
    else:
        for outcome in group:
            outcome.failures.append(f"the rules still found something to change after {MAX_PASSES} passes")
    for outcome, after, (found, kept_away) in zip(group, program, said, strict=True):
        now = _cover(after, found, kept_away, outcome) if outcome.changed else []
        outcome.names = (
            after_fixes(outcome.given_names or [], now) if outcome.changed else outcome.given_names or []
        )
    for outcome, before, after in zip(group, first, program, strict=True):
        if outcome.changed:
            context = Context(after, program, options)
            finding = (
                unused_imports(before, context) if options.wants(CLEANUP[0], outcome.document.path) else None
            )
            if finding is not None and _apply(outcome, after, [finding]):
                last = outcome.history[-1]
                outcome.left = [moved(outcome.document, report, last) for report in outcome.left]
                outcome.names = [seen.moved(last) for seen in outcome.names]
        outcome.applied.sort(key=lambda report: (report.position.cell or 0, report.position.line))


def moved(document: Document, report: Report, edits: list[Edit]) -> Report:
    """A report of the text before `edits` at its place after them."""
    return _report(document, report.finding.moved(edits))


def _find(
    module: Module, program: Program, options: Options, outcome: Outcome
) -> tuple[list[Finding], list[Finding]]:
    """The findings in a module, and those that the user does not want, each in the order of the text."""
    standalone = _TF_KERAS.search(outcome.before.text) is None
    context = Context(module, program, options, outcome.changed, standalone, outcome.before.text)
    found: list[Finding] = []
    for rule in sorted(_rules(program), key=lambda rule: rule.phase):
        if rule.phase == STRUCTURE:
            context.migrating = context.migrating or any(finding.fix is not None for finding in found)
        try:
            found += rule.check(context)
        except Exception as error:  # one rule's defect must not cost the user the others' findings
            outcome.failures.append(f"{rule.code} {rule.name} failed: {type(error).__name__}: {error}")
    once = {(finding.code, finding.span, finding.message): finding for finding in found}
    ordered = sorted(once.values(), key=lambda finding: (finding.span, finding.code))
    chosen = [finding for finding in ordered if options.wants(finding.code, outcome.document.path)]
    kept = _without_ignored(chosen, outcome.document)
    keys = {id(finding) for finding in kept}
    kept_away = [finding for finding in ordered if id(finding) not in keys]
    return [_within(finding, options.target) for finding in kept], kept_away


def _cover(
    module: Module, found: Sequence[Finding], kept_away: Sequence[Finding], outcome: Outcome
) -> list[Seen]:
    """What becomes of the names in a module."""
    try:
        return cover(module, found, kept_away)
    except Exception as error:  # the count must not cost the user the findings
        outcome.failures.append(f"counting the names failed: {type(error).__name__}: {error}")
        return []


def _without_ignored(found: list[Finding], document: Document) -> list[Finding]:
    """The findings but for those that the user keeps away by comments or tags."""
    places = ignored(document)
    return [f for f in found if not any(place.takes(f.code, f.span.start) for place in places)]


def _within(finding: Finding, target: int) -> Finding:
    """The finding without its fix, if that needs a newer Keras than the code is to run on."""
    if finding.fix is None or target >= NEWEST:
        return finding
    name, minor = max(
        (newest_need(edit.text) for edit in finding.fix.edits), key=lambda need: need[1], default=("", 0)
    )
    if minor <= target:
        return finding
    reason = f"the fix uses `{name}`, which came with Keras 3.{minor}, and the target is 3.{target}"
    return replace(finding, fix=None, message=f"{finding.message.rstrip('.')}; {reason}")


def _rules(program: Program) -> tuple[Rule, ...]:
    """The rules that may have something to say about some module of a program."""
    if program.is_observed:
        return all_rules()
    return program.once("rules", lambda: rules_for(program.words))


def _choose(found: list[Finding], program: Program, options: Options) -> list[Finding]:
    """The findings to fix in this pass: those of the earliest phase."""
    fixable = [
        finding
        for finding in found
        if finding.fix is not None and not (options.safe_only and finding.fix.safety is Safety.REVIEW)
    ]
    phases = {rule.code: rule.phase for rule in _rules(program)}
    earliest = min((phases[finding.code] for finding in fixable), default=0)
    return [finding for finding in fixable if phases[finding.code] == earliest]


def _apply(outcome: Outcome, module: Module, findings: list[Finding]) -> bool:
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
    outcome.applied += [_report_original(outcome, finding) for finding in chosen]
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


def _report(document: Document, finding: Finding) -> Report:
    return Report(finding, document.position(finding.span.start), document.position(finding.span.end))


def given_place(outcome: Outcome, report: Report) -> Report:
    """A report of the document as it is now as one of the document as the user gave it, without edits."""
    finding = report.finding
    if finding.fix is not None:
        finding = replace(finding, fix=replace(finding.fix, edits=()))
    return _report_original(outcome, finding)


def _report_original(outcome: Outcome, finding: Finding) -> Report:
    """A report with the place in the document as the user gave it."""
    start, end = finding.span.start, finding.span.end
    for edits in reversed(outcome.history):
        start, end = moved_back(start, edits), moved_back(end, edits)
    return _report(outcome.before, replace(finding, span=Span(start, max(start, end))))


__all__ = ["Edit", "Outcome", "Report", "Rule", "Span", "check", "migrate"]
