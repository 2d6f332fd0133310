"""SARIF 2.1.0, the format of code scanning services and editors, with the fixes.

Regions and fixes are those of the file itself: of a notebook, its JSON, since that is what such services show and what
an editor would change. The message and a logical location name the cell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from keras_upgrade.report.formats.shared import (
    Fault,
    Fingerprints,
    faults,
    in_words,
    level,
    open_findings,
    relative,
    sentence,
    with_cell,
)
from keras_upgrade.report.record import FindingRecord, Place, Record, Replacement
from keras_upgrade.rules import rule_of

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(record: Record) -> str:
    """The text of the format."""
    found = list(open_findings(record))
    rules = {finding["code"]: finding for _, finding in found}
    codes, fingerprints = sorted(rules), Fingerprints()
    results = [_result(file["path"], finding, codes, fingerprints) for file, finding in found]
    run = {
        "tool": {
            "driver": {
                "name": record["tool"],
                "version": record["version"],
                "semanticVersion": record["version"],
                "shortDescription": {"text": "Takes Keras 2 programs to Keras 3."},
                "rules": [_rule(rules[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(list(faults(record)))],
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def _rule(finding: FindingRecord) -> dict[str, Any]:
    rule = rule_of(finding["code"])
    page = rule.page if rule else finding["title"]
    return {
        "id": finding["code"],
        "name": finding["name"] or finding["code"],
        "shortDescription": {"text": finding["title"]},
        "fullDescription": {"text": finding["title"]},
        "help": {"text": page, "markdown": page},
        "properties": {"tags": ["keras"]},
    }


def _result(
    path: str, finding: FindingRecord, codes: Sequence[str], fingerprints: Fingerprints
) -> dict[str, Any]:
    inside, code = finding["in_file"], finding["code"]
    location: dict[str, Any] = _location(path, inside["start"], inside["end"])
    place = in_words(finding["start"])
    if place:
        cell = f"cell {finding['start']['cell']}"
        location["logicalLocations"] = [{"name": cell, "fullyQualifiedName": place, "kind": "module"}]
    result = {
        "ruleId": code,
        "ruleIndex": codes.index(code),
        "level": level(finding),
        "message": {"text": with_cell(finding["start"], sentence(finding))},
        "locations": [location],
        "partialFingerprints": {"kerasUpgrade/v1": fingerprints.of(relative(path), code, finding["message"])},
        "properties": {"mark": finding["mark"], "assumption": finding["assumption"]},
    }
    if inside["edits"]:
        text = finding["change"]
        if finding["assumption"]:
            text += f" (right if {finding['assumption']})"
        change = {
            "artifactLocation": _artifact(path),
            "replacements": [_replacement(edit) for edit in inside["edits"]],
        }
        result["fixes"] = [{"description": {"text": text}, "artifactChanges": [change]}]
    return result


def _location(path: str, start: Place, end: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": _region(start, end)}}


def _region(start: Place, end: Place) -> dict[str, int]:
    return {
        "startLine": start["line"],
        "startColumn": start["column"],
        "endLine": end["line"],
        "endColumn": end["column"],
    }


def _replacement(edit: Replacement) -> dict[str, Any]:
    return {"deletedRegion": _region(edit["start"], edit["end"]), "insertedContent": {"text": edit["text"]}}


def _artifact(path: str) -> dict[str, str]:
    """The address of a file: from the root of the sources, if it is below the working folder."""
    name = relative(path)
    address = quote(name.encode("utf-8", "surrogateescape"))
    if name.startswith("/"):
        return {"uri": f"file://{address}"}
    return {"uri": f"file:///{address}"} if name[1:2] == ":" else {"uri": address, "uriBaseId": "%SRCROOT%"}


def _invocation(broken: Sequence[Fault]) -> dict[str, Any]:
    notes = []
    for fault in broken:
        note: dict[str, Any] = {
            "level": "error",
            "message": {"text": with_cell(fault.start, fault.text)},
        }
        if fault.path:
            place: Place = {"cell": None, "line": fault.line, "column": 1}
            note["locations"] = [_location(fault.path, place, place)]
        notes.append(note)
    return {"executionSuccessful": not broken, "toolExecutionNotifications": notes}
