"""Imports that a migration left without a use."""

from __future__ import annotations

import ast
from collections.abc import Collection

from keras_upgrade.analysis.program import Import, Module
from keras_upgrade.analysis.values import Api
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.imports import ImportStatement, remove_aliases

CODE = "KU100"


def unused_imports(before: Module, context: Context) -> Finding | None:
    """Takes out the imports that were used before the migration and no longer are; None when there are none."""
    module = context.module
    if module.document.path.name == "__init__.py":
        return None
    was_used, is_used = before.loaded_names, module.loaded_names
    idle = [item for item in module.imports if _is_idle(item, was_used, is_used, context, before)]
    if not idle:
        return None
    edits: list[Edit] = []
    removed: list[str] = []
    for statement in dict.fromkeys(item.statement for item in idle):
        unwanted = [item.alias for item in idle if item.statement is statement]
        edits += _removal(context, statement, unwanted)
        removed.append(_written(statement, unwanted))
    first = idle[0].statement
    texts = ", ".join(f"`{text}`" for text in removed)
    return Finding(
        CODE,
        Span(context.source.start(first), context.source.end(first)),
        f"no longer used: {texts}",
        Fix(edits, f"Removed {texts}"),
        subject="imports",
    )


def _removal(context: Context, statement: ImportStatement, unwanted: Collection[ast.alias]) -> list[Edit]:
    module = context.module
    block = module.body_of(statement)
    limit = module.document.span_of(module.cell_of(statement))
    return remove_aliases(
        context.source,
        statement,
        unwanted,
        sole=len(block) == 1 and block is not module.tree.body,
        limit=limit,
    )


def _written(statement: ImportStatement, aliases: Collection[ast.alias]) -> str:
    names = ", ".join(f"{a.name} as {a.asname}" if a.asname else a.name for a in aliases)
    return (
        f"from {'.' * statement.level}{statement.module or ''} import {names}"
        if isinstance(statement, ast.ImportFrom)
        else f"import {names}"
    )


def _is_idle(
    item: Import, was_used: Collection[str], is_used: Collection[str], context: Context, before: Module
) -> bool:
    name = item.bound
    if name == "*" or item.target.startswith("__future__"):
        return False
    if name in is_used or name not in was_used or name in _elsewhere(context):
        return False
    if not item.target:
        # Something of Keras that another module of the program handed on.
        return isinstance(before.frame.names.get(name), Api)
    first = item.target.partition(".")[0]
    return first in (
        "keras",
        "tensorflow",
        "tf_keras",
        "keras_contrib",
        "functools",
        "scipy",
        "sklearn",
        "tensorflow_addons",
    )


def _elsewhere(context: Context) -> frozenset[str]:
    """Names that other modules of the program, `__all__` or cells that do not parse may mean."""
    found: set[str] = set()
    for other in context.program:
        if other is not context.module:
            found.update(item.alias.name for item in other.imports if not item.target)
    for cell in context.module.document.cells:
        if cell.problem is not None:
            found.update(_words(cell.source))
    return frozenset(found)


def _words(text: str) -> set[str]:
    return set("".join(c if c.isalnum() or c == "_" else " " for c in text).split())
