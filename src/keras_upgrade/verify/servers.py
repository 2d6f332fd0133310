"""Warmed processes, one for each environment: TensorFlow is imported once, then each program is forked.

See `inside/server.py` for their half.
"""

from __future__ import annotations

import contextlib
import json
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from keras_upgrade.verify import environments
from keras_upgrade.verify.environments import Environment
from keras_upgrade.verify.processes import kill_tree, trouble

WARM_UP_SECONDS = 300
"""Longer than any import of TensorFlow takes."""
_POLL = 0.1
_BOOTSTRAP = """\
import sys
sys.path[:] = [path for path in sys.path if path]  # nothing from the folder that the tool is called in
import importlib.util
spec = importlib.util.spec_from_file_location("keras_upgrade_inside", {path!r}, submodule_search_locations=[{folder!r}])
sys.modules["keras_upgrade_inside"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
from keras_upgrade_inside.server import main
main()
"""


class RunnerError(Exception):
    """Programs cannot be run at all; `str()` says why."""


class Server:
    """The warmed process of one side.

    Args:
        environment: its interpreter and side.
        folder: where it may keep files; there until it is closed.
        threads: how many TensorFlow may use; None leaves that to it.
        stop: when set, the start is given up.
        variables: of its environment, instead of those that make runs alike.

    Raises:
        RunnerError: it does not start.
    """

    def __init__(
        self,
        environment: Environment,
        folder: Path,
        threads: int | None = None,
        stop: threading.Event | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.environment = environment
        self._variables = variables or {}
        self._lock = threading.Lock()
        try:
            self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
            self._process = self._started(folder, threads)
        except OSError as error:
            raise RunnerError(trouble(error, "the process that runs programs cannot be started")) from error
        self._news = threading.Condition()
        self._jobs = 0
        self._pids: dict[int, int] = {}
        self._ended: dict[int, int] = {}
        try:
            self.versions = self._wait_until_ready(stop or threading.Event())
        except BaseException:
            self.close()
            raise
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _started(self, folder: Path, threads: int | None) -> subprocess.Popen[bytes]:
        inside = Path(__file__).with_name("inside")
        code = _BOOTSTRAP.format(path=str(inside / "__init__.py"), folder=str(inside))
        return subprocess.Popen(
            [str(self.environment.python), "-c", code, self.environment.side, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**environments.variables(self.environment, folder, threads), **self._variables},
            start_new_session=True,  # Ctrl-C reaches the host alone, which then ends it
        )

    @property
    def is_alive(self) -> bool:
        """Whether it can take a job."""
        return self._process.poll() is None

    def submit(self, job: dict[str, Any]) -> int:
        """Have a program started; gives the number of the job."""
        with self._lock:
            self._jobs += 1
            number = self._jobs
            assert self._process.stdin is not None
            try:
                self._process.stdin.write(json.dumps({**job, "id": number}).encode() + b"\n")
                self._process.stdin.flush()
            except BrokenPipeError:
                pass  # `ended` tells that the process is gone
        return number

    def pid(self, job: int) -> int | None:
        """The process of a job, once it has started."""
        return self._pids.get(job)

    def ended(self, job: int) -> int | None:
        """The exit status of a job, negative for a signal; None while it runs."""
        if job in self._ended:
            return self._ended[job]
        return None if self.is_alive else -signal.SIGKILL

    def wait(self, job: int, seconds: float) -> None:
        """Wait until a job has ended, but not longer than this."""
        with self._news:
            self._news.wait_for(lambda: job in self._ended, seconds)

    def close(self) -> None:
        """End it; insist if it does not."""
        with contextlib.suppress(OSError, ValueError), self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps({"end": True}).encode() + b"\n")
            self._process.stdin.flush()
        for stream in (self._process.stdin, self._process.stdout):
            if stream and not (stream is self._process.stdout and hasattr(self, "_reader")):
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._process.wait(timeout=10 if hasattr(self, "_reader") else 0)
        except subprocess.TimeoutExpired:
            kill_tree(self._process.pid)
            self._process.wait()
        if hasattr(self, "_reader"):
            self._reader.join(timeout=5)
            assert self._process.stdout is not None
            self._process.stdout.close()
        self._log.close()

    def _wait_until_ready(self, stop: threading.Event) -> str:
        stream = self._process.stdout
        assert stream is not None
        deadline = time.monotonic() + WARM_UP_SECONDS
        while time.monotonic() < deadline:
            if stop.is_set():
                break
            if not select.select([stream], [], [], _POLL)[0]:
                continue
            line = stream.readline()
            if line:
                return str(json.loads(line)["ready"])
            break
        if stop.is_set():
            raise RunnerError("interrupted")
        self._log.seek(0)
        last = self._log.read().decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise RunnerError(f"{self.environment.python} cannot load Keras and TensorFlow: {last[0]}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            with self._news:
                if "pid" in message:
                    self._pids[message["id"]] = message["pid"]
                else:
                    self._ended[message["id"]] = message["status"]
                self._news.notify_all()


class Servers:
    """The warmed processes of a session, one for each environment; a context manager, which ends them all."""

    def __init__(
        self,
        folder: Path,
        threads: int | None = None,
        stop: threading.Event | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._folder, self._threads, self._stop, self._variables = folder, threads, stop, variables
        self._is_closed = False
        self._started: dict[tuple[Path, str], Server] = {}
        self._locks: defaultdict[tuple[Path, str], threading.Lock] = defaultdict(threading.Lock)

    def get(self, environment: Environment) -> Server:
        """The process of an environment, started if there is none (any more)."""
        key = (environment.python, environment.side)
        with self._locks[key]:
            if self._is_closed:
                raise RunnerError("interrupted")
            server = self._started.get(key)
            if server is None or not server.is_alive:
                if server is not None:
                    server.close()
                server = self._started[key] = Server(
                    environment, self._folder / environment.side, self._threads, self._stop, self._variables
                )
            return server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closed = True
        for key, lock in list(self._locks.items()):
            with lock:  # a thread may just be starting it
                if key in self._started:
                    self._started.pop(key).close()
