"""A project: the documents that are migrated, the modules that they import, and the order of running them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from keras_upgrade.analysis.interpreter import Interpreter
from keras_upgrade.analysis.observed import Observed
from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.documents import Document, DocumentError, load

_MARKERS = (b"keras", b"tensorflow")


class Project:
    """Finds the user's own modules and runs each once, imported ones first.

    Arguments:
        documents: the documents to migrate. Modules that they import from the same folders are read as well.
        observed: what runs have shown of them, by their paths.
    """

    def __init__(
        self, documents: Iterable[Document], observed: Mapping[Path, Observed] | None = None
    ) -> None:
        self._observed = observed or {}
        self._modules: dict[Path, Module] = {}
        self._missing: set[Path] = set()
        self._state: dict[int, str] = {}
        self.main = [self._add(document) for document in documents]

    def _add(self, document: Document) -> Module:
        module = Module(document, document.path.stem, observed=self._observed.get(document.path, {}))
        self._modules[_key(document.path)] = module
        return module

    def analyse(self) -> Program:
        """Runs every module; gives those of the documents to migrate."""
        interpreter = Interpreter(self)
        for module in self.main:
            self.ensure(module, interpreter)
        interpreter.finish(list(self._modules.values()))
        return Program(self.main)

    def ensure(self, module: Module, interpreter: Interpreter) -> None:
        """Runs a module unless it has been, or is being, run."""
        if id(module) not in self._state:
            self._state[id(module)] = "running"
            interpreter.run_module(module)
            self._state[id(module)] = "done"

    def find(self, name: str, level: int, importer: Module) -> Module | None:
        """The user's module that `name` (relative by `level` dots) means in `importer`; None for a library's."""
        first = name.partition(".")[0]
        if not level and first in ("keras", "tensorflow", "numpy", "tf_keras"):
            return None
        folder = importer.document.path.parent
        if level:
            for _ in range(level - 1):
                folder = folder.parent
            found = self._at(folder, name)
        else:
            found = None
            for _ in range(4):
                found = self._at(folder, name)
                if found is not None or not (folder / "__init__.py").exists():
                    break
                folder = folder.parent
        if found is not None:
            importer.dependencies.add(found)
        return found

    def _at(self, folder: Path, name: str) -> Module | None:
        base = folder.joinpath(*name.split(".")) if name else folder
        for path in (base.with_name(base.name + ".py"), base / "__init__.py"):
            key = _key(path)
            if key in self._modules:
                return self._modules[key]
            if key not in self._missing:
                module = self._read(path)
                if module is not None:
                    return module
                self._missing.add(key)
        return None

    def _read(self, path: Path) -> Module | None:
        try:
            if not path.is_file():
                return None
            data = path.read_bytes()
            if not any(marker in data for marker in _MARKERS):
                return None
            return self._add(load(path, data))
        except (OSError, DocumentError):
            # An import that cannot be read tells nothing; the file itself is reported when it is migrated.
            return None


def _key(path: Path) -> Path:
    return Path(*path.absolute().parts)
