"""What happened to a document: the findings with their places, the fixes made, what is left."""

from __future__ import annotations

from keras_upgrade.coverage import Seen, State
from keras_upgrade.documents import Document, Edit, Position, Span
from keras_upgrade.documents.spans import moved_back
from keras_upgrade.findings import Finding
from keras_upgrade.records import dataclass, field, replace


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


def report_on(document: Document, finding: Finding) -> Report:
    """A finding with its place in a document."""
    return Report(finding, document.position(finding.span.start), document.position(finding.span.end))


def moved(document: Document, report: Report, edits: list[Edit]) -> Report:
    """A report of the text before `edits` at its place after them."""
    return report_on(document, report.finding.moved(edits))


def given_place(outcome: Outcome, report: Report) -> Report:
    """A report of the document as it is now as one of the document as the user gave it, without edits."""
    finding = report.finding
    if finding.fix is not None:
        finding = replace(finding, fix=replace(finding.fix, edits=()))
    return report_as_given(outcome, finding)


def report_as_given(outcome: Outcome, finding: Finding) -> Report:
    """A report with the place in the document as the user gave it."""
    start, end = finding.span.start, finding.span.end
    for edits in reversed(outcome.history):
        start, end = moved_back(start, edits), moved_back(end, edits)
    return report_on(outcome.before, replace(finding, span=Span(start, max(start, end))))
