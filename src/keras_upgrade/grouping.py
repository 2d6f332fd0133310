"""Which documents go together: those that import each other are analysed as one program."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from keras_upgrade.analysis.places import Files, Surroundings, read_code
from keras_upgrade.documents import Document
from keras_upgrade.knowledge.surface import is_source2
from keras_upgrade.outcomes import Outcome
from keras_upgrade.patterns import pattern
from keras_upgrade.relevance import HELPER, closure

_CONCERNS_KERAS = pattern(r"keras|tensorflow", re.IGNORECASE)
_INSIDE_KERAS = pattern(r"^[ \t]*(?:from|import)[ \t]+(keras\.src[\w.]*)", re.MULTILINE)


def _concerns(text: str) -> bool:
    return _CONCERNS_KERAS.search(text) is not None and not _is_of_keras3(text)


def _is_of_keras3(text: str) -> bool:
    """Whether code reaches into the insides of Keras 3: then it was written for it."""
    modules = _INSIDE_KERAS.findall(text) if "keras.src" in text else ()
    return bool(modules) and not any(is_source2(module) for module in modules)


def _words(document: Document) -> str:
    """The text that says what a document is about."""
    return document.source if document.kind == "requirements" else document.text


def groups_of(outcomes: Sequence[Outcome], files: Files) -> list[list[Outcome]]:
    """The documents that concern Keras, themselves or through what they import, those together that import each other.

    What they import and what uses the libraries around Keras goes with them.
    """
    outcomes = [outcome for outcome in outcomes if outcome.document.is_read]
    by_path = {Path(os.path.abspath(o.document.path)): o for o in outcomes if o.document.kind == "python"}
    imports = {
        id(o): [*files.imported(o.document.path, o.document.text)] for o in outcomes if _has_imports(o)
    }
    importers: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        for path in imports.get(id(outcome), ()):
            imported = by_path.get(path)
            if imported is not None and imported is not outcome:
                importers.setdefault(id(imported), []).append(outcome)
    handed = _handed_keras({path: o.document.text for path, o in by_path.items()}, imports.values(), files)
    pending = [
        o
        for o in outcomes
        if o.document.cells
        and (_concerns(_words(o.document)) or not handed.isdisjoint(imports.get(id(o), ())))
    ]
    parent = {id(outcome): outcome for outcome in pending}

    def root(outcome: Outcome) -> Outcome:
        while (above := parent[id(outcome)]) is not outcome:
            parent[id(outcome)] = parent[id(above)]  # so that long chains are gone through once
            outcome = above
        return outcome

    while pending:
        outcome = pending.pop()
        for importer in importers.get(id(outcome), ()):
            if id(importer) not in parent:
                parent[id(importer)] = importer
                pending.append(importer)
            parent[id(root(importer))] = root(outcome)
    for outcome in outcomes:
        for path in imports.get(id(outcome), ()) if id(outcome) in parent else ():
            # A helper that never names Keras goes with the first program that needs it.
            helper = by_path.get(path)
            if helper and id(helper) not in parent and HELPER.search(helper.document.text):
                parent[id(helper)] = root(outcome)
    found: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        if id(outcome) in parent:
            found.setdefault(id(root(outcome)), []).append(outcome)
    return list(found.values())


def _has_imports(outcome: Outcome) -> bool:
    return outcome.document.kind != "requirements"


def _handed_keras(texts: Mapping[Path, str], imports: Iterable[Sequence[Path]], files: Files) -> set[Path]:
    """The files, given or around, that name Keras or import one of the project that does.

    Args:
        texts: the code of files that need not be read.
        imports: what the documents import.
        files: where to look for what these import.
    """
    importers: dict[Path, list[Path]] = {}
    pending = list(dict.fromkeys(path for paths in imports for path in paths))
    seen, naming = set(pending), []
    for path in pending:
        text = texts[path] if path in texts else read_code(path)
        if _concerns(text):
            naming.append(path)
            continue
        for imported in files.imported(path, text):
            importers.setdefault(imported, []).append(path)
            if imported not in seen:
                seen.add(imported)
                pending.append(imported)
    return closure(set(naming), importers)


def surroundings(outcomes: Sequence[Outcome]) -> Surroundings:
    """The projects around some documents."""
    documents = (outcome.document for outcome in outcomes)
    return Surroundings(d.path for d in documents if not d.is_read or d.kind != "requirements")
