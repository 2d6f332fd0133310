"""Where the modules of a project are: the folders in which an import finds them, and the files that import one."""

from __future__ import annotations

import copy
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path

from keras_upgrade.patterns import pattern

HEIGHT = 4
"""So many folders above a file may be the one from which its project is run."""
MAX_FILES = 400
"""Projects with more files, or folders, than these are not searched for those that import a module."""
MAX_USERS = 30
"""So many files that import a module are enough to show how it is used."""

_ROOT = frozenset({"setup.py", "pyproject.toml", "setup.cfg", "requirements.txt", ".git", "environment.yml"})
_SUFFIXES = (".py", ".ipynb")
_SOURCES = ("src", "lib")
_LIBRARIES = frozenset({"keras", "tensorflow", "numpy", "tf_keras", "matplotlib"}) | sys.stdlib_module_names
_IMPORT_LINE = pattern(
    r"\n[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^#\n]*)|import[ \t]+([^#\n]*))"
)
"""An import at the beginning of a line; with its line feed, which is found quicker than `^`."""
_LEFT_OUT = frozenset({"build", "dist", "node_modules", "site-packages", "venv", "env", "__pycache__"})


def is_library(name: str) -> bool:
    """Whether a module's name is that of a package that no project has itself."""
    return name.partition(".")[0] in _LIBRARIES


def imported_names(text: str) -> Iterator[tuple[int, str]]:
    """The modules that a text may import: the dots before the name, and the name."""
    for dots, module, names, plain in _IMPORT_LINE.findall(f"\n{text}"):
        if plain:
            yield from ((0, part.split(" as ")[0].strip()) for part in plain.split(","))
            continue
        if module:
            yield len(dots), module
        for part in re.sub(r"#[^\n]*", "", names).strip("() \t\n\\").split(","):
            name = part.split(" as ")[0].strip()
            if name and name != "*":
                yield len(dots), f"{module}.{name}" if module else name


class Files:
    """The files that are there, as far as they have been looked for: each folder is listed once.

    Arguments:
        given: files that count as being there even if the disk does not have them.
    """

    def __init__(self, given: Iterable[Path] = ()) -> None:
        self._names: dict[str, set[str]] = {}
        self._places: dict[str, tuple[str, ...]] = {}
        self._given: dict[str, set[str]] = {}
        self._found: dict[tuple[str, str, int], tuple[Path, ...]] = {}
        for path in given:
            inner = os.path.abspath(path)
            while (folder := os.path.dirname(inner)) != inner:
                known = self._given.setdefault(folder, set())
                if os.path.basename(inner) in known:
                    break
                known.add(os.path.basename(inner))
                inner = folder

    def find(self, folder: Path, name: str, level: int) -> tuple[Path, ...]:
        """The files that may hold the module `name`, relative by `level` dots, of a file in `folder`, nearest first."""
        key = (os.path.abspath(folder), name, level)
        if key not in self._found:
            self._found[key] = tuple(self._find(*key))
        return self._found[key]

    def again(self) -> Files:
        """The same files, of which nothing has been found yet; folders that have been listed are not listed anew."""
        result = copy.copy(self)
        result._found = {}
        return result

    @property
    def found(self) -> Mapping[tuple[str, str, int], tuple[Path, ...]]:
        """What has been looked for: the folder, name and level given to `find`, and what was found."""
        return self._found

    def _find(self, start: str, name: str, level: int) -> Iterator[Path]:
        for _ in range(level - 1):
            start = os.path.dirname(start)
        first = name.partition(".")[0]
        for place in (start,) if level else self.search_path(start):
            names = self._listed(place)
            if not name or first in names or f"{first}.py" in names:
                yield from self._files_of(place, name)

    def imported(self, path: Path, names: Iterable[tuple[int, str]]) -> Iterator[Path]:
        """The files that a document at `path` may import by names as `imported_names` gives them."""
        folder = path.parent
        for dots, name in dict.fromkeys(names):
            if dots or not is_library(name):
                yield from self.find(folder, name, dots)

    def search_path(self, folder: str) -> tuple[str, ...]:
        """The folders in which an absolute import of a file in `folder` may find modules of its project, nearest first.

        A script finds what lies beside it; packages, examples and tests find what lies at the root of their project, or
        in its `src`.
        """
        if folder not in self._places:
            found = []
            here = folder
            for _ in range(HEIGHT):
                found += [
                    here,
                    *(os.path.join(here, name) for name in _SOURCES if name in self._listed(here)),
                ]
                if self.is_root(here) or os.path.dirname(here) == here:
                    break
                here = os.path.dirname(here)
            self._places[folder] = tuple(found)
        return self._places[folder]

    def is_root(self, folder: str) -> bool:
        """Whether a folder is the outermost one of a project."""
        return not _ROOT.isdisjoint(self._listed(folder))

    def outermost(self, folder: str) -> str:
        """The root of the project around a folder; if there is no sign of one, what holds its outermost package."""
        here = folder
        for _ in range(HEIGHT):
            if self.is_root(here):
                return here
            here = os.path.dirname(here)
        while "__init__.py" in self._listed(folder) and os.path.dirname(folder) != folder:
            folder = os.path.dirname(folder)
        return folder

    def _files_of(self, folder: str, name: str) -> Iterator[Path]:
        *outer, last = name.split(".") if name else ["", ""]
        inside = os.path.join(folder, *outer) if name else folder
        if name and f"{last}.py" in self._listed(inside):
            yield Path(inside, f"{last}.py")
        package = os.path.join(inside, last) if name else inside
        if (not name or last in self._listed(inside)) and "__init__.py" in self._listed(package):
            yield Path(package, "__init__.py")

    def _listed(self, folder: str) -> set[str]:
        """The names of what is in a folder."""
        if folder not in self._names:
            try:
                names = set(os.listdir(folder))
            except OSError:  # no folder, or one that cannot be listed: nothing in it could be read either
                names = set()
            self._names[folder] = names | self._given.get(folder, set())
        return self._names[folder]


