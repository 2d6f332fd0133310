"""The others: tools that check or rewrite Python, each as one usually calls it."""

from __future__ import annotations

import ast
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import Command
from bench.trees import ROOT, Tree

PART = 8
"""Tools that would take minutes get one file in so many."""


@dataclass(frozen=True)
class Competitor:
    """A command over a tree.

    Attributes:
        command: the command.
        lines: how many lines it is given.
    """

    command: Command
    lines: int


def ours(words: list[str], name: str = "keras-upgrade", folder: Path | None = None) -> Command:
    """A command of the program that is beside the bench."""
    start = [sys.executable, "-m", "keras_upgrade", *words]
    return Command(name, start, environment={"PYTHONPATH": str(ROOT / "src")}, folder=folder)


def check(tree: Tree, *options: str, name: str = "keras-upgrade check") -> Competitor:
    """Our `check` over a tree: in one process, with nothing known from earlier runs."""
    return Competitor(
        ours(["check", "--no-checklist", "--no-cache", "--jobs", "1", *options, str(tree.folder)], name),
        tree.lines,
    )


def others(tree: Tree, environment: Path, work: Path) -> Iterator[Competitor]:
    """The tools that are there, over a tree."""
    copy, part_copy = work / "copy", work / "part-copy"
    part = part_of(tree, work / "part")

    def command(name: str, *words: str) -> Competitor:
        return Competitor(Command(name, words, prepare=lambda: tree.copy(copy)), tree.lines)

    def slow(name: str, *words: str) -> Competitor:
        return Competitor(Command(name, words, lambda: part.copy(part_copy), folder=part_copy), part.lines)

    files = [str(copy / path.relative_to(tree.folder)) for path in sorted(tree.folder.rglob("*.py"))]
    bin_ = environment / "bin"
    if (bin_ / "ruff").exists():
        yield command(
            "ruff check", str(bin_ / "ruff"), "check", "--no-cache", "--isolated", "--quiet", str(copy)
        )
    if (bin_ / "django-upgrade").exists():
        yield command("django-upgrade", str(bin_ / "django-upgrade"), "--target-version", "5.0", *files)
    if (bin_ / "pyupgrade").exists():
        yield command("pyupgrade", str(bin_ / "pyupgrade"), "--py312-plus", *files)
    tensorflow = Path(sys.executable).parent / "tf_upgrade_v2"
    if tensorflow.exists():
        plain, out = without_f_strings(tree, work / "plain"), work / "out"
        report = ("--reportfile", str(work / "report.txt"))
        words = (str(tensorflow), "--intree", str(plain.folder), "--outtree", str(out), *report)
        yield Competitor(
            Command("tf_upgrade_v2", words, lambda: shutil.rmtree(out, ignore_errors=True)), plain.lines
        )
    if (bin_ / "bump-pydantic").exists():
        yield slow("bump-pydantic", str(bin_ / "bump-pydantic"), ".")
        codemod = str(Path(__file__).with_name("rename_codemod.py"))
        yield slow("LibCST rename", str(bin_ / "python"), codemod, ".")


def part_of(tree: Tree, folder: Path) -> Tree:
    """One file in so many of a tree."""
    paths = sorted(tree.folder.rglob("*.py"))[:: max(min(PART, tree.files // 4), 1)]
    return _some(tree, paths, folder, "a part of")


def without_f_strings(tree: Tree, folder: Path) -> Tree:
    """The files of a tree without f-strings, on which tf_upgrade_v2 crashes in Python 3.12."""
    paths = [path for path in sorted(tree.folder.rglob("*.py")) if not _has_f_string(path)]
    return _some(tree, paths, folder, "without f-strings")


def _has_f_string(path: Path) -> bool:
    return any(isinstance(node, ast.JoinedStr) for node in ast.walk(ast.parse(path.read_bytes())))


def _some(tree: Tree, paths: Iterable[Path], folder: Path, what: str) -> Tree:
    files = lines = 0
    for path in paths:
        place = folder / path.relative_to(tree.folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())
        files, lines = files + 1, lines + path.read_bytes().count(b"\n") + 1
    return Tree(folder, files, lines, f"{what}: {tree.source}")
