"""Work on several processors: tasks go to processes, the largest first, and answers come back as they are ready.

The pool of the standard library is broken as a whole when one of its processes is killed. Here only the task that it was at
is lost, which is told, and the others go on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from multiprocessing.connection import Connection, wait

from keras_upgrade.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BATCH = 30_000
"""Tasks are given out together until they have this size, lest processes wait for the next one."""


@dataclass(frozen=True)
class Crash:
    """A task whose process came to an end.

    Attributes:
        reason: why, in words.
    """

    reason: str


@dataclass
class _Worker:
    process: Any
    connection: Connection
    tasks: deque[int] = field(default_factory=deque)


def shared[Task, Answer](
    tasks: Sequence[Task],
    sizes: Sequence[int],
    do: Callable[[Task], Answer],
    jobs: int,
    method: str | None = None,
) -> Generator[tuple[int, Answer | Crash]]:
    """Does tasks in several processes.

    Args:
        tasks: what to do; sent to the processes, as answers are sent back.
        sizes: how large each is.
        do: does one; a function of a module, which a new process can import.
        jobs: how many processes.
        method: how processes begin, as `multiprocessing` names it; by default as copies of this one where that is safe.

    Yields:
        The number of each task and its answer, in the order in which they are ready.
    """
    pool = _Pool(do, method)
    pending = deque(sorted(range(len(tasks)), key=lambda number: -sizes[number]))
    try:
        for _ in range(min(jobs, len(tasks))):
            pool.start()
        while pending or pool.is_busy:
            for worker in pool.workers:
                if not worker.tasks and pending:
                    worker.tasks = _batch(pending, sizes)
                    pool.send(worker, [(number, tasks[number]) for number in worker.tasks])
            for worker in pool.ready():
                try:
                    number, answer = worker.connection.recv()
                except (EOFError, OSError):
                    number, answer = pool.lost(worker, pending)
                else:
                    worker.tasks.remove(number)
                yield number, answer
    finally:
        pool.end()


def _batch(pending: deque[int], sizes: Sequence[int]) -> deque[int]:
    batch, size = deque([pending.popleft()]), 0
    size += sizes[batch[0]]
    while pending and size + sizes[pending[0]] <= _BATCH:
        size += sizes[pending[0]]
        batch.append(pending.popleft())
    return batch


class _Pool:
    """The processes."""

    def __init__(self, do: Callable[[Any], Any], method: str | None) -> None:
        self._do = do
        self._method = method
        self.workers: list[_Worker] = []

    @property
    def is_busy(self) -> bool:
        """Whether there is any answer to wait for."""
        return any(worker.tasks for worker in self.workers)

    def start(self) -> None:
        """Starts one more process."""
        context: Any = multiprocessing.get_context(self._method or _method())
        here, there = context.Pipe()
        others = [worker.connection for worker in self.workers]
        inherited = [*others, here] if context.get_start_method() == "fork" else []
        process = context.Process(target=_serve, args=(there, self._do, inherited), daemon=True)
        process.start()
        there.close()
        self.workers.append(_Worker(process, here))

    def send(self, worker: _Worker, batch: Sequence[tuple[int, Any]]) -> None:
        """Gives a batch to a process; that it has ended is seen when its answer is waited for."""
        try:
            worker.connection.send(batch)
        except (BrokenPipeError, ConnectionError):
            return

    def ready(self) -> list[_Worker]:
        """The processes that have an answer, or have ended."""
        found = wait([worker.connection for worker in self.workers if worker.tasks])
        return [worker for worker in self.workers if worker.connection in found]

    def lost(self, worker: _Worker, pending: deque[int]) -> tuple[int, Crash]:
        """Takes leave of a process that has ended: what it was at is lost, what it had not begun waits again."""
        worker.process.join()
        worker.connection.close()
        self.workers.remove(worker)
        number = worker.tasks.popleft()
        pending.extendleft(reversed(worker.tasks))
        self.start()
        return number, Crash(_reason(worker.process.exitcode))

    def end(self) -> None:
        """Ends all processes, whatever they are at."""
        for worker in self.workers:
            worker.process.terminate()
            worker.connection.close()
        for worker in self.workers:
            worker.process.join()


def _method() -> str:
    """Copies of this process start at once, but must not be made while other threads run, nor of some libraries of macOS."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _reason(status: int) -> str:
    if status == -signal.SIGKILL:
        return "was killed, perhaps since there was not enough memory"
    return f"ended with signal {-status}" if status < 0 else f"ended with status {status}"


def _serve(connection: Connection, do: Callable[[Any], Any], inherited: Sequence[Connection]) -> None:
    """What a process does: tasks, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    for other in inherited:  # lest the end of that process be not seen
        other.close()
    try:
        while True:
            for number, task in connection.recv():
                connection.send((number, do(task)))
    except (EOFError, OSError):
        os._exit(0)  # nobody is left to answer to
