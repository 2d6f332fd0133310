"""Runs one program from the top, cell by cell, and tells the host how it went."""

from __future__ import annotations

import ast
import builtins
import linecache
import os
import sys
import tempfile
import time
import traceback
from types import ModuleType
from typing import Any, Dict

from . import calls, limits, loops, notes, observation, project, recorder, sides, smoke, standins
from .outputs import Outputs

Job = Dict[str, Any]
"""What to run; the keys are those of `_Run._job` in `runner`, on the host's side."""

_LIBRARIES = (
    "keras",
    "tf_keras",
    "tensorflow",
    "tensorflow_core",
    "keras_applications",
    "keras_preprocessing",
)


def run(job: Job, side: str) -> None:
    """Run the program of a job in this process, which is its own."""
    notes.open_stream(job["events"])
    _move_in(job)
    limits.apply(offline=job["offline"])
    cells = job["cells"]
    text = "\n".join(cell["source"] for cell in cells)
    sides.begin(
        side,
        sides.wants_eager(text) if job["eager"] is None else job["eager"],
        job["seed"],
        standalone=sides.is_standalone(text),
    )
    calls.install(side)
    if job["smoke"]:
        smoke.install()
    standins.install(side, offline=job["offline"], smoke=job["smoke"], rows=job["rows"])
    if job["record"]:
        recorder.install(side, save=job["save"], sync=job["sync"])
    loops.agree(tell=job["save"], follow=job["sync"])
    project.install(job["work"], guard_loops=job["smoke"])
    _Runner(job).run()
    if job["record"]:
        recorder.finish()
    notes.emit({"event": "end", "notes": notes.notes()})


def _move_in(job: Job) -> None:
    """Make the working copy this process's place; what the program writes stays there."""
    os.environ.update(job["environment"])
    tempfile.tempdir = None  # libraries may have asked for it ahead of the fork
    os.chdir(job["folder"])
    sys.argv = [job["path"]] + job["arguments"]
    sys.path.insert(0, job["folder"])
    for path in job["search"]:
        if path not in sys.path:
            sys.path.insert(1, path)


