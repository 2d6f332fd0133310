"""What happened to a document: the findings with their places, the fixes made, what is left."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from keras_upgrade.documents import Document, DocumentError, Edit, Position, Span, Unread
from keras_upgrade.documents.spans import moved_back
from keras_upgrade.findings import Finding
from keras_upgrade.names import Name, Seen, State, Use
from keras_upgrade.records import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

_HELD = 8
"""The findings of so many documents are held at a time, of those that did not change."""


@dataclass(frozen=True, slots=True)
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
    def has_left(self) -> bool:
        """Whether anything is left for the user."""
        return bool(self.left)

    @property
    def needs_you(self) -> bool:
        """Whether anything is left to do or to look at."""
        return self.has_left or bool(self.unknown)

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


# -- outcomes whose texts are let go of ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _KeptName:
    """What reports need of a name; see `Name` and `Seen`."""

    path: str
    package: str
    use: Use
    word: str
    start: int
    end: int
    state: State
    now: bool

    @classmethod
    def of(cls, seen: Seen) -> _KeptName:
        name, span = seen.name, seen.name.span
        return cls(name.path, name.package, name.use, name.word, span.start, span.end, seen.state, seen.now)

    def seen(self) -> Seen:
        span = Span(self.start, self.end)
        name = Name(self.path, self.package, self.use, self.word, span, span, span)
        return Seen(name, self.state, self.now)


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a document that did not change, as plain data: what goes from process to process, and into the cache.

    Attributes:
        failures: as in `Outcome`.
        has_left: whether anything is left for the user.
        unknown: the unknown names.
        left: the findings, as JSON: they are many, and not every command wants to know all of them.
        names: all names, as JSON.
    """

    failures: list[str]
    has_left: bool
    unknown: list[_KeptName]
    left: str
    names: str

    @classmethod
    def of(cls, outcome: Outcome) -> Found:
        """What was found in a document."""
        from keras_upgrade.plain import dumps  # noqa: PLC0415

        names = [_KeptName.of(seen) for seen in outcome.names]
        unknown = [name for name in names if name.state is State.UNKNOWN]
        left = dumps(list[Report], outcome.left)
        return cls(outcome.failures, bool(outcome.left), unknown, left, dumps(list[_KeptName], names))


NOTHING = "[]"
"""What `Found.left` and `Found.names` are where there are none."""


class KeptOutcome(Outcome):
    """The outcome of a document that did not change; what was found is read when it is asked for, and let go of.

    Arguments:
        document: the document.
        found: what was found in it.
        size: how many characters it has.
    """

    _recent: ClassVar[deque[KeptOutcome]] = deque()

    def __init__(self, document: Document, found: Found, size: int) -> None:
        self.before = self.document = document
        self.applied, self.history, self.failures = [], [], found.failures
        self._found, self._size = found, size

    def __getattr__(self, name: str) -> Any:
        if name not in ("left", "names"):
            raise AttributeError(name)
        from keras_upgrade.plain import MalformedError  # noqa: PLC0415

        try:
            value = self._left() if name == "left" else self._names()
        except MalformedError:
            message = "has findings of an earlier run that make no sense"
            raise DocumentError(
                self.document.path, None, message, "Run the command again with --no-cache"
            ) from None
        if len(self._recent) >= _HELD:
            self._recent.popleft()._let_go()
        self._recent.append(self)
        self.__dict__[name] = value
        return value

    @property
    def has_left(self) -> bool:
        """Whether anything is left for the user."""
        return self._found.has_left

    @property
    def unknown(self) -> list[Seen]:
        """The names in it that no rule speaks of, and that today's Keras or TensorFlow does not have."""
        return [name.seen() for name in self._found.unknown]

    def full(self) -> Outcome:
        """The same with all that it consists of, to be changed."""
        document = self.document.itself() if isinstance(self.document, Unread) else self.document
        return Outcome(document, document, left=self.left, failures=self.failures, names=self.names)

    def _left(self) -> list[Report]:
        from keras_upgrade.plain import loads  # noqa: PLC0415

        left: list[Report] = loads(list[Report], self._found.left)
        for report in left:
            fix = report.finding.fix
            edits = (*report.edits, *(fix.edits if fix is not None else ()))
            self._check((report.finding.span, *(edit.span for edit in edits)))
        return left

    def _names(self) -> list[Seen]:
        from keras_upgrade.plain import loads  # noqa: PLC0415

        names = [name.seen() for name in loads(list[_KeptName], self._found.names)]
        self._check(seen.name.span for seen in names)
        return names

    def _check(self, spans: Iterable[Span]) -> None:
        """Makes sure that places are in the text."""
        from keras_upgrade.plain import MalformedError  # noqa: PLC0415

        if not all(0 <= span.start <= span.end <= self._size for span in spans):
            raise MalformedError("a place is not in the text")

    def _let_go(self) -> None:
        self.__dict__.pop("left", None)
        self.__dict__.pop("names", None)
