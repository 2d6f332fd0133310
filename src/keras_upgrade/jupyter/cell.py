"""One cell migrated as part of its notebook, fit to run in the session that there is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from keras_upgrade import engine
from keras_upgrade.documents import Cell, Problem
from keras_upgrade.jupyter.session import Ran, notebook
from keras_upgrade.options import Options
from keras_upgrade.outcomes import Outcome, Report
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.walking import walk

_MAGIC = re.compile(r"\A\s*%%keras3[^\n]*\n?")


@dataclass(frozen=True)
class Migrated:
    """A cell before and after.

    Attributes:
        before: its code.
        after: its code for Keras 3, with the imports that no cell of the session makes yet.
        applied: the fixes made in it.
        left: what is left in it.
        needs: names that it takes from cells which have to be migrated as well, with the numbers of these.
        problem: why it cannot be read, if so.
        failures: rules that crashed.
    """

    before: str
    after: str
    applied: Sequence[Report]
    left: Sequence[Report]
    needs: Mapping[str, int]
    problem: Problem | None
    failures: Sequence[str]


def migrate(ran: Sequence[Ran], number: int, options: Options) -> Migrated:
    """A cell migrated in its notebook, without the line `%%keras3` above its code.

    Args:
        ran: the cells of the notebook.
        number: of the cell.
        options: as for `engine.migrate`.
    """
    index = next(index for index, cell in enumerate(ran) if cell.number == number)
    (outcome,) = engine.migrate([notebook(ran)], options)
    old, new = (next(c for c in d.cells if c.index == index) for d in (outcome.before, outcome.document))
    imports, needs = _missing(outcome, index, ran)
    body = _MAGIC.sub("", new.source)
    return Migrated(
        before=_MAGIC.sub("", old.source),
        after="".join(f"{text}\n" for text in imports if text not in body.splitlines()) + body,
        applied=[report for report in outcome.applied if report.cell == index],
        left=[report for report in outcome.left if report.cell == index],
        needs=needs,
        problem=new.problem,
        failures=outcome.failures,
    )


def _missing(outcome: Outcome, index: int, ran: Sequence[Ran]) -> tuple[list[str], dict[str, int]]:
    """What the new cell uses and the other cells, as they ran, do not bind: imports, and names with their cells."""
    before = {binding for cell in outcome.before.cells for binding in _bindings(cell)}
    (mine,) = (cell for cell in outcome.document.cells if cell.index == index)
    own = {name for name, _ in _bindings(mine)}
    used = {node.id for node in walk(ast.parse(mine.masked)) if isinstance(node, ast.Name)} - own
    imports: dict[str, None] = {}
    needs: dict[str, int] = {}
    for cell in outcome.document.cells:
        for name, statement in _bindings(cell):
            if cell.index == index or name not in used or (name, statement) in before:
                continue
            if statement and name not in {known for known, _ in before}:
                imports[statement] = None
            else:
                needs[name] = ran[cell.index].number
    return list(imports), needs


def _bindings(cell: Cell) -> Iterator[tuple[str, str]]:
    """The names that a cell imports, each with a statement that does, and those of its classes and functions, with none."""
    for node in walk(ast.parse(cell.masked)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name, ""
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], f"import {_alias(alias)}"
        elif isinstance(node, ast.ImportFrom):
            start = f"from {'.' * node.level}{node.module or ''} import"
            for alias in node.names:
                yield alias.asname or alias.name, f"{start} {_alias(alias)}"


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name