class Surroundings:
    """The files of the projects around the documents that are migrated.

    Arguments:
        documents: the paths of these documents.
        names_in: gives the names that a file may import; they are read from it by default.

    Attributes:
        files: where modules are looked for.
    """

    def __init__(
        self,
        documents: Iterable[Path],
        names_in: Callable[[Path], Iterable[tuple[int, str]]] | None = None,
    ) -> None:
        given = {os.path.abspath(path) for path in documents}
        self._names_in = names_in or (lambda path: imported_names(read_code(path)))
        self.files = Files(map(Path, given))
        self._given = frozenset(map(Path, given))
        self._roots = {self.files.outermost(folder) for folder in {os.path.dirname(path) for path in given}}
        self._imports: dict[str, dict[Path, set[Path]]] = {}
        self._above: dict[str, set[str]] = {}

    def users_of(self, paths: Iterable[Path]) -> list[Path]:
        """The files around that import some of the documents, themselves or through each other."""
        wanted = {Path(os.path.abspath(path)) for path in paths}
        around = {
            user: imported
            for root in self._roots_of(wanted)
            for user, imported in self._imports_in(root).items()
        }
        found: set[Path] = set()
        while around:
            more = {user for user, imported in around.items() if imported & wanted} - found
            if not more or len(found) > MAX_USERS:
                return sorted(found)
            found |= more
            wanted |= more
        return []

    def _roots_of(self, paths: Iterable[Path]) -> set[str]:
        """The projects that some files may belong to."""
        folders = {os.path.dirname(path) for path in paths}
        return {root for folder in folders for root in self._roots_above(folder)}

    def _roots_above(self, folder: str) -> set[str]:
        """The roots that a folder is in, or is."""
        if folder not in self._above:
            outer = os.path.dirname(folder)
            above = set() if outer == folder else self._roots_above(outer)
            self._above[folder] = above | ({folder} & self._roots)
        return self._above[folder]

    def _imports_in(self, root: str) -> dict[Path, set[Path]]:
        """What each file of a project imports that is not given."""
        if root not in self._imports:
            files = list(_code_files(root))
            self._imports[root] = {
                path: set(self.files.imported(path, self._names_in(path)))
                for path in map(Path, files if len(files) <= MAX_FILES else ())
                if path not in self._given
            }
        return self._imports[root]


def read_code(path: Path) -> str:
    """The Python of a file of the project, whether it parses or not; nothing if it cannot be read."""
    try:
        return code_of(path, path.read_bytes())
    except OSError:
        return ""  # it is not migrated, and tells nothing


def code_of(path: Path, data: bytes) -> str:
    """The same of a file with this content."""
    text = data.decode("utf-8", "replace")
    try:
        return _code_of_notebook(text) if path.suffix == ".ipynb" else text
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""  # no notebook


def _code_of_notebook(text: str) -> str:
    import json  # noqa: PLC0415

    notebook = json.loads(text)
    sheets = notebook.get("worksheets") or [notebook]
    cells = [cell for sheet in sheets for cell in sheet["cells"] if cell["cell_type"] == "code"]
    return "\n".join("".join(cell["source" if "source" in cell else "input"]) for cell in cells)


def _code_files(folder: str) -> Iterator[str]:
    """The files of a project, at most one more than are searched."""
    pending = [folder]
    found = 0
    for seen in count():
        if not pending or seen > MAX_FILES or found > MAX_FILES:
            return
        try:
            with os.scandir(pending.pop()) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue  # a folder that cannot be listed has nothing that could be read either
        pending += [entry.path for entry in inside if _may_hold_code(entry)]
        for entry in inside:
            if entry.name.endswith(_SUFFIXES) and found <= MAX_FILES and _is_file(entry):
                found += 1
                yield entry.path


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False  # a link to itself, say


def _may_hold_code(entry: os.DirEntry[str]) -> bool:
    left_out = entry.name.startswith(".") or entry.name in _LEFT_OUT
    return not left_out and entry.is_dir(follow_symlinks=False)
