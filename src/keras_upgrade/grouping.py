"""Which documents go together: those that import each other are analysed as one program."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from keras_upgrade.analysis.places import Files, Surroundings
from keras_upgrade.documents.requirements import KIND
from keras_upgrade.facts import ContentFacts, DocumentFacts, Imports
from keras_upgrade.relevance import closure

type Contents = Callable[[Path], ContentFacts | None]
"""Gives what the bytes of a file tell."""


class Programs:
    """The programs that some documents make, and what is around them.

    Arguments:
        paths: all files that are worked on.
        members: the documents among them that have been read, by their paths.
        contents: what else is known of files.

    Attributes:
        files: where modules are looked for.
        groups: the documents that go together.
    """

    def __init__(
        self, paths: Iterable[Path], members: Mapping[Path, DocumentFacts], contents: Contents
    ) -> None:
        lists = {path for path, facts in members.items() if facts.kind == KIND}
        self._around = Surroundings(
            (path for path in paths if path not in lists), lambda path: _imports(contents(path))
        )
        self.files = self._around.files
        self.groups = groups_of(members, self.files, contents)

    def users_of(self, group: Iterable[Path]) -> list[Path]:
        """The files around that import some of a group."""
        return self._around.users_of(group)


def _imports(facts: ContentFacts | None) -> Imports:
    return () if facts is None else facts.imports


def groups_of(members: Mapping[Path, DocumentFacts], files: Files, contents: Contents) -> list[list[Path]]:
    """The documents that concern Keras, themselves or through what they import, those together that import each other.

    What they import and what uses the libraries around Keras goes with them.

    Args:
        members: the documents, by their paths.
        files: where to look for what they import.
        contents: what else is known of files.
    """
    scripts = {Path(os.path.abspath(path)): path for path, facts in members.items() if facts.kind == "python"}
    imports = {path: [*files.imported(path, facts.imports)] for path, facts in members.items()}
    importers: dict[Path, list[Path]] = {}
    for path, imported in imports.items():
        for other in map(scripts.get, imported):
            if other is not None and other != path:
                importers.setdefault(other, []).append(path)
    given = {full: members[path] for full, path in scripts.items()}
    handed = _handed_keras(given, imports.values(), files, contents)
    pending = [
        path
        for path, facts in members.items()
        if facts.has_code and (facts.concerns_keras or not handed.isdisjoint(imports[path]))
    ]
    parent = {path: path for path in pending}

    def root(path: Path) -> Path:
        while (above := parent[path]) != path:
            parent[path] = parent[above]  # so that long chains are gone through once
            path = above
        return path

    while pending:
        path = pending.pop()
        for importer in importers.get(path, ()):
            if importer not in parent:
                parent[importer] = importer
                pending.append(importer)
            parent[root(importer)] = root(path)
    for path in members:
        for full in imports[path] if path in parent else ():
            # A helper that never names Keras goes with the first program that needs it.
            helper = scripts.get(full)
            if helper is not None and helper not in parent and members[helper].may_help:
                parent[helper] = root(path)
    found: dict[Path, list[Path]] = {}
    for path in members:
        if path in parent:
            found.setdefault(root(path), []).append(path)
    return list(found.values())


def _handed_keras(
    given: Mapping[Path, DocumentFacts], imports: Collection[Sequence[Path]], files: Files, contents: Contents
) -> set[Path]:
    """The files, given or around, that name Keras or import one of the project that does.

    Args:
        given: the scripts among the documents.
        imports: what the documents import.
        files: where to look for what these import.
        contents: what is known of other files.
    """
    importers: dict[Path, list[Path]] = {}
    pending = list(dict.fromkeys(path for paths in imports for path in paths))
    seen, naming = set(pending), []
    for path in pending:
        facts = given.get(path) or contents(path)
        if facts is None:
            continue
        if facts.concerns_keras:
            naming.append(path)
            continue
        for imported in files.imported(path, facts.imports):
            importers.setdefault(imported, []).append(path)
            if imported not in seen:
                seen.add(imported)
                pending.append(imported)
    return closure(set(naming), importers)
