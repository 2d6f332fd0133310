"""What running a program tells: per cell, per call of a model, and what was cut short for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Status(StrEnum):
    """What became of a program, or of one cell of it."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_REACHED = "not reached"
    TIMEOUT = "timed out"
    MEMORY = "out of memory"
    DIED = "died"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Failure:
    """Where and why a program stopped.

    Attributes:
        type: the class of the exception.
        message: what it says.
        cell: the index of the notebook cell, None for scripts.
        line: the line in that cell, or in the file, counted from 1; None if the program was not at fault.
        code: the text of that line.
        path: the file of the program that the line is in.
        traceback: as Python prints it.
        in_keras: whether the exception came out of Keras or TensorFlow, not of the program or another library.
        observed: the kinds of values in the function that failed: the function, the expression, the kind.
    """

    type: str
    message: str
    cell: int | None = None
    line: int | None = None
    code: str = ""
    path: Path | None = None
    traceback: str = ""
    in_keras: bool = False
    observed: tuple[tuple[str, str, dict[str, Any]], ...] = ()


@dataclass(frozen=True)
class CellRun:
    """One cell, in the order of the run.

    Attributes:
        index: the index in the notebook; None for a script.
        status: passed, failed, not reached, ...
        seconds: how long it took.
        outputs: what it showed, as nbformat 4 has it; empty unless asked for.
    """

    index: int | None
    status: Status
    seconds: float = 0.0
    outputs: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Note:
    """Something that the run cut short, replaced or skipped, and how often."""

    kind: str
    text: str
    count: int = 1


@dataclass
class ProgramRun:
    """One run of one program on one side.

    Attributes:
        path: the program.
        side: the Keras that it ran on, for people: `Keras 3.15.1`.
        status: what became of it.
        cells: its cells.
        failure: where and why it stopped, if it did.
        reason: a sentence on what happened when it was not the program's own error.
        notes: what was cut, replaced or skipped.
        calls: the events of the recorder, in order (see `inside/recorder.py`).
        seconds: how long it ran.
        printed: what it printed.
    """

    path: Path
    side: str
    status: Status = Status.NOT_RUN
    cells: list[CellRun] = field(default_factory=list)
    failure: Failure | None = None
    reason: str = ""
    notes: list[Note] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    printed: str = ""

    @property
    def passed(self) -> bool:
        """Whether it ran to its end."""
        return self.status is Status.PASSED
