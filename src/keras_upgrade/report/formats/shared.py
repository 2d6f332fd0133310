"""What several formats have in common: which findings they show, how they name places, how grave a finding is."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from keras_upgrade.records import dataclass
from keras_upgrade.report.findings import plural
from keras_upgrade.report.record import FileRecord, FindingRecord, Place, Record, UnknownRecord

type Level = Literal["error", "warning"]


UNKNOWN = "unknown-name"
"""Stands for a code where a name is unknown."""


def open_findings(record: Record) -> Iterator[tuple[FileRecord, FindingRecord]]:
    """What is to be seen in the files as they are, unknown names included: not the fixes that were made."""
    dry = record.get("dry", False)
    for file in record["files"]:
        for finding in file["findings"]:
            if dry or finding["state"] == "left":
                yield file, finding
        yield from ((file, _as_finding(unknown)) for unknown in file.get("unknown", ()))


def _as_finding(unknown: UnknownRecord) -> FindingRecord:
    known = f": {unknown['note']}" if unknown["note"] else ""
    result: FindingRecord = {
        "code": UNKNOWN,
        "name": "",
        "title": "a name that no rule speaks of, and that today's Keras and TensorFlow do not have",
        "mark": "advice",
        "state": "left",
        "start": unknown["start"],
        "end": unknown["end"],
        "message": f"no rule speaks of `{unknown['name']}`, and today's Keras and TensorFlow do not have it{known}",
        "change": "",
        "assumption": "",
        "subject": "",
        "edits": [],
        "imports": [],
    }
    if "in_file" in unknown:
        result["in_file"] = unknown["in_file"]
    return result


@dataclass(frozen=True)
class Fault:
    """Something that could not be done.

    Attributes:
        text: what, in words.
        path: the file, if the text does not name it.
        start: the place as users name it.
        line: the line of the file itself.
    """

    text: str
    path: str = ""
    start: Place | None = None
    line: int = 1


def faults(record: Record) -> Iterator[Fault]:
    """What could not be read, written or analysed."""
    yield from (Fault(error) for error in record["errors"])
    for file in record["files"]:
        for problem in file["problems"]:
            text = f"{problem['message'].rstrip('.')}. {problem['hint']}".strip()
            line = problem.get("in_file", problem["start"])["line"]
            yield Fault(text, file["path"], problem["start"], line)
        yield from (Fault(f"{failure}. Please report it", file["path"]) for failure in file["failures"])


class Fingerprints:
    """Marks of findings that stay when lines move, by which a service tells old findings from new ones.

    They are made of the file, the rule, the message and, of findings that are alike, the count.
    """

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()

    def of(self, *parts: str) -> str:
        """The mark of the next finding that has these words."""
        self._seen[parts] += 1
        text = "\0".join([*parts, str(self._seen[parts])])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def relative(path: str) -> str:
    """The path as a repository names it: from the working folder, with slashes."""
    full = Path(os.path.abspath(path))
    here = Path.cwd()
    return (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()


def level(finding: FindingRecord) -> Level:
    """An error is what nobody mends but the user; an unknown name may be right for all that."""
    return "error" if finding["mark"] == "advice" and finding["code"] != UNKNOWN else "warning"


def sentence(finding: FindingRecord) -> str:
    """What is wrong, and what `fix` would do about it."""
    parts = [finding["message"].rstrip(".")]
    if finding["change"]:
        parts.append(f"`keras-upgrade fix`: {finding['change'].rstrip('.')}")
    if finding["assumption"]:
        parts.append(f"To review: right if {finding['assumption'].rstrip('.')}")
    return ". ".join(" ".join(part.split()) for part in parts)


def in_words(place: Place) -> str:
    """`cell 5, line 12`; nothing for files without cells, whose lines are shown anyway."""
    return "" if place["cell"] is None else f"cell {place['cell']}, line {place['line']}"


def with_cell(place: Place | None, text: str) -> str:
    """The text, with the place in a notebook before it."""
    words = in_words(place) if place else ""
    return f"{words}: {text}" if words else text


def closing(record: Record) -> str:
    """How many findings of each kind there are: `41 to fix, 3 to review, 2 for you, 0 unknown names`."""
    totals, parts = record["totals"], []
    if record["command"] != "check":
        parts += [
            f"{totals['fixed']} {'to fix' if record.get('dry') else 'fixed'}",
            f"{totals['reviewed']} to review",
        ]
        if totals["left_fix"] + totals["left_review"]:
            parts.append(f"{totals['left_fix'] + totals['left_review']} not done")
    else:
        parts += [f"{totals['left_fix']} fixable", f"{totals['left_review']} to review"]
    parts.append(f"{totals['left_advice']} for you")
    return ", ".join([*parts, *unknown_names(record)])


def unknown_names(record: Record) -> list[str]:
    """`0 unknown names`, if the names were counted."""
    return [plural(record["coverage"]["unknown"], "unknown name")] if "coverage" in record else []
