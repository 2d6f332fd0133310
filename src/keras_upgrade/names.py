"""The names of Keras and TensorFlow in a program, and what became of each: plain data that travels to the reports."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from keras_upgrade.documents.spans import Edit, Span, moved_forward
from keras_upgrade.records import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.analysis.values import Api

UNCERTAIN = "?"
"""Stands for the class of an object that is not known."""


class Use(StrEnum):
    """How a name is used."""

    IMPORT = "import"
    REFERENCE = "reference"
    MEMBER = "member"
    KEYWORD = "keyword"


@dataclass(eq=False, slots=True)  # never changed; one for each name, too many for what `frozen` costs
class Name:
    """A name at a place.

    Attributes:
        path: the canonical path: `keras.layers.Dense`, `keras.Model.fit`, `keras.layers.*`; of a keyword that of what
            it is given to.
        package: the package that it was spelled with.
        use: how it is used.
        word: the last word of it, as it stands in the text; of a keyword the keyword.
        span: where it stands; of a member only the word.
        whole: the expression that ends with it; of a keyword the keyword with its value; of an imported name the
            module that it is imported from.
        around: the call that it is called by, the import statement; else `whole`.
        bound: the imported name that it begins with, or binds.
        others: what else it may stand for: imports of a `try` or an `if` bind one name to several things.
        sure: whether it may be nothing but that; of a member, whether the object is of just that class.
    """

    path: str
    package: str
    use: Use
    word: str
    span: Span
    whole: Span
    around: Span
    bound: str = ""
    others: tuple[Api, ...] = ()
    sure: bool = True

    @property
    def label(self) -> str:
        """The name as reports show it: `keras.layers.Dense(units=)`."""
        if self.use is Use.KEYWORD:
            return f"{self.path}({self.word}=)"
        return self.path.removeprefix(f"{UNCERTAIN}.")


class State(StrEnum):
    """What became of a name; of several, the later one counts."""

    FINE = "fine"
    IGNORED = "ignored"
    """A finding is about it that the user does not want."""
    FIXED = "fixed"
    REVIEW = "review"
    ADVISED = "advised"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """A name at a place, and what became of it.

    Attributes:
        name: the name; its spans are those of the document as it was given, or else as it is `now`.
    """

    name: Name
    state: State
    now: bool = False

    def moved(self, edits: Sequence[Edit]) -> Seen:
        """The same after edits of the document as it is now."""
        if not self.now:
            return self
        start = moved_forward(self.name.span.start, edits)
        return replace(
            self, name=replace(self.name, span=Span(start, start + self.name.span.end - self.name.span.start))
        )
