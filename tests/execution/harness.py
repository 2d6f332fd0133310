"""Run programs on Keras 2 and on Keras 3, side by side in one environment, and compare what they compute.

    result = run("import keras; result = keras.backend.epsilon()", "keras2", capture=["result"])
    assert result.ok, result.traceback

Each side has one warmed process, started when first needed, which forks for every program: a run costs
about as much as the program itself. See `sides` for what a program finds as `keras`;
`set_weights_deterministically` is a builtin of every program.
"""

import atexit
import os
import pickle
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from .programs import Failure, Literal, replace_constants, without_magics
from .sides import Side
from .zygote import Answer, Job, receive, send

_WARM_UP_SECONDS = 180
_GRACE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class RunResult:
    """What became of a program.

    Attributes:
        ok: whether it ran to its end, and everything to capture was there.
        error: the message of what stopped it.
        error_type: the class of the exception; `Timeout` or `Crash` when the process was killed or died.
        traceback: as Python prints it.
        cell: the cell that failed, counted from 1, or None if the error lies outside the program.
        line: its line in that cell, counted from 1.
        values: the captured values by expression: NumPy arrays for tensors and variables, plain Python for
            the rest, `values.Symbolic` and `values.Opaque` for what has no plain value.
        stdout: everything it printed, errors included.
    """

    ok: bool
    error: str | None = None
    error_type: str | None = None
    traceback: str = ""
    cell: int | None = None
    line: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    stdout: str = ""


def run(
    program: str | Sequence[str],
    side: Side,
    capture: Sequence[str] = (),
    *,
    seed: int = 0,
    timeout: float = 300,
    constants: Mapping[str, Literal] | None = None,
    eager: bool | None = None,
) -> RunResult:
    """Run a program (or a notebook's cells) from top to bottom in a process and a folder of its own.

    Args:
        program: Python source, or one for each cell. IPython's magics are skipped.
        side: what `keras` and `tf.keras` are to the program.
        capture: expressions to evaluate when it is done; most are plain names.
        seed: for Python, NumPy and TensorFlow.
        timeout: seconds until it is killed.
        constants: new values for top-level assignments of literals, such as `{"epochs": 1}`.
        eager: on the Keras 2 side, whether to run eagerly (TensorFlow 2) or in a graph (TensorFlow 1, where
            the standalone Keras 2 lived); by default judged from the program, see `programs.wants_eager`.
    """
    cells = [without_magics(cell) for cell in ([program] if isinstance(program, str) else program)]
    if constants:
        cells = replace_constants(cells, constants)
    folder = Path(tempfile.mkdtemp(prefix="keras-upgrade-run-"))
    try:
        job = Job(folder, tuple(cells), tuple(capture), seed, timeout, eager)
        return _result(_server(side).answer(job), folder, timeout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def close() -> None:
    """End the warmed processes; a later `run` starts new ones."""
    while _servers:
        _servers.popitem()[1].close()


def _result(answer: Answer, folder: Path, timeout: float) -> RunResult:
    """The answer in the harness's words."""
    output = folder / "output"
    printed = output.read_text(encoding="utf-8", errors="replace") if output.exists() else ""
    if answer.timed_out:
        return RunResult(False, f"killed after {timeout:g} seconds", "Timeout", stdout=printed)
    if answer.outcome is None:
        return RunResult(False, f"the process ended with status {answer.status}", "Crash", stdout=printed)
    failure, values = cast(tuple[Failure | None, dict[str, Any]], pickle.loads(answer.outcome))
    if failure is None:
        return RunResult(True, values=values, stdout=printed)
    return RunResult(
        ok=False,
        error=failure.error,
        error_type=failure.error_type,
        traceback=failure.traceback,
        cell=failure.cell,
        line=failure.line,
        stdout=printed,
    )


class _Server:
    """The warmed process of one side."""

    def __init__(self, side: Side) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from {__package__}.zygote import main; main()", side],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_environment(),
        )
        self._receive(_WARM_UP_SECONDS)

    def alive(self) -> bool:
        """Whether it can take a job."""
        return self._process.poll() is None

    def answer(self, job: Job) -> Answer:
        """Have one job done."""
        send(cast(BinaryIO, self._process.stdin), job)
        return cast(Answer, self._receive(job.timeout + _GRACE_SECONDS))

    def close(self) -> None:
        """Close its input, upon which it ends; insist if it does not."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _receive(self, timeout: float) -> object:
        """The next message; a process that is gone or silent is an error of the harness itself."""
        stream = cast(BinaryIO, self._process.stdout)
        if select.select([stream], [], [], timeout)[0]:
            message = receive(stream)
            if message is not None:
                return message
        self._log.seek(0)
        log = self._log.read().decode(errors="replace")[-4000:]
        self.close()
        raise RuntimeError(f"the process that runs programs is gone:\n{log}")


_servers: dict[Side, _Server] = {}
atexit.register(close)


def _server(side: Side) -> _Server:
    """The side's process, started if there is none."""
    server = _servers.get(side)
    if server is None or not server.alive():
        server = _servers[side] = _Server(side)
    return server


def _environment() -> dict[str, str]:
    """A quiet, CPU-only and repeatable TensorFlow, and this package importable under the name it has here."""
    root = Path(__file__).parents[len((__package__ or "").split("."))]
    return {
        **os.environ,
        "CUDA_VISIBLE_DEVICES": "-1",
        "KERAS_BACKEND": "tensorflow",
        "MPLBACKEND": "Agg",
        "PYTHONPATH": str(root),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
    }
