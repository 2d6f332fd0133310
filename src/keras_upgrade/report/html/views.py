"""What the page tells of each file, taken from its record: its state, its cells and what belongs to each."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, cast

from keras_upgrade.records import dataclass, field
from keras_upgrade.report.record import CellRecord, FileRecord, FindingRecord, Place, ProblemRecord, Record

type Level = Literal["bad", "look", "good", "quiet"]
"""How loud something is: it is wrong, somebody has to look at it, it is done, there is nothing to say."""

_PARTS = re.compile(r"(\D*)(\d*)")
_CHAPTERS = ("notebook", "markdown")


class Count(NamedTuple):
    """How many there are of something, what to call it, and how loud it is."""

    number: int
    words: str
    level: Level


@dataclass
class Cell:
    """A cell with all that belongs to it.

    Attributes:
        record: its code.
        applied: the fixes that were made in it.
        left: what is left in it.
        problems: why it cannot be read.
        after: its run on Keras 3, if it ran.
        before: its run on Keras 2, if it ran.
    """

    record: CellRecord
    applied: list[FindingRecord] = field(default_factory=list)
    left: list[FindingRecord] = field(default_factory=list)
    problems: list[ProblemRecord] = field(default_factory=list)
    after: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None

    @property
    def changed(self) -> bool:
        """Whether its text is another one now."""
        return self.record["before"] != self.record["after"]

    @property
    def failed(self) -> bool:
        """Whether it stopped the program on Keras 3."""
        return self.after is not None and self.after["status"] not in ("passed", "not reached", "not run")

    @property
    def matters(self) -> bool:
        """Whether a reader should see its code at once."""
        return self.changed or bool(self.applied or self.left or self.problems) or self.failed


@dataclass(frozen=True)
class Chapter:
    """A file as the page shows it.

    Attributes:
        number: its place in the list.
        file: its record.
        name: its path below the folder of all files.
        dry: whether nothing was written, so that what is left has its places in the old text.
    """

    number: int
    file: FileRecord
    name: str
    dry: bool = False

    @property
    def anchor(self) -> str:
        """The name of its place in the page."""
        return f"f{self.number}"

    @property
    def review(self) -> int:
        """How many fixes were made under an assumption."""
        return self._count("applied", "review")

    @property
    def left(self) -> int:
        """How many findings are left."""
        return self._count("left", "fix", "review", "advice")

    def counts(self, command: str) -> tuple[Count, Count, Count]:
        """What the list counts: of `check` what can be done, of others what was."""
        if command == "check":
            return (
                Count(self._count("left", "fix"), "can be fixed", "good"),
                Count(self._count("left", "review"), "with review", "look"),
                Count(self._count("left", "advice"), "for you", "bad"),
            )
        return (
            Count(self._count("applied", "fix"), "fixed", "good"),
            Count(self.review, "to review", "look"),
            Count(self.left, "left", "bad"),
        )

    def _count(self, state: str, *marks: str) -> int:
        return sum(f["state"] == state and f["mark"] in marks for f in self.file["findings"])

    @property
    def run(self) -> Mapping[str, Any] | None:
        """What was seen of it when it ran."""
        return self.file.get("run")

    @property
    def runs(self) -> bool | None:
        """Whether it runs on Keras 3; None if it was not run."""
        return None if self.run is None else self.run["keras3"]["status"] == "passed"

    def stopped_at(self, cell: Cell) -> int | None:
        """The line of a cell at which the program stopped on Keras 3, if it was stopped there."""
        after = self.run["keras3"] if self.run else {}
        failure = after.get("failure")
        if not failure or not cell.failed or failure["path"] not in (None, after["path"]):
            return None
        return cast(int | None, failure["line"])

    @property
    def verdict(self) -> str | None:
        """`same`, `differs`, `not compared`; None without a comparison."""
        verdict = self.run and self.run["verdict"]
        return verdict["kind"] if verdict else None

    @property
    def coverage(self) -> Mapping[str, Any]:
        """What became of the names of Keras and TensorFlow in it."""
        return cast(Mapping[str, Any], self.file).get("coverage") or {}

    @property
    def broken(self) -> bool:
        """Whether it could not be read, or a rule failed on it."""
        return bool(self.file["problems"] or self.file["failures"])

    @cached_property
    def states(self) -> tuple[str, ...]:
        """What the list can be narrowed to, as far as it holds for this file."""
        warned = bool(self.run and self.run["warnings"])
        holds = {
            "fails": self.runs is False,
            "differs": self.verdict == "differs",
            "unread": self.broken,
            "left": bool(self.left),
            "unknown": bool(self.coverage.get("unknown")),
            "review": bool(self.review),
        }
        found = [state for state, is_so in holds.items() if is_so]
        if warned or [state for state in found if state != "review"]:
            found.append("attention")
        return (*found, "changed" if self.file["changed"] else "unchanged")

    @property
    def level(self) -> Level:
        """The loudest that there is to say."""
        if "fails" in self.states or "differs" in self.states or self.broken:
            return "bad"
        if "attention" in self.states or "review" in self.states:
            return "look"
        return "good" if self.file["changed"] or self.runs else "quiet"

    @cached_property
    def cells(self) -> list[Cell]:
        """Its cells with what belongs to each; none if the record holds no code."""
        cells = [Cell(record) for record in self.file.get("cells", ())]
        if not cells:
            return []
        for finding in self.file["findings"]:
            applied = finding["state"] == "applied"
            cell = _at(cells, finding["start"], before=applied or self.dry)
            (cell.applied if applied else cell.left).append(finding)
        for problem in self.file["problems"]:
            _at(cells, problem["start"], before=self.dry).problems.append(problem)
        if self.run is not None:
            by_index = {cell.record["index"]: cell for cell in cells}
            for side in ("keras3", "keras2"):
                for ran in (self.run[side] or {}).get("cells", ()):
                    here = cells[0] if ran["index"] is None else by_index.get(ran["index"])
                    if here is not None:
                        setattr(here, "after" if side == "keras3" else "before", ran)
        return cells


def chapters(record: Record) -> list[Chapter]:
    """The files of a run, in the order of their names."""
    base = folder(record)
    files = sorted(record["files"], key=lambda file: _natural(file["path"]))
    dry = bool(record.get("dry"))
    return [Chapter(number, file, _below(file["path"], base), dry) for number, file in enumerate(files)]


def _natural(path: str) -> list[tuple[str, int]]:
    """A key that has chapter 10 after chapter 9."""
    return [(text, int(number or 0)) for text, number in _PARTS.findall(path.casefold())]


def folder(record: Record) -> str:
    """The folder that all files are in; empty if it has no name of its own."""
    folders = {os.path.dirname(file["path"]) for file in record["files"]}
    try:
        return os.path.commonpath(folders) if folders else ""
    except ValueError:  # some are absolute, some are not
        return ""


def _below(path: str, base: str) -> str:
    return os.path.relpath(path, base) if base else path


def noun(record: Record) -> str:
    """What a file of this run is called: a chapter, if there are texts for readers among them."""
    return "chapter" if any(file["kind"] in _CHAPTERS for file in record["files"]) else "file"


def _at(cells: Sequence[Cell], place: Place, *, before: bool) -> Cell:
    """The cell that a place is in."""
    if place["cell"] is not None:
        found = next((cell for cell in cells if cell.record["index"] == place["cell"]), None)
        return cells[0] if found is None else found
    starts = [cell.record["line_before" if before else "line"] for cell in cells]
    return cells[max(0, bisect_right(starts, place["line"]) - 1)]
