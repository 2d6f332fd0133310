"""Measures, and prints tables: `python -m bench`, from the root of the repository."""

from __future__ import annotations

import argparse
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import scale, steps, trees
from bench.competitors import Competitor, check, others, ours
from bench.measuring import Command, Measure, measure
from bench.tables import machine, table, versions
from bench.trees import ROOT, Tree

PACKAGES = ("ruff", "django-upgrade", "pyupgrade", "bump-pydantic", "libcst")
PARTS = ("keras", "mixed", "start", "memory", "cache", "jobs", "growth", "steps")


def main() -> None:
    """Measures what is asked for."""
    options = _options()
    print(f"Machine: {machine()}.\nVersions: {versions(options.environment, PACKAGES)}.")
    print(f"Median of {options.rounds} runs, in turns, after one that does not count.\n")
    with tempfile.TemporaryDirectory(prefix="keras-upgrade-bench-") as folder:
        for part in options.only or PARTS:
            work = Path(folder) / part
            work.mkdir()
            for text in _MEASURES[part](options, work):
                print(text, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--keras", type=Path, action="append", help="a folder of programs for Keras 2; our own by default"
    )
    parser.add_argument(
        "--mixed", type=Path, help="a folder of packages; by default those of this environment"
    )
    parser.add_argument("--mixed-files", type=int, default=300, help="how many of its files")
    parser.add_argument(
        "--environment",
        type=lambda path: Path(path).absolute(),
        default=ROOT / ".venv-bench",
        help="where the other tools are installed",
    )
    parser.add_argument(
        "--programs",
        nargs="+",
        default=[],
        metavar="PROGRAM [NAME=VALUE ...]",
        help="beside the examples, to compare their steps on Keras 2 and 3",
    )
    parser.add_argument(
        "--seconds", type=float, default=5, help="of the processors, for each run of a program"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this; may be repeated")
    return parser.parse_args()


# -- speed ---------------------------------------------------------------------------------------------------


def _keras(options: argparse.Namespace, work: Path) -> Iterator[str]:
    tree = _own(options, work)
    yield _beside(f"`check` over {_size(tree)}", tree, options, work)


def _mixed(options: argparse.Namespace, work: Path) -> Iterator[str]:
    source = options.mixed or Path(sysconfig.get_path("purelib"))
    tree = trees.mixed(source, work / "tree", options.mixed_files)
    yield _beside(f"`check` over {_size(tree)}", tree, options, work, quick=True)


def _beside(title: str, tree: Tree, options: argparse.Namespace, work: Path, quick: bool = False) -> str:
    all_others = list(others(tree, options.environment, work))
    slow = ("bump-pydantic", "LibCST rename", "tf_upgrade_v2") if quick else ()
    found: list[Competitor] = [check(tree), *(one for one in all_others if one.command.name not in slow)]
    measures = measure([one.command for one in found], options.rounds)
    own = found[0].lines / measures[0].cpu
    rows = []
    for one, measured in zip(found, measures, strict=True):
        if measured.failure:
            rows.append([one.command.name, f"{one.lines:,}", "crashes", "", "", "", ""])
            continue
        speed = one.lines / measured.cpu
        rows.append(
            [
                one.command.name,
                f"{one.lines:,}",
                f"{measured.cpu:.2f}",
                f"{measured.spread:.0%}",
                f"{speed:,.0f}",
                f"{own / speed:.2f}",
                f"{measured.memory:.0f}",
            ]
        )
    head = ["", "lines", "CPU s", "spread", "lines per CPU s", "we are faster by", "peak MB"]
    return table(title, head, rows)


def _size(tree: Tree) -> str:
    return f"{tree.files:,} files, {tree.lines:,} lines: {tree.source}"


# -- start-up and scale --------------------------------------------------------------------------------------


def _start(options: argparse.Namespace, work: Path) -> Iterator[str]:
    small = ROOT / "examples" / "chapter_5_add_loss.py"
    plain = work / "plain.py"
    plain.write_text("import os\n\nprint(os.getcwd())\n")
    floor = [sys.executable, "-c", "import ast, argparse"]
    commands = [
        Command("python -c 'import ast, argparse'", floor),
        ours(["--help"], "keras-upgrade --help"),
        ours(["check", str(plain)], "check of a file without Keras"),
        ours(["check", str(small)], "check of a chapter, 80 lines"),
    ]
    measures = measure(commands, max(options.rounds, 7))
    yield table("Start-up", ["", "CPU ms", "spread"], [_milliseconds(one) for one in measures])


def _milliseconds(measured: Measure) -> list[str]:
    return [measured.command.name, f"{measured.cpu * 1000:.0f}", f"{measured.spread:.0%}"]


def _memory(_: argparse.Namespace, work: Path) -> Iterator[str]:
    yield scale.memory(work)


def _cache(options: argparse.Namespace, work: Path) -> Iterator[str]:
    yield scale.cache(_own(options, work), work, options.rounds)


def _jobs(options: argparse.Namespace, work: Path) -> Iterator[str]:
    yield scale.jobs(_own(options, work), work, options.rounds)


def _own(options: argparse.Namespace, work: Path) -> Tree:
    return trees.scripts(options.keras or list(trees.own()), work / "tree", "programs for Keras 2")


def _growth(_: argparse.Namespace, work: Path) -> Iterator[str]:
    yield scale.growth(work)


# -- migrated programs ---------------------------------------------------------------------------------------


def _steps(options: argparse.Namespace, _: Path) -> Iterator[str]:
    chosen = [*steps.examples(), *steps.given(options.programs)]
    yield from steps.report(chosen, options.rounds, options.seconds)


_MEASURES = {
    "keras": _keras,
    "mixed": _mixed,
    "start": _start,
    "memory": _memory,
    "cache": _cache,
    "jobs": _jobs,
    "growth": _growth,
    "steps": _steps,
}

if __name__ == "__main__":
    main()
