"""Files as programs to run: their cells, and which files of a project are programs at all."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from keras_upgrade.documents import Cell, Document
from keras_upgrade.syntax.walking import walk

_QUIET_MAGIC = re.compile(
    r"\s*(?:%%?(?:matplotlib|time|timeit|capture|autoreload|load_ext|reload_ext|config|pylab|tensorflow_version"
    r"|prun|memit|precision)\b|\?|[\w.]+\?+\s*$|#|$)"
)
"""What only concerns the notebook's face, so that leaving it out is nothing to report."""
_NO_PROGRAM = re.compile(r"(?:test_.*|.*_test|conftest|setup|noxfile|__init__|__main__)\.py")


@dataclass(frozen=True)
class RunCell:
    """A piece of a program that runs as one.

    Attributes:
        index: the index of the notebook cell; None for a script.
        source: Python: what only Jupyter understands is masked.
        skipped: lines of it that are not run: magics, shell commands.
        place: how to name it for people.
    """

    index: int | None
    source: str
    skipped: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Source:
    """A program to run.

    Attributes:
        path: its file.
        base: the folder of the project that it belongs to; a copy of this folder is its world.
        cells: its code, in order.
        notebook: whether it is a sequence of cells (a notebook, a Markdown page), not a script.
        module: the dotted name to import it by, where it is part of a package instead of a program.
        overrides: contents to put in place of files of the project, such as what the migration made of them.
    """

    path: Path
    base: Path
    cells: tuple[RunCell, ...]
    notebook: bool
    module: str | None = None
    overrides: dict[Path, bytes] = field(default_factory=dict, compare=False, repr=False)


def source(document: Document, base: Path, module: str | None = None) -> Source:
    """A document as a program.

    Args:
        document: the file.
        base: the folder of its project.
        module: the name to import it by, if it is not to be run itself.
    """
    notebook = document.kind != "python"
    if module is not None:
        cells: tuple[RunCell, ...] = (RunCell(None, f"import {module}\n"),)
        notebook = False
    else:
        cells = tuple(_cell(cell, document) for cell in document.cells)
    return Source(document.path, base, cells, notebook, module)


def _cell(cell: Cell, document: Document) -> RunCell:
    if document.kind == "python":
        return RunCell(None, cell.source, place=document.path.name)
    runs = cell.source if cell.problem else cell.masked  # what does not parse shall fail where it stands
    lines = zip(cell.source.splitlines(), cell.masked.splitlines(), strict=False)
    skipped = tuple(line.strip() for line, masked in lines if line != masked and not _QUIET_MAGIC.match(line))
    return RunCell(cell.index, runs, () if cell.problem else skipped, f"cell {cell.index}")


def choose(documents: Sequence[Document]) -> Iterator[tuple[Document, str | None]]:
    """The documents that are programs, each with None, and modules of packages with the name to import them by.

    A notebook or page of Markdown with code is a program. So is a script, unless other files import it (then it runs
    with them), or it is a test or a set-up script.
    """
    imported = {name for document in documents for name in _imports(document)}
    given = len(documents)
    for document in documents:
        path = document.path
        if document.kind == "requirements":
            continue
        if document.kind != "python":
            if document.cells:
                yield document, None
        elif (path.parent / "__init__.py").exists():
            if path.name not in ("__main__.py", "conftest.py") and not path.name.startswith("test_"):
                yield document, _dotted(path)
        elif given == 1 or not (_NO_PROGRAM.fullmatch(path.name) or _is_helper(document, imported)):
            yield document, None


def _is_helper(document: Document, imported: set[str]) -> bool:
    return document.path.stem in imported and "__main__" not in document.text


def _imports(document: Document) -> Iterator[str]:
    """The last parts of the names of the modules that a document imports."""
    for node in walk(document.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.rpartition(".")[2] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").rpartition(".")[2]
            yield from (alias.name for alias in node.names)


def _dotted(path: Path) -> str:
    """The dotted name of a module in a package."""
    parts = [] if path.name == "__init__.py" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)


def root(path: Path) -> Path:
    """The folder from which a file's imports work: above the outermost package around it."""
    folder = Path(os.path.abspath(path)).parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder
