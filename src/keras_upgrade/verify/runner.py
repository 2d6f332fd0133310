"""Runs a program in a process forked from a warmed one, and never loses sight of it.

The host reads what the program's process tells through a named pipe, and ends it when its time or its memory is used
up.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keras_upgrade.verify import copies, environments
from keras_upgrade.verify.processes import kill_inhabitants, kill_tree, memory_of, trouble
from keras_upgrade.verify.programs import Source
from keras_upgrade.verify.results import CellRun, Failure, Note, ProgramRun, Status
from keras_upgrade.verify.servers import Server

_POLL = 0.1
_MOST_PRINTED, _KEPT_OF_PRINTED = 64 << 20, 1 << 19


@dataclass(frozen=True)
class Settings:
    """How programs are run.

    Attributes:
        smoke: small, instead of in full.
        offline: without network.
        timeout: seconds for each program.
        memory: bytes for each program, all its processes together.
        outputs: whether the outputs of cells are kept.
        record: whether the calls of models are recorded.
        save: the folder that takes the models' weights before each call, for the other side to start from.
        sync: the folder of the other side's weights.
        eager: on the Keras 2 side, whether to run eagerly; None: judged from the program.
        seed: of all random numbers.
        rows: samples in synthetic data sets; None: as many as the real ones have.
        arguments: of a script.
    """

    smoke: bool = True
    offline: bool = False
    timeout: float = 300.0
    memory: int = 8 << 30
    outputs: bool = False
    record: bool = True
    save: Path | None = None
    sync: Path | None = None
    eager: bool | None = None
    seed: int = 0
    rows: int | None = None
    arguments: tuple[str, ...] = ()


def run(
    program: Source,
    server: Server,
    settings: Settings,
    stop: threading.Event | None = None,
    told: Callable[[int], None] | None = None,
) -> ProgramRun:
    """Run one program from the top in a process and a working copy of its own.

    Args:
        program: what to run.
        server: where.
        settings: how.
        stop: when set, the program is ended at once.
        told: called with the position of each cell that starts.
    """
    result = ProgramRun(program.path, server.versions)
    try:
        folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="keras-upgrade-")))
    except OSError as error:
        result.reason = trouble(error)
        return result
    try:
        _Run(program, server, settings, folder, result, told).run(stop or threading.Event())
    except OSError as error:
        result.status, result.reason = Status.NOT_RUN, trouble(error)
    finally:
        _remove(folder)
    return result


def _remove(folder: Path) -> None:
    """Remove the working copy, also folders that the program has made unwritable."""

    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return
    for inner, folders, _ in os.walk(folder):  # a folder is only looked into after its turn here
        for path in (os.path.join(inner, name) for name in folders):
            if not os.path.islink(path):
                with contextlib.suppress(OSError):
                    os.chmod(path, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _end(output: Path) -> bytes:
    """The end of what was printed, as far as it is not its beginning."""
    with output.open("rb") as stream:
        stream.seek(max(_KEPT_OF_PRINTED, output.stat().st_size - _KEPT_OF_PRINTED))
        return stream.read()


class _Run:
    """One program on its way."""

    def __init__(
        self,
        program: Source,
        server: Server,
        settings: Settings,
        folder: Path,
        result: ProgramRun,
        told: Callable[[int], None] | None,
    ) -> None:
        self._program, self._server, self._settings = program, server, settings
        self._folder, self._result, self._told = folder, result, told
        self._work = folder / "work"
        self._current: int | None = None
        self._is_complete = False
        self._trouble = ""
        self._end_of_output = b""

    def run(self, stop: threading.Event) -> None:
        """Run it and fill in the result."""
        base, result = self._program.base, self._result
        left_out = copies.make(base, self._program.path, self._work, self._program.overrides)
        result.notes += [Note("skipped", text) for text in left_out]
        result.notes += [Note("skipped", line) for cell in self._program.cells for line in cell.skipped]
        result.cells = [CellRun(cell.index, Status.NOT_REACHED) for cell in self._program.cells]
        (self._folder / "output").touch()
        pipe = self._folder / "events"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        start = time.monotonic()
        try:
            job = self._server.submit(self._job(pipe))
            ending = self._watch(job, reader, start, stop)
            if ending != 0 or sys.platform != "linux":
                kill_inhabitants(self._folder)
        finally:
            os.close(reader)
        result.seconds = time.monotonic() - start
        result.printed = self._printed()
        self._conclude(ending)

    def _job(self, pipe: Path) -> dict[str, Any]:
        """What `inside/execution.py` is told."""
        program, settings = self._program, self._settings
        places = environments.variables(self._server.environment, self._folder)
        place = self._work / Path(os.path.abspath(program.path)).relative_to(program.base)
        return {
            "path": str(place),
            "folder": str(place.parent if program.module is None else self._work),
            "work": str(self._work),
            "search": [str(self._work)],
            "events": str(pipe),
            "scratch": str(self._folder),
            "output": str(self._folder / "output"),
            "notebook": program.notebook,
            "cells": [
                {
                    "index": cell.index,
                    "source": cell.source,
                    "place": cell.place,
                    "file": str(place),
                    "run": bool(cell.source.strip()),
                }
                for cell in program.cells
            ],
            "smoke": settings.smoke,
            "offline": settings.offline,
            "outputs": settings.outputs,
            "record": settings.record,
            "save": settings.save and str(settings.save),
            "sync": settings.sync and str(settings.sync),
            "eager": settings.eager,
            "seed": settings.seed,
            "rows": settings.rows,
            "arguments": list(settings.arguments),
            "environment": {name: places[name] for name in ("HOME", "TMPDIR", "TMP", "TEMP", "KERAS_HOME")},
        }

    def _watch(self, job: int, reader: int, start: float, stop: threading.Event) -> Status | int:
        """Read what the program's process tells until it ends, or has to be ended."""
        pending = b""
        while True:
            ended = self._server.ended(job)  # asked first: what it told before its end is in the pipe then
            pending = self._take(job, reader, pending)
            pid = self._server.pid(job)
            if ended is not None:
                return ended
            status = self._limit(pid, start, stop)
            if status is not None:
                self._end(job)
                return status
            self._shorten_output()

    def _take(self, job: int, reader: int, pending: bytes) -> bytes:
        """Handle the events that are there; gives the beginning of one that is not complete."""
        if not select.select([reader], [], [], _POLL)[0]:
            return pending
        try:
            data = os.read(reader, 1 << 20)
        except BlockingIOError:
            return pending
        if not data:  # no writer (yet, or any more)
            self._server.wait(job, _POLL / 5)
            return pending
        *lines, rest = (pending + data).split(b"\n")
        for line in lines:
            self._handle(json.loads(line))
        return rest

    def _limit(self, pid: int | None, start: float, stop: threading.Event) -> Status | None:
        """The limit that the program has gone over, if any."""
        if stop.is_set():
            return Status.NOT_RUN
        if time.monotonic() - start > self._settings.timeout:
            return Status.TIMEOUT
        if pid is not None and memory_of(pid) > self._settings.memory:
            return Status.MEMORY
        return None

    def _end(self, job: int) -> None:
        """Kill the program's process, which may be about to start."""
        deadline = time.monotonic() + 10
        while self._server.ended(job) is None and time.monotonic() < deadline:
            pid = self._server.pid(job)
            if pid is not None:
                kill_tree(pid)
            time.sleep(_POLL / 10)

    def _shorten_output(self) -> None:
        """Keep the beginning and the end of what a program prints without end."""
        output = self._folder / "output"
        if output.stat().st_size > _MOST_PRINTED:
            self._end_of_output = _end(output)
            os.truncate(output, _KEPT_OF_PRINTED)

    def _handle(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "start":
            self._current = event["cell"]
            if self._told is not None:
                self._told(event["cell"])
        elif kind == "cell":
            self._end_cell(event)
        elif kind in ("call", "calls", "recorder"):
            self._result.calls.append({**event, "cell": self._current})
        elif kind == "trouble":
            self._trouble = event["message"]
        elif kind == "end":
            self._is_complete = True
            self._result.notes += [Note(note["kind"], note["text"], note["count"]) for note in event["notes"]]

    def _end_cell(self, event: dict[str, Any]) -> None:
        self._current = None
        failure = event["failure"]
        cell = self._result.cells[event["cell"]]
        status = Status.PASSED if failure is None else Status.FAILED
        self._result.cells[event["cell"]] = CellRun(
            cell.index, status, event["seconds"], tuple(event["outputs"])
        )
        if failure is not None:
            self._result.failure = self._failure(failure, event["cell"])

    def _failure(self, told: dict[str, Any], cell: int) -> Failure:
        file = told["file"]
        path: Path | None = None
        if told["cell"] is not None:
            path = self._program.path
        elif file is not None:
            path = self._program.base / Path(file).relative_to(os.path.realpath(self._work))
        return Failure(
            type=told["type"],
            message=self._in_user_terms(told["message"]),
            cell=self._program.cells[cell if told["cell"] is None else told["cell"]].index,
            line=told["line"],
            code=told["code"],
            path=path,
            traceback=self._in_user_terms(told["traceback"]),
            in_keras=told["in_keras"],
            observed=tuple((function, text, kind) for function, text, kind in told["observed"]),
        )

    def _in_user_terms(self, text: str) -> str:
        """Text with the paths of the user's files, not of the working copy."""
        return text.replace(str(self._work), str(self._program.base))

    def _printed(self) -> str:
        output = self._folder / "output"
        with output.open("rb") as stream:
            text = stream.read(_KEPT_OF_PRINTED)
        rest = (self._end_of_output + _end(output))[-_KEPT_OF_PRINTED:]
        if rest:
            text += b"\n...\n" + rest
        return self._in_user_terms(text.decode(errors="replace"))

    def _conclude(self, ending: Status | int) -> None:
        """Set the status, and of the cell that was running."""
        result = self._result
        if isinstance(ending, Status):
            result.status = ending
            result.reason = {
                Status.TIMEOUT: f"ended after {self._settings.timeout:g} seconds; --timeout gives it more",
                Status.MEMORY: (
                    f"ended: it took more than {self._settings.memory / (1 << 30):.1f} GB of memory;"
                    " --memory gives it more"
                ),
                Status.NOT_RUN: "interrupted",
            }[ending]
        elif result.failure is not None:
            result.status = Status.FAILED
        elif self._is_complete and ending == 0:
            result.status = Status.PASSED
        else:
            result.status = Status.DIED
            result.reason = self._why_it_died(ending)
        if self._current is not None and not result.passed:
            cell = result.cells[self._current]
            result.cells[self._current] = CellRun(cell.index, result.status)

    def _why_it_died(self, ending: int) -> str:
        if "Errno 28" in self._trouble or "No space left on device" in self._result.printed[-2000:]:
            return trouble(OSError(errno.ENOSPC, ""))
        if self._trouble:
            return f"its process could not go on: {self._trouble}"
        if not self._server.is_alive:
            return "the process that runs programs is gone"
        if ending < 0:
            with contextlib.suppress(ValueError):
                name = signal.Signals(-ending).name
                perhaps = ", perhaps because the memory of this machine ran out" if name == "SIGKILL" else ""
                return f"its process was ended by {name}{perhaps}"
        return f"its process ended with status {ending} before the program did"
