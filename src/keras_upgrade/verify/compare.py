"""Compares two recorded runs of a program, call by call: does it still do what it did on Keras 2?

How closely is told by the constants in `tolerances` and below. What cannot be compared is counted and named:
a verdict never claims more than was looked at.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from keras_upgrade.verify.tolerances import (
    INPUTS,
    LOOSE,
    LOOSE_SHARE,
    MOVEMENT,
    ONE_STEP,
    OUTPUT_LOSS,
    OWN_STEPS,
    PREDICTED,
    RATE,
    SEVERAL_STEPS,
    SHARE,
    Tolerance,
)

FIRST_WEIGHTS = 1e-3
"""The distance, relative to the tensor, from which weights at their first use are not the same."""
TRAINED_WEIGHTS = 5e-2
"""The same after a training loop of the program's own, which is not held together step by step."""
FAINT = 0.2
"""A bias that moves less than this part of what other tensors moved may stand still on the other side: ahead of a
normalization its gradient is zero but for rounding."""
DIFFERENCES = 10
"""That many differences are told; those that follow are mostly their consequences."""

_OUTPUT_LOSS_NOTE = (
    "Keras 3 averages the losses of single outputs over batches, Keras 2 over samples: they differ if the last batch is "
    "smaller."
)
_ALIKE_NOTE = (
    "Outputs that one layer or model makes have one name in Keras 3, which shows the loss of the last one for all of them: "
    "only the total loss is compared."
)
_RENAMED = {"acc": "accuracy", "lr": "learning_rate", "<lambda>": "lambda"}
_OTHER_STEPS = {
    "rmsprop": "RMSprop has its epsilon inside of the square root since Keras 3: where gradients are tiny, "
    "its steps are smaller.",
    "nadam": "Nadam computes the schedule of its momentum otherwise since Keras 3.",
}


_RACING, _RACE = "Keras 2.3", 1.4
_RACE_NOTE = (
    "Adam of Keras 2.3 reads its count of steps while it is raised, and may take the first step for the second, which is "
    "shorter. Values after the first step are compared loosely."
)


_OWN_COUNT = (
    "On Keras 2 one optimizer counted the steps of several models; since Keras 3 each model has its own. {name} scales its "
    "steps by their number: they are longer or shorter by just that."
)


class Kind(StrEnum):
    """The verdict in one word or three."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    Attributes:
        call: the number of the call, from 1.
        what: `order`, `shapes`, `parameters`, `initial weights`, `changed`, `statistics`, `movement`, `values`, ...
        before: what it was on the first side.
        after: what it was on the second.
        sentence: all of it for people.
    """

    call: int
    what: str
    before: Any
    after: Any
    sentence: str


