"""One JSON object on each line: findings, unknown names, cells that cannot be read, errors, and the totals last.

The key `type` says what a line is: `finding`, `unknown` (a name that nobody knows), `problem`, `error` or `totals`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from keras_upgrade.report.record import Record


def render(record: Record) -> str:
    """The text of the format."""
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in _lines(record))


def _lines(record: Record) -> Iterator[Mapping[str, object]]:
    for file in record["files"]:
        for finding in file["findings"]:
            yield {"type": "finding", "path": file["path"], **finding}
        for unknown in file.get("unknown", ()):
            yield {"type": "unknown", "path": file["path"], **unknown}
        for problem in file["problems"]:
            yield {"type": "problem", "path": file["path"], **problem}
        for failure in file["failures"]:
            yield {"type": "error", "path": file["path"], "message": failure}
    for error in record["errors"]:
        yield {"type": "error", "message": error}
    unknown_names = record["coverage"]["unknown"] if "coverage" in record else 0
    yield {"type": "totals", **record["totals"], "unknown_names": unknown_names}
