"""Notebooks as they were run: with the outputs of the run in place of those that were saved in them."""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from keras_upgrade.documents import DocumentError, write_atomically
from keras_upgrade.documents.errors import from_os_error
from keras_upgrade.verify.results import CellRun, ProgramRun, Status

__all__ = ["write_executed"]

_RAN = (Status.PASSED, Status.FAILED, Status.TIMEOUT, Status.MEMORY, Status.DIED)
_SURROGATE = re.compile("[\ud800-\udfff]")
# What an output may hold in format 4, by its type; the format takes nothing else.
_KEYS = {
    "stream": ("name", "text"),
    "display_data": ("data", "metadata"),
    "execute_result": ("data", "metadata", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}
# How format 3 calls the representations of a value.
_OLD_KEYS = {
    "text/plain": "text",
    "text/html": "html",
    "text/latex": "latex",
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/svg+xml": "svg",
    "application/json": "json",
    "application/javascript": "javascript",
    "application/pdf": "pdf",
}


def write_executed(source: bytes | Path, run: ProgramRun, target: Path, *, smoke: bool = True) -> Path:
    """Writes a program with what it showed in a run.

    A notebook gets the outputs and execution counts of the run, and a note in its metadata on how it was run; all
    else in it stays. Of scripts and Markdown, what was printed is written into a text file beside `target`.

    Args:
        source: the program that was run, or its file.
        run: the run, with the outputs of its cells.
        target: the notebook to write; for others, `.txt` is added to its name.
        smoke: whether the run was cut short.

    Returns:
        The file that was written.

    Raises:
        DocumentError: the program cannot be read, or the file cannot be written.
    """
    if target.suffix.lower() == ".ipynb":
        data = _notebook(_content(source, run), run, smoke)
    else:
        target = target.with_name(f"{target.name}.txt")
        data = _printed(run).encode("utf-8", "backslashreplace")
    if os.path.realpath(target) == os.path.realpath(run.path):
        raise DocumentError(target, None, "is the program itself", "Choose another folder for what was run")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise from_os_error(target.parent, error, "made") from error
    write_atomically(target, data)
    return target


def _content(source: bytes | Path, run: ProgramRun) -> dict[str, Any]:
    path = source if isinstance(source, Path) else run.path
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise from_os_error(path, error, "read") from error
    try:
        content = json.loads(data.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DocumentError(path, None, f"is not valid JSON ({error})") from None
    if not isinstance(content, dict):
        raise DocumentError(path, None, "has no list of cells, so it is not a notebook")
    return content


def _notebook(content: dict[str, Any], run: ProgramRun, smoke: bool) -> bytes:
    by_index = {cell.index: cell for cell in run.cells}
    old = "cells" not in content
    count = 0
    for index, cell in enumerate(_cells(content)):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        ran = by_index.get(index)
        if ran is not None and ran.status not in _RAN:
            ran = None
        # As Jupyter has it: a cell without code is not counted.
        counted = ran is not None and bool("".join(cell.get("input" if old else "source") or "").strip())
        count += counted
        outputs = [] if ran is None else [_valid(output, count) for output in _outputs(ran, run)]
        cell["outputs"] = [_old_output(output) for output in outputs] if old else outputs
        cell["prompt_number" if old else "execution_count"] = count if counted else None
    metadata = content.setdefault("metadata", {})
    if isinstance(metadata, dict):
        metadata["keras_upgrade"] = _note(run, smoke)
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    # Half a pair of UTF-16, as a program may print it, has no bytes in UTF-8.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text).encode()


def _cells(content: dict[str, Any]) -> Iterator[Any]:
    """The cells in the order of their numbers; in format 3 they lie in worksheets."""
    if isinstance(content.get("cells"), list):
        yield from content["cells"]
        return
    for sheet in content.get("worksheets") or ():
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            yield from sheet["cells"]


def _note(run: ProgramRun, smoke: bool) -> dict[str, Any]:
    """What the notebook says of how it was run, so that its outputs claim no more than that."""
    note: dict[str, Any] = {"side": run.side, "status": str(run.status), "smoke": smoke}
    for kind in dict.fromkeys(["cut", *(note.kind for note in run.notes)]):
        note[kind] = [
            one.text if one.count == 1 else f"{one.text} ({one.count} times)"
            for one in run.notes
            if one.kind == kind
        ]
    return note


def _outputs(cell: CellRun, run: ProgramRun) -> Iterator[Mapping[str, Any]]:
    """What a cell showed, and why it did not end, if it does not say so itself."""
    yield from cell.outputs
    if cell.status is Status.PASSED or any(output.get("output_type") == "error" for output in cell.outputs):
        return
    failure = run.failure
    if cell.status is Status.FAILED and failure is not None:
        yield {
            "output_type": "error",
            "ename": failure.type,
            "evalue": failure.message,
            "traceback": (failure.traceback or f"{failure.type}: {failure.message}").splitlines(),
        }
    else:
        yield {"output_type": "stream", "name": "stderr", "text": f"{run.reason or cell.status}\n"}


def _valid(output: Mapping[str, Any], count: int) -> dict[str, Any]:
    """The output with the keys that the format asks for and no other, its texts as lists of lines."""
    kind = output["output_type"]
    result: dict[str, Any] = {"output_type": kind}
    result |= {key: output[key] for key in _KEYS[kind] if key in output}
    if kind == "stream":
        result["text"] = _lines(result["text"])
    elif kind != "error":
        result["data"] = {name: _representation(name, value) for name, value in result["data"].items()}
        result.setdefault("metadata", {})
        if kind == "execute_result":
            result["execution_count"] = count
    return result


def _representation(name: str, value: Any) -> Any:
    is_json = name == "application/json" or name.endswith("+json")
    is_binary = not name.startswith(("text/", "image/svg", "application/javascript"))
    return value if is_json or is_binary else _lines(value)


def _lines(text: str | Sequence[str]) -> list[str]:
    whole = text if isinstance(text, str) else "".join(text)
    return re.findall(r"[^\n]*\n|[^\n]+", whole)


def _old_output(output: dict[str, Any]) -> dict[str, Any]:
    """An output of format 4 in format 3."""
    kind = output["output_type"]
    if kind == "stream":
        return {"output_type": kind, "stream": output["name"], "text": output["text"]}
    if kind == "error":
        return {**output, "output_type": "pyerr"}
    result: dict[str, Any] = {"output_type": kind, "metadata": output["metadata"]}
    if kind == "execute_result":
        result |= {"output_type": "pyout", "prompt_number": output["execution_count"]}
    for name, value in output["data"].items():
        is_text = isinstance(value, str) or (
            isinstance(value, list) and all(isinstance(line, str) for line in value)
        )
        result[_OLD_KEYS.get(name, name)] = value if is_text else json.dumps(value)
    return result


def _printed(run: ProgramRun) -> str:
    """What a script printed, and why it did not end."""
    text = run.printed
    if text and not text.endswith("\n"):
        text += "\n"
    end = run.reason if run.failure is None else run.failure.traceback or run.failure.message
    # What stands there already: the interpreter may have printed the error itself.
    return text if run.passed or not end or end.strip() in text else f"{text}{end.rstrip()}\n"
