"""Runs the rules over a project, to a fixed point.

Fixes of the NAMES phase come first; those that move code (STRUCTURE) find the names right already. In each pass the
fixes that do not touch each other are made, the others wait for the next one. A document whose text would no longer
parse stays as it was. Imports that the migration left without a use go last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from keras_upgrade.analysis.observed import Observed
from keras_upgrade.analysis.places import Files
from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.project import Project
from keras_upgrade.catalogue import Catalogue
from keras_upgrade.coverage import after_fixes, cover
from keras_upgrade.documents import Document
from keras_upgrade.facts import document_facts
from keras_upgrade.findings import Finding, Safety
from keras_upgrade.fixing import apply, with_all_edits
from keras_upgrade.grouping import Programs
from keras_upgrade.ignoring import ignored
from keras_upgrade.knowledge.releases import NEWEST, newest_need
from keras_upgrade.names import Seen
from keras_upgrade.options import Options
from keras_upgrade.outcomes import Outcome, Report, moved, report_on
from keras_upgrade.patterns import pattern
from keras_upgrade.records import replace
from keras_upgrade.rules import CLEANUP, STRUCTURE, Context, Rule, all_rules, rules_for
from keras_upgrade.rules.cleanup import unused_imports
from keras_upgrade.working import Working

MAX_PASSES = 50
"""Passes over a document; each makes at least one fix, so that more mean a rule that undoes another."""

_TF_KERAS = pattern(
    r"\btensorflow[.\w]*\.keras\b|\btf\.(?:compat\.v\d\.)?keras\b|from[ \t]+tensorflow[.\w]*[ \t]+import[^\n]*\bkeras\b"
)

type _Program = tuple[list[Outcome], Sequence[Path], Files]


def check(
    documents: Sequence[Document], options: Options | None = None, *, with_edits: bool = False
) -> list[Outcome]:
    """What Keras 3 breaks in the documents; nothing is changed (`Outcome.left` holds every finding).

    Args:
        documents: the documents.
        options: what to look for.
        with_edits: whether `Report.edits` are wanted.
    """
    outcomes = [Outcome(document, document) for document in documents]
    for program in _one_by_one(outcomes):
        check_together(*program, options or Options(), with_edits=with_edits)
    return outcomes


def check_together(
    group: Sequence[Outcome], users: Sequence[Path], files: Files, options: Options, *, with_edits: bool
) -> None:
    """Finds what Keras 3 breaks in the documents of one program.

    Args:
        group: the documents; what is found is put into their outcomes.
        users: files around that import them.
        files: where the modules are that they import.
        options: what to look for.
        with_edits: whether `Report.edits` are wanted.
    """
    with _guarded(group):
        program = _analyse(group, users, files)
        for outcome, module in zip(group, program, strict=True):
            found, kept_away = _find(module, program, options, outcome)
            outcome.left = [report_on(outcome.document, finding) for finding in found]
            if with_edits:
                outcome.left = [with_all_edits(module, outcome.document, report) for report in outcome.left]
            outcome.names = _cover(module, found, kept_away, outcome)


def migrate(documents: Sequence[Document], options: Options | None = None) -> list[Outcome]:
    """Makes every fix that the options allow; gives the migrated documents with what was done and what is left."""
    outcomes = [Outcome(document, document) for document in documents]
    for program in _one_by_one(outcomes):
        migrate_together(*program, options or Options())
    return outcomes


def migrate_together(group: Sequence[Outcome], users: Sequence[Path], files: Files, options: Options) -> None:
    """Makes the fixes in the documents of one program; see `check_together`."""
    with _guarded(group):
        _migrate_group(group, users, files, options)


def _one_by_one(outcomes: Sequence[Outcome]) -> Iterator[_Program]:
    """The programs that documents make; what only the analysis of one needs is let go of before the next."""
    with Working() as working:
        for group, users, files in _programs(outcomes):
            yield group, users, files
            for outcome in group:
                outcome.before.forget_tree()
                outcome.document.forget_tree()
            working.worked(sum(len(outcome.document.text) for outcome in group))


def _programs(outcomes: Sequence[Outcome]) -> Iterator[_Program]:
    """The documents that go together, with the files that use them, and what finds the modules that they import."""
    documents = {outcome.document.path: outcome for outcome in outcomes if outcome.document.is_read}
    members = {path: document_facts(outcome.document) for path, outcome in documents.items()}
    around = Programs((outcome.document.path for outcome in outcomes), members, Catalogue().content)
    for group in around.groups:
        yield [documents[path] for path in group], around.users_of(group), around.files


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
    for group, users, files in _programs(outcomes):
        if not any(outcome.document.path in observed for outcome in group):
            continue
        further = [
            replace(o, applied=[*o.applied], left=[*o.left], failures=[*o.failures], history=[*o.history])
            for o in group
        ]
        with _guarded(further):
            _migrate_group(further, users, files, options or Options(), observed)
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


def _analyse(
    group: Sequence[Outcome],
    users: Sequence[Path],
    files: Files,
    observed: Mapping[Path, Observed] | None = None,
) -> Program:
    return Project([outcome.document for outcome in group], observed, users, files).analyse()


def _migrate_group(
    group: Sequence[Outcome],
    users: Sequence[Path],
    files: Files,
    options: Options,
    observed: Mapping[Path, Observed] | None = None,
) -> None:
    first = program = _analyse(group, users, files, observed)
    for _ in range(MAX_PASSES):
        changed = False
        said: list[tuple[list[Finding], list[Finding]]] = []
        for outcome, module in zip(group, program, strict=True):
            found, kept_away = _find(module, program, options, outcome)
            said.append((found, kept_away))
            if outcome.given_names is None:
                outcome.given_names = _cover(module, found, kept_away, outcome)
            outcome.left = [report_on(outcome.document, finding) for finding in found]
            changed |= apply(outcome, module, _choose(found, program, options))
        if not changed:
            break
        program = _analyse(group, users, files, observed)
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
            if finding is not None and apply(outcome, after, [finding]):
                last = outcome.history[-1]
                outcome.left = [moved(outcome.document, report, last) for report in outcome.left]
                outcome.names = [seen.moved(last) for seen in outcome.names]
        outcome.applied.sort(key=lambda report: (report.position.cell or 0, report.position.line))


def _find(
    module: Module, program: Program, options: Options, outcome: Outcome
) -> tuple[list[Finding], list[Finding]]:
    """The findings in a module, and those that the user does not want, each in the order of the text."""
    text = outcome.before.text
    standalone = not any("keras" in line and _TF_KERAS.search(line) for line in text.split("\n"))
    context = Context(module, program, options, outcome.changed, standalone, text)
    found: list[Finding] = []
    for rule in _rules(program):
        if rule.phase == STRUCTURE:
            context.migrating = context.migrating or any(finding.fix is not None for finding in found)
        try:
            found += rule.check(context)
        except Exception as error:  # one rule's defect must not cost the user the others' findings
            outcome.failures.append(f"{rule.code} {rule.name} failed: {type(error).__name__}: {error}")
    once = {(finding.code, finding.span, finding.message): finding for finding in found}
    ordered = sorted(once.values(), key=lambda finding: (finding.span.ends, finding.code))
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


def _rules(program: Program) -> Sequence[Rule]:
    """The rules that may have something to say about some module of a program, in the order of their phases."""
    if program.is_observed:
        return _in_phases(all_rules())
    return program.once("rules", lambda: _in_phases(rules_for(program.words)))


def _in_phases(rules: Iterable[Rule]) -> Sequence[Rule]:
    return sorted(rules, key=lambda rule: rule.phase)


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


__all__ = ["Outcome", "Report", "check", "migrate", "migrate_further"]
