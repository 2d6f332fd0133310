"""Which files can have to do with Keras, told from their bytes: the others are neither decoded nor parsed.

It takes in too much rather than too little: what it rules out names neither Keras nor TensorFlow, is not handed them by
a file of its project, and helps no program that uses them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from keras_upgrade.analysis.places import Files
from keras_upgrade.catalogue import Catalogue


def relevant(paths: Iterable[Path], catalogue: Catalogue | None = None) -> set[Path]:
    """Those of some files that can have to do with Keras, and those that cannot be read.

    Args:
        paths: the files.
        catalogue: what is known of them.
    """
    known = catalogue or Catalogue()
    given = {Path(os.path.abspath(path)): path for path in paths}
    files = Files()
    found: set[Path] = set()
    imports: dict[Path, list[Path]] = {}
    pending = list(given)
    seen = set(pending)
    for path in pending:
        facts = known.content(path)
        if facts is None or facts.may_name_keras:
            found.add(path)
        if facts is None or (path in found and path not in given):
            continue
        imported = [*files.imported(path, facts.imports)]
        if imported:
            imports[path] = imported
            pending += [other for other in imported if other not in seen]
            seen.update(imported)
    found = closure(found, _turned(imports))
    helping = {path: [other for other in imports.get(path, ()) if _may_help(known, other)] for path in found}
    found = closure(found, helping)
    return {given[path] for path in found if path in given}


def _may_help(known: Catalogue, path: Path) -> bool:
    facts = known.content(path)
    return facts is not None and facts.may_help


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
