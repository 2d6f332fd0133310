"""Large trees: the time for each line, the memory, and what the cache and several processes save."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import trees
from bench.competitors import check, ours
from bench.measuring import Command, Measure, measure
from bench.tables import table
from bench.trees import Tree

SIZES = (100, 1000, 10_000)
FEW = 10
"""Files of a tree for which no second process is started."""


def growth(work: Path) -> str:
    """The time for a line, from a thousand lines to a million."""
    rows = []
    for tree in _growing(work):
        (measured,) = measure([check(tree).command], 1, warm=False)
        per_line = f"{measured.cpu / tree.lines * 1e6:.0f}"
        size = [f"{tree.files:,}", f"{tree.lines:,}"]
        rows.append([tree.source, *size, f"{measured.cpu:.2f}", per_line, f"{measured.memory:.0f}"])
    return table("Growth", ["", "files", "lines", "CPU s", "µs per line", "peak MB"], rows)


def _growing(work: Path) -> Iterator[Tree]:
    for lines in (1000, 5000, 20_000):
        trees.one_file(lines, work / f"file-{lines}" / "script.py")
        yield trees.tree_of(work / f"file-{lines}", "one file")
    for modules in (60, 600, 5000):
        trees.chain(modules, work / f"chain-{modules}")
        yield trees.tree_of(work / f"chain-{modules}", "a chain of imports")
    for files in (60, 600, 6000, 60_000):
        trees.many(files, work / f"many-{files}")
        yield trees.tree_of(work / f"many-{files}", "separate files")
    trees.deep(work / "deep")
    yield trees.tree_of(work / "deep", "deep nesting")


def memory(work: Path) -> str:
    """The peak of one run over more and more files."""
    rows = []
    for files in SIZES:
        tree = _made_up(files, work)
        (measured,) = measure([check(tree).command], 1, warm=False)
        rows.append([tree.source, f"{tree.lines:,}", f"{measured.cpu:.1f}", f"{measured.memory:.0f}"])
    return table("Memory of one run, all files with Keras", ["", "lines", "CPU s", "peak MB"], rows)


def cache(own: Tree, work: Path, rounds: int) -> str:
    """A first run, a second one, and one after a file was edited."""
    rows = []
    for tree in (own, *(_made_up(files, work) for files in SIZES[1:])):
        folder = work / "cache"
        shutil.rmtree(folder, ignore_errors=True)
        commands = [
            _with_cache(tree, folder, "without a cache", "--no-cache"),
            _with_cache(tree, folder, "first run", prepare=_removing(folder)),
            _with_cache(tree, folder, "second run"),
            _with_cache(tree, folder, "one file edited", prepare=_editing(tree)),
        ]
        is_large = tree.files == SIZES[-1]
        measures = measure(commands, 1 if is_large else rounds, warm=not is_large)
        rows += [[_size(tree), *_times(one, measures[0])] for one in measures]
    return table("Cache", ["", "", "CPU s", "by the clock", "share of the CPU time", "peak MB"], rows)


def jobs(own: Tree, work: Path, rounds: int) -> str:
    """The same in one process and in two."""
    rows = []
    for tree in (_made_up(FEW, work), own, *(_made_up(files, work) for files in SIZES[1:])):
        commands = [
            ours(["check", "--no-checklist", "--no-cache", "--jobs", n, str(tree.folder)], f"--jobs {n}")
            for n in ("1", "2")
        ]
        is_large = tree.files == SIZES[-1]
        measures = measure(commands, 1 if is_large else rounds, warm=not is_large)
        rows += [[_size(tree), *_times(one, measures[0], by_clock=True)] for one in measures]
    return table("Processes", ["", "", "CPU s", "by the clock", "share of the clock", "peak MB"], rows)


def _made_up(files: int, work: Path) -> Tree:
    folder = work / str(files)
    if not folder.exists():
        trees.many(files, folder)
    return trees.tree_of(folder, f"{files:,} files, made up")


def _with_cache(
    tree: Tree, folder: Path, name: str, *options: str, prepare: Callable[[], object] = lambda: None
) -> Command:
    words = options or ("--cache-dir", str(folder))
    command = ours(
        ["check", "--no-checklist", "--output-format", "concise", "--jobs", "1", *words, str(tree.folder)],
        name,
    )
    return Command(name, command.words, prepare, command.environment)


def _removing(folder: Path) -> Callable[[], object]:
    return lambda: shutil.rmtree(folder, ignore_errors=True)


def _editing(tree: Tree) -> Callable[[], object]:
    """Adds a line to a file of the tree."""
    file = min(tree.folder.rglob("*.py"))

    def edit() -> None:
        file.write_bytes(file.read_bytes() + b"\n# edited\n")

    return edit


def _size(tree: Tree) -> str:
    return f"{tree.files:,} files, {tree.lines:,} lines"


def _times(one: Measure, first: Measure, *, by_clock: bool = False) -> list[str]:
    share = one.clock / first.clock if by_clock else one.cpu / first.cpu
    return [
        one.command.name,
        f"{one.cpu:.2f}",
        f"{one.clock:.2f}",
        f"{share:.0%}",
        f"{one.memory:.0f}",
    ]
