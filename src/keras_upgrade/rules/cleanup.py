"""Imports, and other names for parts of Keras, that a migration left without a use."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from keras_upgrade.analysis.program import Import, Module, Program
from keras_upgrade.analysis.values import UNKNOWN, Api, ModuleValue, options
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import CLEANUP
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import remove_statement
from keras_upgrade.syntax.imports import ImportStatement, remove_aliases
from keras_upgrade.syntax.walking import walk

CODE = CLEANUP[0]


def unused_imports(before: Module, context: Context) -> Finding | None:
    """Takes out what was used before the migration and no longer is; None when there is nothing of the kind."""
    module = context.module
    if module.document.path.name == "__init__.py":
        return None
    aliases = list(_idle_aliases(before, context))
    was_used, is_used = before.loaded_names, _still_loaded(module, aliases)
    idle = [item for item in module.imports if _is_idle(item, was_used, is_used, context, before)]
    if not idle and not aliases:
        return None
    edits: list[Edit] = []
    removed: list[str] = []
    for statement in dict.fromkeys(item.statement for item in idle):
        unwanted = [item.alias for item in idle if item.statement is statement]
        edits += _removal(context, statement, unwanted)
        removed.append(_written(statement, unwanted))
    for alias in aliases:
        limit = module.document.span_of(module.cell_of(alias))
        edits.append(remove_statement(context.source, alias, sole=False, limit=limit))
        removed.append(context.source.segment(alias))
    first = idle[0].statement if idle else aliases[0]
    texts = ", ".join(f"`{text}`" for text in removed)
    return Finding(
        CODE,
        Span(context.source.start(first), context.source.end(first)),
        f"no longer used: {texts}",
        Fix(edits, f"Removed {texts}"),
        subject="imports",
    )


def _idle_aliases(before: Module, context: Context) -> Iterator[ast.Assign]:
    """Assignments such as `K = keras.backend` at the top of the module whose name nothing reads any more."""
    module = context.module
    for statement in module.tree.body:
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target, value = statement.targets[0], module.api(statement.value)
        if (
            not isinstance(target, ast.Name)
            or value is None
            or not isinstance(statement.value, ast.Attribute)
        ):
            continue
        was_used = target.id in before.loaded_names and target.id not in module.loaded_names
        if was_used and value.path.startswith("keras.") and target.id not in taken_elsewhere(context):
            yield statement


def _still_loaded(module: Module, aliases: Collection[ast.Assign]) -> frozenset[str]:
    """The names that a module reads without some of its assignments."""
    inside = {node for alias in aliases for node in walk(alias) if isinstance(node, ast.Name)}
    names = [node for node in module.nodes(ast.Name) if not isinstance(node.ctx, ast.Store)]
    elsewhere = {node.id for node in names if node not in inside}
    return module.loaded_names - ({node.id for node in inside} - elsewhere)


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
    if name in is_used or name not in was_used or name in taken_elsewhere(context):
        return False
    if not item.target:
        # Something of Keras that another module of the program handed on.
        return all(isinstance(option, Api) for option in options(before.frame.names.get(name, UNKNOWN)))
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


def taken_elsewhere(context: Context) -> frozenset[str]:
    """Names that other modules of the program, or cells that do not parse, may mean."""
    found = set(taken_from(context.module, context.program))
    for cell in context.module.document.cells:
        if cell.problem is not None:
            found.update(_words(cell.source))
    return frozenset(found)


def taken_from(module: Module, program: Program) -> frozenset[str]:
    """The names of a module that others import from it, or read as its attributes."""
    return program.once(f"names taken from {id(module)}", lambda: frozenset(_taken(module, program)))


def _taken(module: Module, program: Program) -> set[str]:
    found: set[str] = set()
    pending = [module]
    for taken in pending:
        for other in (*program, *program.users):
            if other is taken:
                continue
            names = {item.alias.name for item in other.imports if item.source is taken}
            if "*" in names:
                names |= other.loaded_names
                pending += [other] if other not in pending else []
            found |= names
            found.update(_attributes_read(other, taken))
    return found


def _attributes_read(module: Module, owner: Module) -> Iterator[str]:
    for node in module.nodes(ast.Attribute):
        values = options(module.value(node.value))
        if any(isinstance(value, ModuleValue) and value.module is owner for value in values):
            yield node.attr


def _words(text: str) -> set[str]:
    return set("".join(c if c.isalnum() or c == "_" else " " for c in text).split())
