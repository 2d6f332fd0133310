"""What a command costs: processor time and memory, as the system accounts for them."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """A command to measure.

    Attributes:
        name: what it is called in the tables.
        words: the command itself.
        prepare: called before each run, outside of the measure, such as to bring back the files that it changes.
        environment: variables on top of those of the bench.
        folder: where it is run.
    """

    name: str
    words: Sequence[str]
    prepare: Callable[[], object] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(frozen=True)
class Run:
    """What one run took.

    Attributes:
        cpu: seconds of processor time, of the user and the system, of the command and all of its processes.
        clock: seconds that went by.
        memory: the peak of the largest process, in megabytes.
        status: how it ended.
    """

    cpu: float
    clock: float
    memory: float
    status: int


@dataclass
class Measure:
    """The runs of a command.

    Attributes:
        failure: why it is not measured, if it crashed.
    """

    command: Command
    runs: list[Run] = field(default_factory=list)
    failure: str = ""

    @property
    def cpu(self) -> float:
        """The median of the processor time."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def clock(self) -> float:
        """The median of the time by the clock."""
        return statistics.median(run.clock for run in self.runs)

    @property
    def spread(self) -> float:
        """How far the slowest run is from the quickest, as a share of the median."""
        times = [run.cpu for run in self.runs]
        return (max(times) - min(times)) / self.cpu

    @property
    def memory(self) -> float:
        """The largest peak."""
        return max(run.memory for run in self.runs)


def measure(commands: Sequence[Command], rounds: int, *, warm: bool = True) -> list[Measure]:
    """Runs the commands in turns, so that they share what the machine does meanwhile.

    Args:
        commands: what to run.
        rounds: how often.
        warm: whether one round before them does not count.
    """
    measures = [Measure(command) for command in commands]
    for turn in range(0 if warm else 1, rounds + 1):
        for one in measures:
            if one.failure:
                continue
            try:
                done = run(one.command)
            except RuntimeError as error:
                one.failure = str(error)
                print(f"  {error}", file=sys.stderr, flush=True)
                continue
            if turn:
                one.runs.append(done)
            print(f"  {one.command.name}: {done.cpu:.2f} s", file=sys.stderr, flush=True)
    return measures


def run(command: Command) -> Run:
    """Runs a command once.

    Raises:
        RuntimeError: it crashed, or could not be started.
    """
    command.prepare()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = {**kept, **command.environment}
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        pid = os.fork()
        if pid == 0:
            try:
                os.chdir(command.folder or ".")
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
                os.execvpe(command.words[0], list(command.words), environment)
            finally:
                os._exit(127)
        _, status, usage = os.wait4(pid, 0)
        clock = time.monotonic() - start
        code = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if code in (126, 127) or code < 0 or "Traceback (most recent call last)" in text:
        raise RuntimeError(f"{command.name} ended with {code}:\n{text[-2000:]}")
    return Run(usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss / 1024, code)
