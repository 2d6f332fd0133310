"""A project: the documents that are migrated, the modules that they import, and the order of running them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from keras_upgrade.analysis import places
from keras_upgrade.analysis.interpreter import Interpreter
from keras_upgrade.analysis.observed import Observed
from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.values import ModuleValue
from keras_upgrade.documents import Document, DocumentError, load, loads


class Project:
    """Finds the user's own modules and runs each once, imported ones first.

    Arguments:
        documents: the documents to migrate. The modules of the project that they import are read as well.
        observed: what runs have shown of them, by their paths.
        users: files that import them and are not migrated: they show what functions are called with.
        files: where modules are looked for.
    """

    def __init__(
        self,
        documents: Iterable[Document],
        observed: Mapping[Path, Observed] | None = None,
        users: Iterable[Path] = (),
        files: places.Files | None = None,
    ) -> None:
        self._observed = observed or {}
        documents = list(documents)
        self._files = files or places.Files(document.path for document in documents)
        self._modules: dict[Path, Module] = {}
        self._state: dict[int, str] = {}
        self.main = [self._add(document) for document in documents]
        self._users = [module for path in users if (module := self._read(path)) is not None]

    def _add(self, document: Document) -> Module:
        module = Module(document, document.path.stem, observed=self._observed.get(document.path, {}))
        self._modules[_key(document.path)] = module
        return module

    def analyse(self) -> Program:
        """Runs every module; gives those of the documents to migrate."""
        interpreter = Interpreter(self)
        for module in (*self.main, *self._users):
            self.ensure(module, interpreter)
        interpreter.finish(list(self._modules.values()))
        known = {id(module) for module in (*self.main, *self._users)}
        return Program(self.main, self._users, [m for m in self._modules.values() if id(m) not in known])

    def ensure(self, module: Module, interpreter: Interpreter) -> None:
        """Runs a module unless it has been, or is being, run."""
        if id(module) not in self._state:
            self._state[id(module)] = "running"
            interpreter.run_module(module)
            self._state[id(module)] = "done"

    def find(self, name: str, level: int, importer: Module) -> Module | None:
        """The user's module that `name` (relative by `level` dots) means in `importer`; None for a library's."""
        if not level and places.is_library(name):
            return None
        found = self._first(self._files.find(importer.document.path.parent, name, level))
        if found is not None:
            importer.dependencies.add(found)
        return found

    def package(self, module: Module, name: str, interpreter: Interpreter) -> Module:
        """The outermost package of `module`, imported by its dotted `name`: each package has the next as an attribute."""
        folder = _key(module.document.path).parent
        if module.document.path.name == "__init__.py":
            folder = folder.parent
        inner = module
        for part in reversed(name.split(".")[1:]):
            outer = self._first(self._files.find(folder, "", 1)) or self._add(
                loads("", path=folder / "__init__.py")
            )
            self.ensure(outer, interpreter)
            outer.frame.names.setdefault(part, ModuleValue(inner))
            inner, folder = outer, folder.parent
        return inner

    def _first(self, paths: Iterable[Path]) -> Module | None:
        """The first of some files that can be read."""
        for path in paths:
            module = self._modules.get(path) or self._read(path)
            if module is not None:
                return module
        return None

    def _read(self, path: Path) -> Module | None:
        try:
            if not path.is_file():
                return None
            return self._add(load(path))
        except (OSError, DocumentError):
            # An import that cannot be read tells nothing; the file itself is reported when it is migrated.
            return None


def _key(path: Path) -> Path:
    return Path(os.path.abspath(path))
