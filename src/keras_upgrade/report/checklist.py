"""The checklist for a chapter: what to look for before running it, ticked where nothing is left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from keras_upgrade.findings import Finding
from keras_upgrade.records import dataclass


@dataclass(frozen=True)
class Item:
    """A line of the checklist.

    Attributes:
        text: the line.
        codes: the rules (`KU301`), or families of rules (`KU1`), whose findings it counts.
        also: takes in findings of other rules.
    """

    text: str
    codes: tuple[str, ...]
    also: Callable[[Finding], bool] = lambda _: False

    def takes(self, finding: Finding) -> bool:
        """Whether the finding belongs to this line."""
        return finding.code.startswith(self.codes) or self.also(finding)


def _imports_backend(finding: Finding) -> bool:
    return finding.code.startswith("KU1") and "keras.backend" in finding.message


def _imports_metrics(finding: Finding) -> bool:
    return finding.code.startswith("KU1") and "keras.metrics" in finding.message


ITEMS = (
    Item(
        "`from keras import backend as K` and any `K.*` calls → replace with `keras.ops.*`",
        ("KU301",),
        _imports_backend,
    ),
    Item(
        "`from keras import metrics` and `metrics.*` loss/metric calls → use `keras.losses.*` or "
        "`keras.metrics.*` proper classes",
        ("KU302",),
        _imports_metrics,
    ),
    Item("`Lambda(fn)` layers → replace with subclassed `keras.layers.Layer`", ("KU401",)),
    Item(
        "`tf.*` ops applied to model inputs/outputs inside model-building code → replace with `keras.ops.*`",
        ("KU303", "KU304"),
    ),
    Item(
        "Loss functions that capture KerasTensors as closures/defaults → refactor to subclassed model with "
        "`self.add_loss()`",
        ("KU501", "KU502"),
    ),
)
IMPORT_KERAS = "Add `import keras` to imports if not present"
RESTART = "After any code changes: **restart the kernel and run all cells from the top**"
FAMILIES = (
    ("KU1", "moved names"),
    ("KU2", "arguments and methods"),
    ("KU3", "tensors and ops"),
    ("KU4", "layers"),
    ("KU5", "losses and models"),
    ("KU6", "training"),
    ("KU7", "saving and loading"),
    ("KU8", "data and preprocessing"),
    ("KU9", "surroundings"),
)


def family(code: str) -> str:
    """What the rules of this family are about, in words."""
    return next((name for prefix, name in FAMILIES if code.startswith(prefix)), "other")


def checklist(findings: Iterable[Finding], unread: int = 0, *, ran: bool = False) -> list[str]:
    """The lines, in Markdown.

    Args:
        findings: what is still to do.
        unread: how many cells could not be read, so that nothing is known of them.
        ran: whether the program has run from the top since, to its end.
    """
    remaining = list(findings)
    lines = []
    for item in ITEMS:
        mine = [finding for finding in remaining if item.takes(finding)]
        lines.append(_line(item.text, len(mine)))
    needed = any(_needs_keras(finding) for finding in remaining)
    lines.append(f"- [{' ' if needed else 'x'}] {IMPORT_KERAS}")
    others = [f for f in remaining if not any(item.takes(f) for item in ITEMS)]
    if others:
        lines.append(_line(f"Other: {_by_family(others)}", len(others)))
    if unread:
        cells = "cell" if unread == 1 else "cells"
        lines.append(f"- [ ] Code that could not be read: {unread} {cells}, see the errors")
    if ran:
        lines.append(f"- [x] {RESTART} (it ran to its end)")
    else:
        lines.append(f"- [ ] {RESTART} (left to you: this program does not run code)")
    return lines


def _line(text: str, count: int) -> str:
    return f"- [ ] {text} ({count})" if count else f"- [x] {text}"


def _needs_keras(finding: Finding) -> bool:
    return finding.fix is not None and any(text.startswith("import keras") for text in finding.fix.imports)


def _by_family(findings: Sequence[Finding]) -> str:
    counts: dict[str, int] = {}
    for finding in findings:
        name = f"{family(finding.code)} ({finding.code[:3]}xx)"
        counts[name] = counts.get(name, 0) + 1
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{count} {name}" for name, count in counts.items())
