"""Where the modules of a project are: the folders in which an import finds them, and the files that import one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import count, islice
from pathlib import Path

from keras_upgrade.documents import DocumentError, load

HEIGHT = 4
"""So many folders above a file may be the one from which its project is run."""
MAX_FILES = 400
"""Projects with more files, or folders, than these are not searched for those that import a module."""
MAX_USERS = 30
"""So many files that import a module are enough to show how it is used."""

_ROOT = ("setup.py", "pyproject.toml", "setup.cfg", "requirements.txt", ".git", "environment.yml")
_SUFFIXES = (".py", ".ipynb")
_SOURCES = ("src", "lib")
_LIBRARIES = frozenset({"keras", "tensorflow", "numpy", "tf_keras", "matplotlib"}) | sys.stdlib_module_names
_IMPORT_LINE = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^#\n]*)|import[ \t]+([^#\n]*))", re.M
)
_LEFT_OUT = frozenset({"build", "dist", "node_modules", "site-packages", "venv", "env", "__pycache__"})


def search_path(folder: Path) -> Iterator[Path]:
    """The folders in which an absolute import of a file in `folder` may find modules of its project, nearest first.

    A script finds what lies beside it; packages, examples and tests find what lies at the root of their project, or in
    its `src`.
    """
    here = folder
    for _ in range(HEIGHT):
        yield here
        for name in _SOURCES:
            yield here / name
        if is_root(here) or here.parent == here:
            return
        here = here.parent


@lru_cache(maxsize=512)
def is_root(folder: Path) -> bool:
    """Whether a folder is the outermost one of a project."""
    return any((folder / name).exists() for name in _ROOT)


def is_library(name: str) -> bool:
    """Whether a module's name is that of a package that no project has itself."""
    return name.partition(".")[0] in _LIBRARIES


def files_of(folder: Path, name: str) -> tuple[Path, ...]:
    """The files that may hold the module `name` below `folder`."""
    base = folder.joinpath(*name.split(".")) if name else folder
    package = base / "__init__.py"
    return (base.with_name(base.name + ".py"), package) if name else (package,)


def imported_names(text: str) -> Iterator[tuple[int, str]]:
    """The modules that a text may import: the dots before the name, and the name."""
    for dots, module, names, plain in _IMPORT_LINE.findall(text):
        if plain:
            yield from ((0, part.split(" as ")[0].strip()) for part in plain.split(","))
            continue
        if module:
            yield len(dots), module
        for part in re.sub(r"#[^\n]*", "", names).strip("() \t\n\\").split(","):
            name = part.split(" as ")[0].strip()
            if name and name != "*":
                yield len(dots), f"{module}.{name}" if module else name


def imported_files(path: Path, text: str) -> Iterator[Path]:
    """The files that a document at `path` would import, were they there."""
    folder = Path(os.path.abspath(path)).parent
    for dots, name in dict.fromkeys(imported_names(text)):
        if dots:
            yield from files_of(above(folder, dots - 1), name)
        elif not is_library(name):
            for place in search_path(folder):
                yield from files_of(place, name)


def above(folder: Path, levels: int) -> Path:
    """The folder so many levels up."""
    for _ in range(levels):
        folder = folder.parent
    return folder


class Surroundings:
    """The files of the projects around the documents that are migrated.

    Arguments:
        documents: the paths of these documents.
    """

    def __init__(self, documents: Iterable[Path]) -> None:
        self._given = {Path(os.path.abspath(path)) for path in documents}

    def users_of(self, paths: Iterable[Path]) -> list[Path]:
        """The files around that import some of the documents, themselves or through each other."""
        wanted = {Path(os.path.abspath(path)) for path in paths}
        found: set[Path] = set()
        while True:
            more = {user for user, imported in self._imports.items() if imported & wanted} - found
            if not more or len(found) > MAX_USERS:
                return sorted(found)
            found |= more
            wanted |= more

    @cached_property
    def _imports(self) -> dict[Path, set[Path]]:
        """What each file around imports."""
        return {path: set(imported_files(path, read_text(path))) for path in self._neighbours()}

    def _neighbours(self) -> set[Path]:
        found: set[Path] = set()
        for root in {_outermost(path.parent) for path in self._given}:
            files = list(islice(_code_files(root), MAX_FILES + 1))
            if len(files) <= MAX_FILES:
                found.update(files)
        return found - self._given


def read_text(path: Path) -> str:
    """The Python of a file of the project; nothing if it cannot be read."""
    try:
        return load(path).text
    except DocumentError:
        return ""  # it is not migrated, and tells nothing


def _outermost(folder: Path) -> Path:
    """The root of the project around a folder; if there is no sign of one, what holds its outermost package."""
    above = [folder, *folder.parents][:HEIGHT]
    root = next((one for one in above if is_root(one)), None)
    if root is not None:
        return root
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def _code_files(folder: Path) -> Iterator[Path]:
    pending = [folder]
    for seen in count():
        if not pending or seen > MAX_FILES:
            return
        try:
            entries = sorted(pending.pop().iterdir())
        except OSError:
            continue  # a folder that cannot be listed has nothing that could be read either
        pending += [entry for entry in entries if entry.is_dir() and _may_hold_code(entry)]
        yield from (entry for entry in entries if entry.suffix in _SUFFIXES and entry.is_file())


def _may_hold_code(folder: Path) -> bool:
    return not (folder.name.startswith(".") or folder.name in _LEFT_OUT or folder.is_symlink())
