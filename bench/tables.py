"""Tables for the terminal and for Markdown."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

Row = Sequence[str]


def table(title: str, head: Row, rows: Sequence[Row]) -> str:
    """A table: the first column is text, the others are numbers."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [_line(row, widths) for row in (head, *rows)]
    rule = "|".join("-" * (width + 2) if not n else "-" * (width + 1) + ":" for n, width in enumerate(widths))
    return "\n".join([f"### {title}", "", lines[0], f"|{rule}|", *lines[1:], ""])


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = [
        text.ljust(width) if not n else text.rjust(width)
        for n, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """The processor, the system and the Python."""
    name = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        models = [line for line in cpus.read_text().splitlines() if line.startswith("model name")]
        name = f"{len(models)} x {models[0].partition(':')[2].strip()}" if models else name
    return f"{name}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def versions(environment: Path, names: Sequence[str]) -> str:
    """The versions of packages in the environment of the others, and of TensorFlow in ours."""
    found = []
    for name in names:
        for info in environment.glob(f"lib/python*/site-packages/{name.replace('-', '_')}-*.dist-info"):
            found.append(f"{name} {info.name.removesuffix('.dist-info').rpartition('-')[2]}")
    for name in ("tensorflow", "tensorflow-cpu"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