@dataclass
class Verdict:
    """What comparing two runs came to.

    Attributes:
        kind: same, differs, not compared.
        at: the number of the call with the first difference.
        differences: the first few of them.
        compared: how many calls were compared with their values.
        structural: how many were compared without them, for a reason that is in the notes.
        notes: what else a reader must know.
    """

    kind: Kind
    at: int | None = None
    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    structural: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The verdict for people, with the first difference."""
        if self.differences:
            return f"differs at {self.differences[0].sentence}"
        if self.kind is Kind.NOT_COMPARED:
            return "; ".join(["could not compare", *self.notes[:1]])
        count = self.compared + self.structural
        calls = f"{count} call" + ("s" if count != 1 else "")
        return f"same: {calls}" + (
            f", {self.structural} of them without their values" if self.structural else ""
        )


Event = dict[str, Any]


def compare(
    before: Sequence[Event], after: Sequence[Event], sides: tuple[str, str] = ("Keras 2", "Keras 3")
) -> Verdict:
    """Compare the recorded events of the original program with those of the migrated one.

    Args:
        before: the events of the original.
        after: the events of the migrated program.
        sides: what to call the two.
    """
    return _Comparison(before, after, sides).verdict()


def probes(events: Iterable[Event]) -> list[str]:
    """What looks wrong in a single run, without another one to compare with."""
    found: dict[tuple[Any, Any, str], str] = {}
    for event in events:
        if event.get("event") != "call":
            continue
        tensors = event.get("tensors", 0)
        if event.get("stuck"):
            sentence = (
                f"{_place(event)}: training changed none of its {tensors} weight tensors "
                f"({event.get('trainable', 0)} of them are trainable now)"
            )
            found.setdefault((event["model"], event["method"], "stuck"), sentence)
        if event.get("finite") is False:
            what = "predictions" if "summary" in event else "losses"
            found.setdefault(
                (event["model"], event["method"], "finite"), f"{_place(event)}: {what} that are not finite"
            )
    return list(found.values())


def _place(event: Event) -> str:
    return f"call {event['number']}, {_subject(event)}"


def _subject(event: Event) -> str:
    model = event["model"]
    if not isinstance(model, int):
        return f"{event['method']} of {model}"
    name = event.get("model_name")
    return f"{event['method']} of model {model + 1}" + (f" ({name})" if name else "")


class _Comparison:
    """One comparison under way."""

    def __init__(self, before: Sequence[Event], after: Sequence[Event], sides: tuple[str, str]) -> None:
        self.before = _calls(before)
        self.after = _calls(after)
        self.totals = [_totals(events) for events in (before, after)]
        self.errors = [_errors(events) for events in (before, after)]
        self.sides = sides
        self.differences: list[Difference] = []
        self.notes: list[str] = []
        self.leave_out_steps()
        self.leave_out_functions()
        self.compared = 0
        self.structural = 0
        self.own_training = False
        self.loose = False

    @property
    def both(self) -> tuple[list[Event], list[Event]]:
        """The calls of the two sides."""
        return self.before, self.after

    def leave_out_steps(self) -> None:
        """A step that is built into a graph is seen once at most, and where it is built, not where it is made."""
        steps = [[event for event in events if _is_step(event)] for events in self.both]
        first, second = ([_token(event) for event in events] for events in self.both)
        elsewhere = first != second and (not steps[0] or Counter(first) == Counter(second))
        made = [any(not event.get("traced") for event in events) for events in steps]
        if steps[1] and not made[0] and (made[1] or elsewhere):
            self.before, self.after = (
                [event for event in events if not _is_step(event)] for events in self.both
            )
            self.note(
                f"The steps of optimizers are inside of a graph on {self.sides[0]}; they are not compared."
            )

    def leave_out_functions(self) -> None:
        """What a model computes that stands for a function of the backend was not seen before."""
        if not any(map(_is_function, self.before)) and any(map(_is_function, self.after)):
            self.after = [event for event in self.after if not _is_function(event)]
            self.note(f"What functions of the backend gave on {self.sides[0]} is not compared.")

    def verdict(self) -> Verdict:
        """Compare all."""
        for side, errors in zip(self.sides, self.errors, strict=True):
            if errors:
                self.note(f"The recorder failed {len(errors)} times on {side}, first: {errors[0]}")
        for first, second in self.pairs():
            self.compare_calls(first, second)
        self.compare_totals()
        if self.differences:
            kind, at = Kind.DIFFERS, min(self.differences, key=lambda one: one.call).call
        elif self.compared + self.structural:
            kind, at = Kind.SAME, None
        else:
            kind, at = Kind.NOT_COMPARED, None
            self.note("no call of a model was recorded on either side")
        self.differences.sort(key=lambda one: one.call)
        return Verdict(kind, at, self.differences[:DIFFERENCES], self.compared, self.structural, self.notes)

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes:
            self.notes.append(text)

    def differ(self, event: Event, what: str, before: Any, after: Any, text: str) -> None:
        """Put a difference on record; the text goes on after the place."""
        self.differences.append(Difference(event["number"], what, before, after, f"{_place(event)}: {text}"))

    def pairs(self) -> Iterator[tuple[Event, Event]]:
        """The calls that belong together; those without a partner are differences."""
        first, second = [_token(event) for event in self.before], [_token(event) for event in self.after]
        if first != second and Counter(first) == Counter(second):
            self.compare_order(first, second)
            partners = dict(zip(second, self.after, strict=True))
            yield from ((event, partners[_token(event)]) for event in self.before)
            return
        matcher = SequenceMatcher(a=first, b=second, autojunk=False)
        for kind, start, end, other, other_end in matcher.get_opcodes():
            if kind == "equal":
                yield from zip(self.before[start:end], self.after[other:other_end], strict=True)
                continue
            self.unmatched(self.before[start:end], 0)
            self.unmatched(self.after[other:other_end], 1)

    def compare_order(self, first: list[Any], second: list[Any]) -> None:
        """Say where the order of the calls begins to differ."""
        position = next(at for at, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1])
        mine, other = self.before[position], self.after[position]
        text = f"{self.sides[1]} called {_subject(other)} here; the order of the calls differs"
        self.differ(mine, "order", _subject(mine), _subject(other), text)

    def unmatched(self, events: Sequence[Event], side: int) -> None:
        """Calls that only one side made."""
        if not events:
            return
        more = _more(len(events) - 1)
        only, other = self.sides[side], self.sides[1 - side]
        text = f"made on {only} only{more}; {other} did not get there or did something else"
        names = [_subject(event) for event in events]
        before, after = (names, []) if side == 0 else ([], names)
        self.differ(events[0], "calls", before, after, text)

    def compare_totals(self) -> None:
        """Loops are recorded in their first rounds; how many there were in all is compared here."""
        first, second = self.totals
        if first is None or second is None or self.differences:
            return
        for what in sorted(set(first) | set(second)):
            if first.get(what, 0) == second.get(what, 0) or what.startswith(("optimizer", "function")):
                continue
            model, _, method = what.partition(".")
            event = next(
                (
                    one
                    for one in reversed(self.before + self.after)
                    if f"{one['model']}.{one['method']}" == what
                ),
                {"number": 0, "model": int(model), "method": method},
            )
            text = f"called {second.get(what, 0)} times, on {self.sides[0]} {first.get(what, 0)} times"
            self.differ(event, "calls", first.get(what, 0), second.get(what, 0), text)

    def compare_calls(self, first: Event, second: Event) -> None:
        """Compare one call of both sides, what explains most first."""
        if first["method"] == "apply_gradients":
            self.compare_own_step(first, second)
            return
        if first.get("raised") or second.get("raised"):
            self.compare_raised(first, second)
            return
        self.loose = False
        self.compare_inputs(first, second)
        self.compare_weights(first, second)
        self.compare_structure(first, second)
        self.compare_changed(first, second)
        self.compare_values(first, second)

    def compare_inputs(self, first: Event, second: Event) -> None:
        """What went in: if that differs, the cause is ahead of the call."""
        mine, other = first.get("fed") or [], second.get("fed") or []
        if len(mine) != len(other):
            return  # of another kind (a dataset that was arrays, say)
        for left, right in zip(mine, other, strict=True):
            if not INPUTS.holds(left, right):
                text = f"it is given other data than on {self.sides[0]} (mean or deviation {right:.4g} for {left:.4g})"
                self.differ(first, "inputs", mine, other, text)
                return

    def compare_raised(self, first: Event, second: Event) -> None:
        """Exceptions that the program caught."""
        self.structural += 1
        if bool(first.get("raised")) != bool(second.get("raised")):
            mine, other = (event.get("raised") or "no exception" for event in (first, second))
            self.differ(first, "raised", mine, other, f"{other}; on {self.sides[0]} {mine}")

    def compare_weights(self, first: Event, second: Event) -> None:
        """What the weights were at their first use, and how the model was compiled."""
        least = TRAINED_WEIGHTS if self.own_training else FIRST_WEIGHTS
        found = {
            key: gap
            for key, gap in (second.get("weights_differ") or {}).items()
            if not isinstance(gap, int | float) or gap > least
        }
        if found:
            key, gap = next(iter(found.items()))
            name = (second.get("tensor_names") or first.get("tensor_names") or {}).get(key, key)
            what = (
                f"drawn from {gap[1]}, on {self.sides[0]} from {gap[0]}"
                if isinstance(gap, list)
                else f"{gap:.2g} apart"
            )
            tensors = "1 weight tensor does" if len(found) == 1 else f"{len(found)} weight tensors do"
            text = f"{tensors} not start as on {self.sides[0]} ({name}: {what})"
            self.differ(first, "initial weights", None, found, text)
        mine, other = first.get("compiled") or {}, second.get("compiled") or {}
        rates = mine.get("lr"), other.get("lr")
        if None not in rates and not RATE.holds(float(rates[0] or 0), float(rates[1] or 0)):
            text = f"the learning rate is {rates[1]:.4g}, on {self.sides[0]} it was {rates[0]:.4g}"
            self.differ(first, "learning rate", rates[0], rates[1], text)

    def compare_structure(self, first: Event, second: Event) -> None:
        """Shapes, tensors and parameters."""
        for name, text in (
            ("in", "the shapes of the inputs are"),
            ("out", "the shapes of the outputs are"),
        ):
            mine, other = first.get(name), second.get(name)
            if mine is not None and other is not None and not _same_shapes(mine, other):
                told = f"{text} {_shapes(other)}, on {self.sides[0]} {_shapes(mine)}"
                self.differ(first, "shapes", mine, other, told)
        for name, text in (("parameters", "parameters"), ("tensors", "weight tensors")):
            mine, other = first.get(name), second.get(name)
            if mine is not None and other is not None and mine != other:
                told = f"the model has {other:,} {text}, on {self.sides[0]} {mine:,}"
                self.differ(first, "parameters", mine, other, told)
                return

    def compare_changed(self, first: Event, second: Event) -> None:
        """Which tensors the call changed, and how far they moved."""
        mine, other = first.get("changed"), second.get("changed")
        if mine is None or other is None:
            return
        total = second.get("tensors", 0) - second.get("moving", 0)
        different = set(mine) ^ set(other)
        faint = different and all(_is_faint(key, first) and _is_faint(key, second) for key in different)
        if faint:
            self.note("Biases whose gradient is zero but for rounding moved on one side only.")
        elif different:
            text = f"{len(other)} of {total} weight tensors changed; on {self.sides[0]} {_of(len(mine), total)} did"
            if len(mine) == len(other):
                text += f" (others: {_names(different, first, second)})"
            elif other:
                text += f" ({_names(different, first, second)})"
            if not other and second.get("trainable") == 0:
                text += "; none of them is trainable there"
            self.differ(first, "changed", mine, other, text)
        self.compare_statistics(first, second)
        if not different and not (first.get("unmatched") or second.get("unmatched")):
            self.compare_movement(first, second)

    def compare_statistics(self, first: Event, second: Event) -> None:
        """Statistics that layers keep (the moving averages of a batch normalization)."""
        mine, other = first.get("moving_changed") or [], second.get("moving_changed") or []
        if set(mine) != set(other):
            text = (
                f"{len(other)} of {second.get('moving', 0)} moving statistics of layers changed, on {self.sides[0]} "
                f"{_of(len(mine), first.get('moving', 0))} did (only what the model predicts later depends on them)"
            )
            self.differ(first, "statistics", mine, other, text)

    def compare_movement(self, first: Event, second: Event) -> None:
        """How far the optimizer went: a lost learning rate shows here, although the loss of the call is the same."""
        lengths = [_length(event) for event in (first, second)]
        if lengths[0] is None or lengths[1] is None or MOVEMENT.holds(lengths[0], lengths[1]):
            return
        expected = _own_count(first, second)
        if expected is not None and MOVEMENT.holds(lengths[0] * expected, lengths[1]):
            self.note(_OWN_COUNT.format(name=first.get("optimizer")))
            self.loose = True
            return
        name = str(first.get("optimizer")).lower()
        ratio = lengths[1] / lengths[0] if lengths[0] else math.inf
        if name == "adam" and self.sides[0].startswith(_RACING) and 1.0 < ratio <= _RACE:
            self.note(_RACE_NOTE)
            self.loose = True
            return
        if name in _OTHER_STEPS:
            self.note(f"{_OTHER_STEPS[name]} Values after the first step are compared loosely.")
            self.loose = True
            return
        text = f"the weights moved {ratio:.3g} times as far as on {self.sides[0]}, from the same start"
        self.differ(first, "movement", lengths[0], lengths[1], text)

    def compare_values(self, first: Event, second: Event) -> None:
        """Losses, metrics, predictions."""
        reason = _no_values(first, second)
        if reason:
            self.structural += 1
            self.note(f"{_subject(first)}: values are not compared, {reason}")
            return
        self.compared += 1
        if "history" in first:
            self.compare_history(first, second)
        elif "summary" in first:
            self.compare_predictions(first, second)
        else:
            self.compare_returned(first, second)

    def compare_history(self, first: Event, second: Event) -> None:
        """The record of a `fit`."""
        mine, other = _renamed(first["history"]), _renamed(second["history"])
        if second.get("alike"):
            self.note(_ALIKE_NOTE)
            mine, other = _totals_of(mine), _totals_of(other)
        for side in (first, second):
            for key in side["history"]:
                if key != _standard(key) and key not in second["history"]:
                    self.note(f"The key {key!r} of a history is {_standard(key)!r} since Keras 3.")
        missing, extra = [key for key in mine if key not in other], [key for key in other if key not in mine]
        pairs = {key: (key, key) for key in mine if key in other}
        if len(missing) == len(extra) and _without_numbers(missing) == _without_numbers(extra):
            # `dense_3_loss` and `dense_1_loss`: names of layers that Keras counted
            pairs.update({key: (key, new) for key, new in zip(missing, extra, strict=True)})
        elif missing or extra:
            text = f"the history has the keys {sorted(other)}, on {self.sides[0]} {sorted(mine)}"
            self.differ(first, "keys", sorted(mine), sorted(other), text)
        started_alike = self.compare_first_batch(first, second)
        share, several = (LOOSE_SHARE, LOOSE) if self.loose or started_alike else (SHARE, SEVERAL_STEPS)
        for key, (left, right) in pairs.items():
            if key.startswith("val_") and self.loose and started_alike:
                continue  # it comes of the last step, however the steps differ
            tolerance = share if "acc" in key else several
            if _is_of_output(key) and not _equal_rows(mine[left], other[right], tolerance):
                self.note(_OUTPUT_LOSS_NOTE)
                tolerance = OUTPUT_LOSS
            self.compare_rows(first, key, mine[left], other[right], tolerance)

    def compare_first_batch(self, first: Event, second: Event) -> bool:
        """Losses and metrics of the first batch, before any step; gives whether there are any to compare."""
        mine, other = _renamed(first.get("first") or {}), _renamed(second.get("first") or {})
        if second.get("alike"):
            mine, other = _totals_of(mine), _totals_of(other)
        both = [key for key in mine if key in other]
        for key in both:
            tolerance = SHARE if "acc" in key else ONE_STEP
            self.compare_rows(first, f"{key} of the first batch", [mine[key]], [other[key]], tolerance)
        return bool(both)

    def compare_rows(
        self, event: Event, name: str, mine: Sequence[Any], other: Sequence[Any], tolerance: Tolerance
    ) -> None:
        """Two rows of numbers; the first that differ are told."""
        if len(mine) != len(other):
            text = f"{name} has {len(other)} values, on {self.sides[0]} {len(mine)}"
            self.differ(event, "values", list(mine), list(other), text)
            return
        for left, right in zip(mine, other, strict=True):
            if not _equal_rows([left], [right], tolerance):
                told = (
                    f"{name} is {_told(right)}, on {self.sides[0]} it was {_told(left)}{_times(left, right)}"
                )
                self.differ(event, "values", left, right, told)
                return

    def compare_returned(self, first: Event, second: Event) -> None:
        """Loss and metrics that a call returned."""
        mine, other = first["values"], second["values"]
        if second.get("alike") and len(mine) > 1 and len(other) > 1:
            self.note(_ALIKE_NOTE)
            mine, other = mine[:1], other[:1]
        names = (
            first.get("names") or second.get("names") or ["the loss", *(f"value {n}" for n in range(2, 99))]
        )
        by_name = _by_name(first, second)
        if by_name is not None and not second.get("alike"):
            names, mine, other = by_name
        if len(mine) != len(other):
            text = f"{len(other)} values returned, on {self.sides[0]} {len(mine)}"
            if min(len(mine), len(other)) == 0:
                self.differ(first, "values", mine, other, text)
                return
            self.note(f"{_subject(first)}: {text}; the first of each are compared")
            mine, other = mine[:1], other[:1]
        for name, left, right in zip(names, mine, other, strict=False):
            tolerance = ONE_STEP
            if (
                first["method"] == "evaluate"
                and _is_of_output(name)
                and not _equal_rows([left], [right], ONE_STEP)
            ):
                self.note(_OUTPUT_LOSS_NOTE)
                tolerance = OUTPUT_LOSS
            self.compare_rows(first, name, [left], [right], tolerance)

    def compare_predictions(self, first: Event, second: Event) -> None:
        """Figures on what `predict` returned, and samples of it."""
        if len(first["summary"]) != len(second["summary"]):
            return  # told by the shapes
        for position, (mine, other) in enumerate(zip(first["summary"], second["summary"], strict=True)):
            if not mine or not other:
                continue
            numbers = [float(value) for value in mine if value is not None]
            scale = max((abs(value) for value in numbers if math.isfinite(value)), default=1.0)
            tolerance = Tolerance(PREDICTED.relative, PREDICTED.absolute * scale)
            what = "predictions" if len(first["summary"]) == 1 else f"predictions of output {position + 1}"
            for name, left, right in zip(_FIGURES, mine, other, strict=False):
                count = len(self.differences)
                self.compare_rows(first, f"{name} of the {what}", [left], [right], tolerance)
                if len(self.differences) > count:
                    break

    def compare_own_step(self, first: Event, second: Event) -> None:
        """A step of a training loop that the program makes itself."""
        self.own_training = True
        if first.get("variables") != second.get("variables"):
            counts = len(first.get("variables", ())), len(second.get("variables", ()))
            text = f"{counts[1]} variables are trained, on {self.sides[0]} {counts[0]}"
            if counts[0] == counts[1]:
                text = f"the variables that are trained have other shapes than on {self.sides[0]}"
            self.differ(first, "variables", first.get("variables"), second.get("variables"), text)
        elif first.get("with_gradient") != second.get("with_gradient"):
            mine, other = first.get("with_gradient"), second.get("with_gradient")
            text = f"{other} variables have a gradient, on {self.sides[0]} {mine}"
            self.differ(first, "variables", mine, other, text)
        norms = first.get("norm"), second.get("norm")
        if norms[0] is None or norms[1] is None:
            self.structural += 1
            self.note(f"{_subject(first)}: gradients inside of a compiled function are not seen")
            return
        self.compared += 1
        tolerance = ONE_STEP if first["count"] == 1 else OWN_STEPS
        self.compare_rows(first, "the length of the gradient", [norms[0]], [norms[1]], tolerance)


_FIGURES = ("the mean", "the deviation", "the smallest", "the largest", *["a sample"] * 8)


def _calls(events: Iterable[Event]) -> list[Event]:
    return [event for event in events if event.get("event") == "call"]


def _totals(events: Iterable[Event]) -> dict[str, int] | None:
    return next((event["totals"] for event in events if event.get("event") == "calls"), None)


def _errors(events: Iterable[Event]) -> list[str]:
    return [str(event.get("error")) for event in events if event.get("event") == "recorder"]


def _is_step(event: Event) -> bool:
    """Whether an event is a training step that the program makes itself."""
    return str(event["method"]) == "apply_gradients"


def _is_function(event: Event) -> bool:
    """Whether an event is a call of a model that may stand for a function of the backend."""
    return str(event["model"]).startswith("function")


def _token(event: Event) -> tuple[Any, Any, Any]:
    return event["model"], event["method"], event["count"]


def _no_values(first: Event, second: Event) -> str:
    """Why the values of a call cannot be compared; empty if they can."""
    if first.get("unmatched") or second.get("unmatched"):
        return "for it draws noise in a way that the versions do not share"
    for name in ("history", "summary", "values"):
        if name in first and name in second:
            return ""
    return "for they were not recorded"


def _same_shapes(first: Sequence[Any], second: Sequence[Any]) -> bool:
    """Whether shapes are equal as far as both are known."""
    if len(first) != len(second):
        return not any(isinstance(shape, list) for shape in first) or not any(
            isinstance(shape, list) for shape in second
        )
    return all(
        left == right or isinstance(left, str) or isinstance(right, str)
        for left, right in zip(first, second, strict=True)
    )


def _shapes(shapes: Sequence[Any]) -> str:
    return ", ".join(
        shape if isinstance(shape, str) else "(" + ", ".join(map(str, shape)) + ")" for shape in shapes
    )


def _of(count: int, total: int) -> str:
    if count == total and total:
        return f"all {total}"
    return str(count) if count else "none"


def _more(count: int) -> str:
    return f" and {count} more call" + ("s" if count > 1 else "") if count else ""


def _names(keys: Iterable[str], *events: Event) -> str:
    known = {key: name for event in events for key, name in (event.get("tensor_names") or {}).items()}
    names = [known.get(key) or key for key in sorted(keys)]
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")


def _is_faint(key: str, event: Event) -> bool:
    """Whether a tensor is a vector that hardly moved, compared with the others."""
    moved = {name: float(value) for name, value in (event.get("moved") or {}).items() if value is not None}
    if "x" in key or not moved:
        return False
    return moved.get(key, 0.0) <= FAINT * max(moved.values())


def _length(event: Event) -> float | None:
    """How far the call moved the weights in all; None if that is not known."""
    total = 0.0
    for key, value in (event.get("moved") or {}).items():
        if value is None:
            return None
        total += value**2 * math.prod(int(size) for size in key.partition("#")[0].split("x") if size)
    return math.sqrt(total)


def _own_count(first: Event, second: Event) -> float | None:
    """How much longer the steps are where one optimizer of several models became one for each; None elsewhere."""
    paces = first.get("pace"), second.get("pace")
    if first.get("served", 1) < 2 or second.get("served", 1) > 1 or None in paces:
        return None
    return float(second["pace"]) / float(first["pace"])


def _is_of_output(name: str) -> bool:
    """Whether it is the loss of one of several outputs."""
    return name.endswith("_loss") and name != "val_loss"


def _equal_rows(mine: Sequence[Any], other: Sequence[Any], tolerance: Tolerance) -> bool:
    """Whether rows of numbers are equal; None is no number, and equal to itself."""
    if len(mine) != len(other):
        return False
    return all(
        left is right if left is None or right is None else tolerance.holds(float(left), float(right))
        for left, right in zip(mine, other, strict=True)
    )


def _standard(key: str) -> str:
    prefix = "val_" if key.startswith("val_") else ""
    rest = key.removeprefix("val_")
    if rest in _RENAMED:
        return prefix + _RENAMED[rest]
    head, _, last = rest.rpartition("_")
    return f"{prefix}{head}_{_RENAMED[last]}" if head and last in _RENAMED else key


def _renamed(history: dict[str, Any]) -> dict[str, Any]:
    return {_standard(key): row for key, row in history.items()}


def _by_name(first: Event, second: Event) -> tuple[list[str], list[Any], list[Any]] | None:
    """The values that have one name on both sides, in the order of the first; None if some value has no such name."""
    mine, other = first.get("names") or [], second.get("names") or []
    if mine == other or set(mine) != set(other) or len(set(mine)) < len(mine) or len(mine) != len(other):
        return None
    values = dict(zip(other, second["values"], strict=True))
    return mine, first["values"], [values[name] for name in mine]


def _totals_of(history: dict[str, Any]) -> dict[str, Any]:
    """The losses of the model as a whole."""
    return {key: row for key, row in history.items() if key in ("loss", "val_loss")}


def _without_numbers(keys: Iterable[str]) -> list[str]:
    return ["_".join(part for part in key.split("_") if not part.isdigit()) for key in keys]


def _told(value: Any) -> str:
    return "no number" if value is None else f"{float(value):.4g}"


def _times(left: Any, right: Any) -> str:
    """How many times as large, where that is a whole number: a sum that was a mean, say."""
    if left is None or right is None:
        return ""
    small, large = sorted((abs(float(left)), abs(float(right))))
    if not small or not math.isfinite(large / small):
        return ""
    ratio = large / small
    if round(ratio) < 2 or abs(ratio - round(ratio)) > 0.002 * ratio:
        return ""
    return f" ({round(ratio)} times as {'large' if abs(float(right)) > abs(float(left)) else 'small'})"
