"""Many programs, on one side or on both, several at a time."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from keras_upgrade.verify import compare, runner, triage
from keras_upgrade.verify.environments import Environment
from keras_upgrade.verify.programs import Source
from keras_upgrade.verify.results import ProgramRun
from keras_upgrade.verify.runner import Settings
from keras_upgrade.verify.servers import Servers

type Told = Callable[[Path, str], None]
"""Called when something happens to a program, with what."""


@dataclass
class Verification:
    """What was seen of one program.

    Attributes:
        path: the program.
        after: its run on Keras 3.
        before: the run of its original on Keras 2, if it was compared.
        verdict: whether the two did the same.
        diagnosis: what is known about the error that stopped it on Keras 3.
        warnings: what the run on Keras 3 shows without a comparison, such as a training that changes nothing.
    """

    path: Path
    after: ProgramRun
    before: ProgramRun | None = None
    verdict: compare.Verdict | None = None
    diagnosis: triage.Diagnosis | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether it runs on Keras 3, and does not do something else than on Keras 2."""
        differs = self.verdict is not None and self.verdict.kind == compare.Kind.DIFFERS
        return self.after.passed and not differs and not self.warnings


class Session:
    """The processes that programs run in; a context manager, which leaves none of them behind.

    Args:
        keras3: the environment for Keras 3.
        keras2: the environment to compare with; None: no comparison.
        settings: how programs are run.
        jobs: how many at a time.
    """

    def __init__(
        self, keras3: Environment, keras2: Environment | None, settings: Settings, jobs: int = 1
    ) -> None:
        self._keras3, self._keras2 = keras3, keras2
        self._settings, self._jobs = settings, max(1, jobs)
        self._stop = threading.Event()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="keras-upgrade-session-"))
        self._stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
        # One thread gives sums the same order in each run; in full runs speed counts more.
        threads = 1 if self._settings.smoke else None
        self._servers = self._stack.enter_context(Servers(self._folder, threads, self._stop))
        self._stack.callback(self._stop.set)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def run(
        self, programs: Sequence[tuple[Source, Source | None]], told: Told | None = None
    ) -> Iterator[Verification]:
        """Run programs, and give what was seen of each as soon as it is known.

        Args:
            programs: each as it is to run on Keras 3, with its original, if it is to be compared.
            told: is told what goes on; called from several threads.

        Raises:
            RunnerError: the processes cannot be started.
        """
        with ThreadPoolExecutor(self._jobs) as pool:
            try:  # from the first on: without it, the pool would wait for all when it is interrupted
                waiting: set[Future[Verification]] = {
                    pool.submit(self._verify, after, before, told or _ignore) for after, before in programs
                }
                while waiting:
                    # With a time limit, so that an interrupt gets through.
                    done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            except BaseException:
                self._stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _verify(self, after: Source, before: Source | None, told: Told) -> Verification:
        """One program on one side or on both."""
        if before is None or self._keras2 is None:
            return _seen(self._run(after, self._keras3, self._settings, told))
        with tempfile.TemporaryDirectory(
            prefix="weights-", dir=self._folder, ignore_cleanup_errors=True
        ) as name:
            saved = Path(name)
            first = self._run(before, self._keras2, replace(self._settings, save=saved), told)
            second = self._run(after, self._keras3, replace(self._settings, sync=saved), told)
        result = _seen(second)
        result.before = first
        result.verdict = _verdict(first, second)
        return result

    def _run(self, program: Source, environment: Environment, settings: Settings, told: Told) -> ProgramRun:
        told(program.path, f"loading {environment.label}")
        server = self._servers.get(environment)
        cells = len(program.cells)

        def starts(number: int) -> None:
            place = f", cell {number + 1} of {cells}" if cells > 1 else ""
            told(program.path, f"{server.versions}{place}")

        return runner.run(program, server, settings, self._stop, starts)


def _ignore(path: Path, what: str) -> None:
    """Tell nobody."""


def _seen(run: ProgramRun) -> Verification:
    result = Verification(run.path, run, warnings=tuple(compare.probes(run.calls)))
    if run.failure is not None:
        result.diagnosis = triage.diagnose(run.failure, run.notes)
    return result


def _verdict(before: ProgramRun, after: ProgramRun) -> compare.Verdict:
    """The verdict on two runs; runs that did not end are not compared."""
    if before.passed and after.passed:
        return compare.compare(before.calls, after.calls, (_short(before), "Keras 3"))
    if not before.passed:
        return compare.Verdict(compare.Kind.NOT_COMPARED, notes=[f"on Keras 2 it {_how_it_ended(before)}"])
    return compare.Verdict(compare.Kind.NOT_COMPARED, notes=[f"on Keras 3 it {_how_it_ended(after)}"])


def _short(run: ProgramRun) -> str:
    """What to call the Keras 2 of a run: the real ones by their version."""
    keras = run.side.partition(",")[0]
    return keras if keras.startswith("Keras ") else "Keras 2"


def _how_it_ended(run: ProgramRun) -> str:
    if run.failure is None:
        return f"was {run.status}: {run.reason}" if run.reason else f"was {run.status}"
    place = f" in cell {run.failure.cell}" if run.failure.cell is not None else ""
    message = run.failure.message.strip().splitlines()
    said = f": {message[0][:160]}" if message else ""
    line = f", line {run.failure.line}" if run.failure.line else ""
    return f"fails{place}{line} with {run.failure.type}{said}"
