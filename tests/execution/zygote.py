"""A warmed process that forks one child for each program (started by the harness).

TensorFlow takes seconds to import but can be forked as long as no operation ran. Jobs come in as pickles on
standard input, answers go out on standard output. When standard input closes, the process ends, and with it a
child that is still running: nothing is left behind, however the test session ends.
"""

import contextlib
import os
import pickle
import select
import signal
import struct
import sys
import time
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from .programs import Failure, execute, main_module, wants_eager
from .sides import Side, begin, prepare
from .values import to_plain


@dataclass(frozen=True, slots=True)
class Job:
    """One program to run, in a folder of its own."""

    folder: Path
    cells: tuple[str, ...]
    capture: tuple[str, ...]
    seed: int
    timeout: float
    eager: bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a job; `outcome` is a pickle of (failure, values), None if the child did not finish."""

    outcome: bytes | None
    timed_out: bool
    status: int


def send(stream: BinaryIO, message: object) -> None:
    """Write one message with its length in front."""
    data = pickle.dumps(message)
    stream.write(struct.pack("<Q", len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> object | None:
    """Read one message; None when the other end has closed."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    return cast(object, pickle.loads(stream.read(struct.unpack("<Q", head)[0])))


def main() -> None:
    """Warm up, say so, and serve until the input closes."""
    side = cast(Side, sys.argv[1])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    jobs = os.fdopen(0, "rb")
    prepare(side)
    send(answers, "ready")
    while (job := receive(jobs)) is not None:
        send(answers, _serve(cast(Job, job), side))


def _serve(job: Job, side: Side) -> Answer:
    """Fork, wait, and clear away whatever the child started."""
    child = os.fork()
    if child == 0:
        _run(job, side)
    status, timed_out = _wait(child, job.timeout)
    _kill_group(child)
    result = job.folder / "outcome"
    return Answer(result.read_bytes() if result.exists() and not timed_out else None, timed_out, status)


def _wait(child: int, timeout: float) -> tuple[int, bool]:
    """Wait for the child to end; kill it when its time is up or the harness is gone."""
    deadline = time.monotonic() + timeout
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), False
        # The harness sends nothing while it waits, so input that is readable means: closed.
        closed = bool(select.select([0], [], [], 0.02)[0])
        if closed or time.monotonic() > deadline:
            _kill_group(child)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -signal.SIGKILL, True


def _kill_group(child: int) -> None:
    """Kill the child's process group, if there is (still) one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _run(job: Job, side: Side) -> NoReturn:
    """In the child: run the program and leave its outcome in the folder."""
    os.setsid()
    output = os.open(job.folder / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    for stream in (sys.stdout, sys.stderr):
        cast(TextIOWrapper, stream).reconfigure(line_buffering=True)  # a killed program shows what it printed
    work = job.folder / "work"
    work.mkdir()
    os.chdir(work)
    sys.path.insert(0, str(work))
    try:
        outcome = pickle.dumps(_outcome(job, side))
    except Exception as error:  # a value that cannot be pickled
        outcome = pickle.dumps((Failure(type(error).__name__, f"capture: {error}", "", None, None), {}))
    partial = job.folder / "outcome.partial"
    partial.write_bytes(outcome)
    partial.rename(job.folder / "outcome")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _outcome(job: Job, side: Side) -> tuple[Failure | None, dict[str, object]]:
    """Run the cells, then evaluate what is to be captured in their namespace."""
    begin(side, wants_eager(job.cells) if job.eager is None else job.eager, job.seed)
    namespace = main_module()
    failure = execute(job.cells, job.folder, namespace)
    values: dict[str, object] = {}
    for expression in () if failure else job.capture:
        try:
            values[expression] = to_plain(eval(expression, namespace))
        except Exception as error:
            message = f"capture of {expression}: {error}"
            return Failure(type(error).__name__, message, "", None, None), {}
    return failure, values
