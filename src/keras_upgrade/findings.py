"""What rules find: the objects that travel from the rules through the engine to the reports."""

from collections.abc import Sequence
from enum import StrEnum

from keras_upgrade.documents.spans import Edit, Span, moved_forward
from keras_upgrade.records import dataclass, replace


class Safety(StrEnum):
    """How sure a fix is."""

    SAFE = "safe"
    """Equal by the facts."""
    REVIEW = "review"
    """Equal under an assumption, which the finding states in words."""


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits that carry out one finding, all or none of them.

    Attributes:
        edits: non-overlapping changes of the joined source.
        safety: how sure the fix is.
        imports: import statements that the new text needs (`"import keras"`), added once where missing.
        change: what was done, one line for the Applied Fixes Summary (`` `K.exp` → `keras.ops.exp` ``).
    """

    edits: Sequence[Edit]
    change: str
    safety: Safety = Safety.SAFE
    imports: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that Keras 3 breaks, or reads in another way.

    Attributes:
        code: the rule's code, such as `KU301`.
        span: the place in the joined source.
        message: what is wrong, in words for a user; for a finding without fix, what the user must decide.
        fix: how it is mended, or None for an advice.
        subject: what the summary calls the place (`imports`, "`sampling` function"), if the rule knows better
            than "cell 3".
        assumption: for a fix of safety `review`, what has to hold for it to be right.
    """

    code: str
    span: Span
    message: str
    fix: Fix | None = None
    subject: str = ""
    assumption: str = ""

    def moved(self, edits: Sequence[Edit]) -> "Finding":
        """The finding in the source after sorted `edits`, which leave its own places alone."""
        span = Span(moved_forward(self.span.start, edits), moved_forward(self.span.end, edits))
        if self.fix is None:
            return replace(self, span=span)
        own = [
            Edit(moved_forward(e.start, edits), moved_forward(e.end, edits), e.text) for e in self.fix.edits
        ]
        return replace(self, span=span, fix=replace(self.fix, edits=own))
