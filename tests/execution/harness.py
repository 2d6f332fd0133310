"""Run programs on Keras 2 and on Keras 3, side by side in one environment, and compare what they compute.

    result = run("import keras; result = keras.backend.epsilon()", "keras2", capture=["result"])
    assert result.ok, result.traceback

The programs run as `keras-upgrade verify` runs them in full: what `keras` and `tf.keras` are to a program, and what it
gets in place of data that it would download, is told in `keras_upgrade.verify.inside`. Each side has one warmed
process, started when first needed, which forks for every program: a run costs about as much as the program itself.
`set_weights_deterministically` is a builtin of every program.
"""

import atexit
import pickle
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from keras_upgrade.verify import runner
from keras_upgrade.verify.environments import Environment
from keras_upgrade.verify.inside.sides import wants_eager
from keras_upgrade.verify.programs import RunCell, Source
from keras_upgrade.verify.results import ProgramRun, Status
from keras_upgrade.verify.runner import Settings
from keras_upgrade.verify.servers import RunnerError, Server, Servers

from . import values
from .constants import Constant, replace_constants

Side = Literal["keras2", "keras3"]

TRAINING_SAMPLES = 256
"""In each of the synthetic data sets; there are a quarter as many for testing."""

_PRELUDE = """\
def load():
    import importlib.util, sys
    spec = importlib.util.spec_from_file_location({name!r}, {file!r})
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.install()
load()
del load
"""
_CAPTURE = "__import__({name!r}).capture({expressions!r}, globals(), {file!r})\n"
_NAME = "keras_upgrade_values"  # what `values` is called in a program's process


@dataclass(frozen=True, slots=True)
class RunResult:
    """What became of a program.

    Attributes:
        ok: whether it ran to its end, and everything to capture was there.
        error: the message of what stopped it.
        error_type: the class of the exception; `Timeout` or `Crash` when the process was killed or died.
        traceback: as Python prints it.
        cell: the cell that failed, counted from 1, or None if none of them did.
        line: its line in that cell, counted from 1, or None if the error lies outside the program.
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
    constants: Mapping[str, Constant] | None = None,
    eager: bool | None = None,
) -> RunResult:
    """Run a program (or a notebook's cells) from top to bottom in a process and a folder of its own.

    Args:
        program: Python source, or one for each cell.
        side: what `keras` and `tf.keras` are to the program.
        capture: expressions to evaluate when it is done; most are plain names.
        seed: for Python, NumPy and TensorFlow.
        timeout: seconds until it is killed.
        constants: new values for top-level assignments of literals, such as `{"epochs": 1}`.
        eager: on the Keras 2 side, whether to run eagerly (TensorFlow 2) or in a graph (TensorFlow 1, where
            the standalone Keras 2 lived); by default judged from the program, see `sides.wants_eager`.
    """
    cells = [program] if isinstance(program, str) else list(program)
    if constants:
        cells = replace_constants(cells, constants)
    settings = Settings(
        smoke=False,
        offline=True,
        record=False,
        timeout=timeout,
        seed=seed,
        rows=TRAINING_SAMPLES,
        eager=wants_eager("\n".join(cells)) if eager is None else eager,
    )
    with tempfile.TemporaryDirectory(prefix="keras-upgrade-run-") as name:
        captured = Path(name, "captured")
        project = Path(name, "project")
        project.mkdir()
        source = Source(project / "program.ipynb", project, _cells(cells, capture, captured), notebook=True)
        return _result(runner.run(source, _server(side), settings), captured)


def close() -> None:
    """End the warmed processes; a later `run` starts new ones."""
    _open.close()
    _servers.cache_clear()


def _cells(cells: Sequence[str], capture: Sequence[str], captured: Path) -> tuple[RunCell, ...]:
    """The cells with what comes before and after them; those of the program are counted from 1."""
    sources = [_PRELUDE.format(name=_NAME, file=values.__file__), *cells]
    if capture:
        sources.append(_CAPTURE.format(name=_NAME, expressions=tuple(capture), file=str(captured)))
    return tuple(RunCell(number, source) for number, source in enumerate(sources))


def _result(ended: ProgramRun, captured: Path) -> RunResult:
    """The outcome of a run in the harness's words."""
    failure = ended.failure
    if failure is not None:
        return RunResult(
            ok=False,
            error=failure.message,
            error_type=failure.type,
            traceback=failure.traceback,
            cell=failure.cell,
            line=failure.line,
            stdout=ended.printed,
        )
    if ended.status is Status.NOT_RUN:
        raise RunnerError(ended.reason)
    if ended.status is not Status.PASSED:
        kind = "Timeout" if ended.status is Status.TIMEOUT else "Crash"
        return RunResult(False, ended.reason, kind, stdout=ended.printed)
    if not captured.exists():
        return RunResult(True, stdout=ended.printed)
    with captured.open("rb") as stream:
        found: values.Captured = _Unpickler(stream).load()
    if found.error_type is not None:
        return RunResult(False, found.error, found.error_type, stdout=ended.printed)
    return RunResult(True, values=found.values, stdout=ended.printed)


class _Unpickler(pickle.Unpickler):
    """Reads what a program's process has pickled."""

    def find_class(self, module: str, name: str) -> Any:
        return getattr(values, name) if module == _NAME else super().find_class(module, name)


_open = ExitStack()
atexit.register(close)


def _server(side: Side) -> Server:
    """The side's warmed process, started if there is none."""
    return _servers().get(Environment(Path(sys.executable), "tf_keras" if side == "keras2" else side, side))


@cache
def _servers() -> Servers:
    """The warmed processes, until `close`."""
    folder = _open.enter_context(tempfile.TemporaryDirectory(prefix="keras-upgrade-tests-"))
    return _open.enter_context(Servers(Path(folder)))
