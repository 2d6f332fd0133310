"""Programs as they are run: cells, notebook magics, constants made small, and where a run failed.

Nothing here knows Keras or TensorFlow.
"""

import ast
import json
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

Literal = bool | int | float | str | tuple[int, ...] | None

_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun"})
_LINE_MAGIC = re.compile(r"(\s*)(?:[%!?].*|[\w.]+\?+\s*)$")
_FENCE = re.compile(r"^```python[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_STANDALONE_KERAS = re.compile(r"^\s*(?:from|import)\s+keras\b", re.MULTILINE)
_EAGER_ONLY = re.compile(
    r"GradientTape|tf\.function|\.numpy\(\)|run_eagerly|\btrain_step\b|executing_eagerly"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Where and why a program stopped."""

    error_type: str
    error: str
    traceback: str
    cell: int | None
    line: int | None


def read_cells(path: Path) -> list[str]:
    """The Python of a script, a notebook or a Markdown page, cell by cell."""
    return split_cells(path.read_text(encoding="utf-8"), path.suffix)


def split_cells(text: str, suffix: str) -> list[str]:
    """The Python cells in the text of a file with that suffix."""
    if suffix == ".ipynb":
        return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    if suffix == ".md":
        return _FENCE.findall(text)
    return [text]


def without_magics(cell: str) -> str:
    """A cell as plain Python of the same number of lines: IPython's own syntax becomes `pass`."""
    try:
        ast.parse(cell)
    except SyntaxError:
        return _blank_magics(cell)
    return cell


def _blank_magics(cell: str) -> str:
    """Blank out line magics, and cells in another language as a whole."""
    lines = cell.split("\n")
    first = _CELL_MAGIC.match(lines[0])
    if first and first[1] not in _PYTHON_CELL_MAGICS:
        return "\n" * (len(lines) - 1)
    return "\n".join(_LINE_MAGIC.sub(r"\1pass", line) for line in lines)


def replace_constants(cells: Sequence[str], constants: Mapping[str, Literal]) -> list[str]:
    """Give top-level `NAME = literal` assignments other values; every name must be found.

    A name that is nowhere assigned is an error: the run would silently not be what the caller asked for.
    """
    found: set[str] = set()
    changed = [_replace_in_cell(cell, constants, found) for cell in cells]
    missing = sorted(set(constants) - found)
    if missing:
        raise ValueError(f"no top-level assignment of a literal to {', '.join(missing)}")
    return changed


def _replace_in_cell(cell: str, constants: Mapping[str, Literal], found: set[str]) -> str:
    """Replace constants in one cell, last one first so that earlier positions stay right."""
    lines = cell.split("\n")
    for statement in reversed(ast.parse(cell).body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in constants:
                pass
            case _:
                continue
        if not _is_literal(value) or value.lineno != value.end_lineno:
            continue
        raw = lines[value.lineno - 1].encode()
        new = raw[: value.col_offset] + repr(constants[name]).encode() + raw[value.end_col_offset :]
        lines[value.lineno - 1] = new.decode()
        found.add(name)
    return "\n".join(lines)


def _is_literal(value: ast.expr) -> bool:
    """Whether an expression is a plain constant, such as `3`, `-1.5` or `(28, 28)`."""
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def wants_eager(cells: Sequence[str]) -> bool:
    """Whether a Keras 2 program was written for TensorFlow 2.

    Programs of the standalone Keras ran on TensorFlow 1 graphs; losses that close over tensors of the model,
    for one, only ever worked there. `tf.keras` programs and users of the tape need eager execution.
    """
    text = "\n".join(cells)
    return bool(_EAGER_ONLY.search(text)) or not _STANDALONE_KERAS.search(text)


def execute(cells: Sequence[str], folder: Path, namespace: dict[str, Any]) -> Failure | None:
    """Run cells from top to bottom in one namespace, as files in `folder`: tracebacks show their lines."""
    files = {str(folder / f"cell_{number}.py"): number for number in range(1, len(cells) + 1)}
    try:
        for (file, _), cell in zip(files.items(), cells, strict=True):
            Path(file).write_text(cell, encoding="utf-8")
            namespace["__file__"] = file
            exec(compile(cell, file, "exec"), namespace)
    except SystemExit as stop:
        return None if stop.code in (None, 0) else _failure(stop, files)
    except BaseException as error:
        return _failure(error, files)
    return None


def _failure(error: BaseException, files: Mapping[str, int]) -> Failure:
    """What went wrong, with the innermost place that lies in the program itself."""
    if error.__traceback__:
        error.__traceback__ = error.__traceback__.tb_next  # without `execute`
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    own = [(files[file], line) for file, line in places if file in files]
    cell, line = own[-1] if own else (None, None)
    return Failure(type(error).__name__, str(error), "".join(traceback.format_exception(error)), cell, line)


def main_module() -> dict[str, Any]:
    """The namespace of a new `__main__`, so that the program is what it would be when started alone."""
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.argv = ["program.py"]
    return vars(module)