class _Runner:
    """One program, on its way."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._notebook = job["notebook"]
        self._has_ended = False
        self._files: dict[str, Any] = {}
        self._outputs = Outputs(job["outputs"])
        module = ModuleType("__main__")
        sys.modules["__main__"] = module
        self._namespace = vars(module)
        self._namespace["__file__"] = job["path"]
        if self._notebook:
            del self._namespace["__file__"]
            self._namespace.update(_=None, display=self._outputs.display, get_ipython=_Shell)
        vars(builtins).setdefault("get_ipython", _Shell)

    def run(self) -> None:
        """Run the cells until one fails, or ends the program."""
        for number, cell in enumerate(self._job["cells"]):
            if not cell["run"]:
                continue
            notes.emit({"event": "start", "cell": number})
            start = time.monotonic()
            failure = self._run(number, cell)
            notes.emit(
                {
                    "event": "cell",
                    "cell": number,
                    "failure": failure,
                    "seconds": time.monotonic() - start,
                    "outputs": self._outputs.take(),
                }
            )
            if failure is not None or self._has_ended:
                return

    def _run(self, number: int, cell: dict[str, Any]) -> dict[str, Any] | None:
        """Run one cell; gives what went wrong, if something did."""
        source, file = cell["source"], self._file(number, cell)
        try:
            tree = ast.parse(source, file)
            last = self._split_last(tree)
            if self._job["smoke"]:
                tree = loops.guard(tree, cell["place"])
            # This file's own `from __future__` must not get into the program.
            exec(compile(tree, file, "exec", dont_inherit=True), self._namespace)
            if last is not None:
                value = eval(compile(last, file, "eval", dont_inherit=True), self._namespace)
                self._outputs.show(None if _is_muted(source) else value, number + 1)
        except SystemExit as stop:
            self._has_ended = True
            return None if stop.code in (None, 0) else self._failure(stop)
        except BaseException as error:
            return self._failure(error)
        return None

    def _file(self, number: int, cell: dict[str, Any]) -> str:
        """The name of a cell's code in tracebacks, with which Python also finds its lines."""
        file = cell["file"] if not self._notebook else "<cell {}>".format(cell["index"])
        lines = cell["source"].splitlines(True)
        linecache.cache[file] = (len(cell["source"]), None, lines, file)
        self._files[file] = number
        return str(file)

    def _split_last(self, tree: ast.Module) -> ast.Expression | None:
        """Take the last expression of a notebook's cell out, to show its value."""
        if not self._notebook or not tree.body or not isinstance(tree.body[-1], ast.Expr):
            return None
        last = tree.body.pop()
        assert isinstance(last, ast.Expr)
        return ast.Expression(last.value)

    def _observed(self, error: BaseException) -> list[list[Any]]:
        """The kinds of values in the line that failed; what goes wrong in that is not to hide the error."""
        try:
            return observation.observe(error, lambda file: file in self._files or project.is_own(file))
        except Exception as failure:
            notes.emit(
                {"event": "recorder", "at": "observe", "error": f"{type(failure).__name__}: {failure}"[:500]}
            )
            return []

    def _failure(self, error: BaseException) -> dict[str, Any]:
        """What went wrong, and the innermost place that lies in the program itself."""
        frames = [frame for frame in _frames(error) if os.path.dirname(__file__) != os.path.dirname(frame[0])]
        if isinstance(error, SyntaxError) and error.filename:
            frames.append((error.filename, error.lineno or 0, "", error.text or ""))
        own = [frame for frame in frames if frame[0] in self._files or project.is_own(frame[0])]
        file, line, _, code = own[-1] if own else (None, None, "", "")
        text = _printed(error)
        seen = self._observed(error)
        message = _message(error)
        self._outputs.show_error(type(error).__name__, message, text.splitlines())
        return {
            "type": type(error).__name__,
            "message": message,
            "file": file and os.path.realpath(file),
            "cell": self._files.get(file or ""),
            "line": line,
            "code": code.strip(),
            "traceback": text,
            "observed": seen,
            "in_keras": bool(frames)
            and (not own or frames.index(own[-1]) < len(frames) - 1)
            and _in_keras(frames),
        }


def _is_muted(source: str) -> bool:
    """Whether a cell ends with a semicolon, so that its value is not shown."""
    return source.rstrip().endswith(";")


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as failure:  # the program's own class
        return f"<its text could not be made: {type(failure).__name__}>"


class _Shell:
    """What `get_ipython()` gives: magics and shell lines do nothing."""

    def __getattr__(self, name: str) -> Any:
        def nothing(*args: Any, **_kwargs: Any) -> list[Any]:
            notes.note("skipped", "get_ipython().{}({})".format(name, ", ".join(map(repr, args))))
            return []

        return nothing


def _frames(error: BaseException) -> list[tuple[str, int, str, str]]:
    found = traceback.extract_tb(error.__traceback__)
    return [(frame.filename, frame.lineno or 0, frame.name, frame.line or "") for frame in found]


def _in_keras(frames: list[tuple[str, int, str, str]]) -> bool:
    """Whether the exception was raised in Keras or TensorFlow, or in a function that these called."""
    parts = frames[-1][0].replace("\\", "/").split("/")
    return "site-packages" in parts and any(library in parts for library in _LIBRARIES)


def _printed(error: BaseException) -> str:
    """The traceback as Python prints it, without the frames of this package."""
    told: Any = traceback.TracebackException(type(error), error, error.__traceback__)
    pending, seen = [told], set()
    while pending:
        part = pending.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        own = [frame for frame in part.stack if os.path.dirname(frame.filename) != os.path.dirname(__file__)]
        part.stack[:] = own
        pending += [part.__cause__, part.__context__]
    return "".join(told.format())
