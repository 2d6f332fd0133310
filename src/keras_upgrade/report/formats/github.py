"""Workflow commands of GitHub Actions, which become annotations beside the code.

GitHub shows the first ten errors and warnings of a step, so what needs a person comes first. Annotations of a notebook
stand at the lines of its JSON, which is what a pull request shows; the text names the cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from keras_upgrade.report.formats.shared import (
    closing,
    faults,
    level,
    open_findings,
    relative,
    sentence,
    with_cell,
)
from keras_upgrade.report.record import FindingRecord, Record

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
_ORDER = {"advice": 0, "review": 1, "fix": 2}


def render(record: Record) -> str:
    """The text of the format."""
    return "".join(f"{line}\n" for line in _lines(record))


def _lines(record: Record) -> Iterator[str]:
    broken = list(faults(record))
    for fault in broken:
        place = {"file": relative(fault.path), "line": fault.line} if fault.path else {}
        yield _command("error", with_cell(fault.start, fault.text), **place, title="keras-upgrade")
    found = sorted(open_findings(record), key=lambda pair: _ORDER[pair[1]["mark"]])
    for file, finding in found:
        title = f"{finding['code']} {finding['name']}".strip()
        text = with_cell(finding["start"], sentence(finding))
        yield _command(level(finding), text, file=relative(file["path"]), **_range(finding), title=title)
    if found or broken:
        yield _command("notice", closing(record), title="keras-upgrade")


def _range(finding: FindingRecord) -> dict[str, object]:
    inside = finding["in_file"]
    start, end = inside["start"], inside["end"]
    place: dict[str, object] = {"line": start["line"], "endLine": end["line"]}
    if start["line"] == end["line"]:  # GitHub takes columns for a single line only
        place |= {"col": start["column"], "endColumn": end["column"]}
    return place


def _command(name: str, text: str, **properties: object) -> str:
    written = ",".join(f"{key}={_escaped(str(value), _PROPERTY)}" for key, value in properties.items())
    return f"::{name} {written}::{_escaped(text, _DATA)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
