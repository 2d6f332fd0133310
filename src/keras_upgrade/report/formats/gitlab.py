"""A Code Quality report of GitLab: a list of issues, each with a fingerprint by which GitLab tells the new ones."""

from __future__ import annotations

import json
from collections.abc import Iterator

from keras_upgrade.report.formats.shared import (
    Fingerprints,
    faults,
    level,
    open_findings,
    relative,
    sentence,
    with_cell,
)
from keras_upgrade.report.record import Record


def render(record: Record) -> str:
    """The text of the format."""
    return json.dumps(list(_issues(record)), indent=2, ensure_ascii=False) + "\n"


def _issues(record: Record) -> Iterator[dict[str, object]]:
    fingerprints = Fingerprints()

    def issue(path: str, name: str, message: str, severity: str, text: str, *lines: int) -> dict[str, object]:
        return {
            "description": text,
            "check_name": name,
            "fingerprint": fingerprints.of(path, name, message),
            "severity": severity,
            "location": {"path": path, "lines": {"begin": lines[0], "end": lines[-1]}},
        }

    for fault in faults(record):
        path, text = relative(fault.path) if fault.path else ".", with_cell(fault.start, fault.text)
        yield issue(path, "error", fault.text, "critical", text, fault.line)
    for file, finding in open_findings(record):
        path, code, inside = relative(file["path"]), finding["code"], finding["in_file"]
        text = f"{code}: {with_cell(finding['start'], sentence(finding))}"
        severity = "major" if level(finding) == "error" else "minor"
        lines = inside["start"]["line"], inside["end"]["line"]
        yield issue(path, code, finding["message"], severity, text, *lines)
