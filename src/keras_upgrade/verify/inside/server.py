"""A warmed process that forks one child for each program.

TensorFlow takes seconds to import but can be forked as long as no operation ran. Jobs come in as lines of JSON on
standard input, answers go out on standard output. When standard input closes, the process ends, and with it the
children that still run: nothing is left behind, however the host ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import time
import traceback
from typing import IO, Any

from . import execution, limits, notes, sides, standins

_POLL = 0.02


def main() -> None:
    """Warm up, say so, and serve until the input closes."""
    side, folder = sys.argv[1:3]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the host decides what an interrupt means
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    sides.prepare(side)
    standins.prepare(side)
    limits.adopt_orphans()
    server = _Server(side, folder, answers)
    try:
        server.send({"ready": sides.versions()})
        while server.take_jobs():
            server.look_after_children()
    except BrokenPipeError:
        pass  # the host is gone
    server.end()


class _Server:
    """The children, and what to leave behind of them: nothing."""

    def __init__(self, side: str, folder: str, answers: IO[str]) -> None:
        self._side, self._folder, self._answers = side, folder, answers
        self._children: dict[int, int] = {}
        self._pending = b""
        self._places = [folder]
        self._is_dismissed = False

    def send(self, message: dict[str, Any]) -> None:
        """Tell the host something."""
        self._answers.write(json.dumps(message) + "\n")
        self._answers.flush()

    def take_jobs(self) -> bool:
        """Start the programs that have come in; gives whether more may come."""
        if not select.select([0], [], [], _POLL)[0]:
            return True
        data = os.read(0, 1 << 16)
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            message = json.loads(line.decode("utf-8"))
            if message.get("end"):
                self._is_dismissed = True
            else:
                self._start(message)
        return bool(data)

    def _start(self, job: dict[str, Any]) -> None:
        self._places += [job[name] for name in ("scratch", "save", "sync") if job[name]]
        child = os.fork()
        if child == 0:
            self._answers.close()
            _run(job, self._side)
        self._children[child] = job["id"]
        self.send({"id": job["id"], "pid": child})

    def look_after_children(self) -> None:
        """Tell the host of those that have ended, and end what they have left."""
        for child in list(self._children):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                _kill_group(child)
                job = self._children.pop(child)
                self._kill_orphans()
                self.send({"id": job, "status": _status(status)})

    def _kill_orphans(self) -> None:
        """Kill what ended children have started: it is adopted by this process."""
        for _ in range(100):
            orphans = [child for child in limits.children() if child not in self._children]
            if not orphans:
                return
            for orphan in orphans:
                with contextlib.suppress(OSError):
                    os.kill(orphan, signal.SIGKILL)
                    os.waitpid(orphan, os.WNOHANG)
            time.sleep(0.01)

    def end(self) -> None:
        """Kill the children; remove the files of the run if the host, who would do so, is gone."""
        for child in list(self._children):
            _kill_group(child)
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)  # if it has no group yet
        self._children.clear()
        self._kill_orphans()
        if self._is_dismissed:
            return
        for place in self._places:
            shutil.rmtree(place, ignore_errors=True)
        session = os.path.dirname(self._folder)
        if os.path.basename(session).startswith("keras-upgrade-"):
            with contextlib.suppress(OSError):  # the other side still has files in there
                os.rmdir(session)


def _status(status: int) -> int:
    """The exit code; negative for the number of the signal that ended the child."""
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _kill_group(child: int) -> None:
    """Kill whatever the child started and left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _run(job: dict[str, Any], side: str) -> None:
    """In the child: run the program, then end without what an interpreter does at its end."""
    status = 70
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _redirect(job["output"])
        execution.run(job, side)
        sys.stdout.flush()
        sys.stderr.flush()
        status = 0
    except BaseException as error:  # ours, not the program's: that is told by `execution`
        notes.emit({"event": "trouble", "message": f"{type(error).__name__}: {error}"})
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _redirect(path: str) -> None:
    """Nothing to read; what is printed goes into a file, at its end: the host may shorten it."""
    output = os.open(path, os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    sys.stdin = open(os.devnull)  # noqa: SIM115 (the program's)
    sys.stdout = open(1, "w", buffering=1, encoding="utf-8", errors="replace")  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8", errors="replace")  # noqa: SIM115
