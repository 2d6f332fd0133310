"""Which files can have to do with Keras, told from their bytes: the others are neither decoded nor parsed.

It takes in too much rather than too little: what it rules out names neither Keras nor TensorFlow, is not handed them by
a file of its project, and helps no program that uses them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from keras_upgrade.analysis.places import Files, code_of
from keras_upgrade.patterns import pattern

_NAMES = (b"keras", b"tensorflow")
_HELPED = r"\b(?:numpy|scipy|sklearn|matplotlib|distutils|keras_contrib|tensorflow_addons)\b"
HELPER = pattern(_HELPED)
"""What a module that a Keras program imports may use in a way that is gone, though it never names Keras."""
_HELPER_BYTES = pattern(_HELPED.encode())
_CODING = pattern(rb"coding[:=][ \t]*([-\w.]+)")
_PLAIN = pattern(rb"utf-?8|us-ascii|ascii|latin|iso-8859|cp125|windows-125", re.IGNORECASE)
"""Encodings in which letters of English are the same bytes."""


def relevant(paths: Iterable[Path]) -> set[Path]:
    """Those of some files that can have to do with Keras, and those that cannot be read."""
    given = {Path(os.path.abspath(path)): path for path in paths}
    files = Files()
    found: set[Path] = set()
    imports: dict[Path, list[Path]] = {}
    pending = list(given)
    seen = set(pending)
    for path in pending:
        data = _content(path)
        if data is None or _may_name_keras(path, data):
            found.add(path)
        if data is None or (path in found and path not in given):
            continue
        imported = [*files.imported(path, code_of(path, data))]
        if imported:
            imports[path] = imported
            pending += [other for other in imported if other not in seen]
            seen.update(imported)
    found = closure(found, _turned(imports))
    helping = {path: [other for other in imports.get(path, ()) if _may_be_helper(other)] for path in found}
    found = closure(found, helping)
    return {given[path] for path in found if path in given}


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _may_name_keras(path: Path, data: bytes) -> bool:
    small = data.lower()
    return any(name in small for name in _NAMES) or _is_disguised(path, data)


def _is_disguised(path: Path, data: bytes) -> bool:
    """Whether the letters of a file may be other bytes than those of ASCII."""
    if b"\0" in data:
        return True
    if path.suffix == ".ipynb":
        return rb"\u00" in data
    coding = _CODING.search(data, 0, 400)
    return coding is not None and _PLAIN.match(coding[1]) is None


def _may_be_helper(path: Path) -> bool:
    data = _content(path)
    return data is not None and _HELPER_BYTES.search(data) is not None


def _turned(imports: dict[Path, list[Path]]) -> dict[Path, list[Path]]:
    importers: dict[Path, list[Path]] = {}
    for path, imported in imports.items():
        for other in imported:
            importers.setdefault(other, []).append(path)
    return importers


def closure(start: set[Path], following: dict[Path, list[Path]]) -> set[Path]:
    """Some files and all that follow from them."""
    found = set(start)
    pending = list(start)
    while pending:
        more = [other for other in following.get(pending.pop(), ()) if other not in found]
        found.update(more)
        pending += more
    return found
