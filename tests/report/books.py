"""Runs of made-up books, as large as a publisher's, for the report."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any, cast

from keras_upgrade.report.record import CellRecord, FileRecord, FindingRecord, Record, totals

HOSTILE = """</pre></noscript></script><script>document.title = "taken over"</script><img src=x onerror=alert(1)> "'&"""


def picture(shade: int, width: int = 64, height: int = 40) -> str:
    """A PNG of one shade, in Base64."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress((b"\0" + bytes([shade]) * width) * height)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return base64.b64encode(png).decode()


def finding(cell: int | None, line: int, **changes: Any) -> FindingRecord:
    """A fix of KU301 that was made."""
    place = {"cell": cell, "line": line, "column": 5}
    result: dict[str, Any] = {
        "code": "KU301",
        "name": "backend-function",
        "title": "`keras.backend` functions moved to `keras.ops` and `keras.random`",
        "mark": "fix",
        "state": "applied",
        "start": place,
        "end": place | {"column": 10},
        "message": "`keras.backend.exp` is gone",
        "change": "`K.exp` → `keras.ops.exp`",
        "assumption": "",
        "subject": "",
        "edits": [],
        "imports": ["import keras"],
    }
    return cast(FindingRecord, result | changes)


def cell(index: int, before: str, after: str | None = None) -> CellRecord:
    """A cell of a notebook."""
    return {
        "index": index,
        "line": 1,
        "line_before": 1,
        "before": before,
        "after": before if after is None else after,
    }


def run(
    status: str = "passed", verdict: str = "same", cells: int = 0, pictures: bool = True
) -> dict[str, Any]:
    """What was seen of a program on both sides."""

    def side(name: str, shade: int, state: str) -> dict[str, Any]:
        drawn = {
            "output_type": "display_data",
            "data": {"image/png": picture(shade), "text/plain": "<Figure>"},
        }
        printed = {"output_type": "stream", "name": "stdout", "text": "1/3\r2/3\r\x1b[1m3/3\x1b[0m done\n"}
        shown = [printed, drawn] if pictures else [printed]
        states = [state if number == cells - 1 else "passed" for number in range(cells)]
        failure = {
            "type": "ValueError",
            "message": "A KerasTensor cannot be used",
            "cell": cells - 1,
            "line": 2,
            "code": "y = K.exp(x)",
            "path": None,
            "traceback": "Traceback\nValueError: A KerasTensor cannot be used",
        }
        return {
            "path": "chapter.ipynb",
            "side": name,
            "status": state,
            "seconds": 3.2,
            "reason": "",
            "failure": failure if state == "failed" else None,
            "notes": [{"kind": "cut", "text": "fit() of model: 1 epoch of 20", "count": 1}],
            "cells": [
                {
                    "index": number,
                    "status": states[number],
                    "seconds": 0.5,
                    "outputs": shown if number == 2 else [],
                }
                for number in range(cells)
            ],
        }

    return {
        "keras3": side("Keras 3.15", 40, status),
        "keras2": side("tf_keras 2.21", 200, "passed"),
        "verdict": {"kind": verdict, "sentence": f"{verdict}: 4 calls", "differences": [], "notes": []},
        "diagnosis": {"kind": "keras", "sentence": "A rule knows it", "codes": ["KU303"]}
        if status == "failed"
        else None,
        "warnings": [],
    }


def chapter(number: int, cells: int = 30) -> FileRecord:
    """A chapter; every fifth has a fix to review, every seventh fails, every eleventh differs."""
    old = "from keras import backend as K\n\n\ndef scale(x):\n    y = K.exp(x)\n    return y * 2\n"
    new = "import keras\n\n\ndef scale(x):\n    y = keras.ops.exp(x)\n    return y * 2\n"
    plain = "\n".join(f"value_{line} = scale(data[{line}])  # step {line}" for line in range(12))
    changed = {1, 4, 9}
    findings = [finding(index, 5) for index in sorted(changed)]
    if number % 5 == 0:
        findings.append(
            finding(4, 5, code="KU501", mark="review", assumption="no weights are given to samples")
        )
    if number % 6 == 0:
        findings.append(finding(9, 1, state="left", mark="advice", change="", message="Decide what to do"))
    return {
        "path": f"book/part_{number % 4}/chapter_{number}.ipynb",
        "kind": "notebook",
        "changed": True,
        "findings": findings,
        "problems": [],
        "failures": [],
        "checklist": ["- [x] `K.*` calls → `keras.ops.*`", "- [ ] **restart the kernel** and run all cells"],
        "title": f"Chapter {number}: Networks of kind {number}",
        "summary": f"## chapter_{number}.ipynb — Applied Fixes Summary\n\n| Cell | Change |\n|---|---|\n",
        "cells": [
            cell(index, *((old, new) if index in changed else (plain, plain))) for index in range(cells)
        ],
        "run": run(
            "failed" if number % 7 == 0 else "passed", "differs" if number % 11 == 0 else "same", cells=cells
        ),
    }


def book(files: list[FileRecord], command: str = "migrate") -> Record:
    """A run over files."""
    return {
        "schema": 1,
        "tool": "keras-upgrade",
        "version": "0.1.0",
        "command": command,
        "created": "2025-03-01T12:00:00+00:00",
        "smoke": True,
        "files": files,
        "errors": [],
        "totals": totals(files),
    }
