"""What a function uses from outside of itself, and where a function is used."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.frames import FunctionNode, local_names
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Value
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Capture:
    """A name that a function reads from a scope outside.

    Attributes:
        name: the name.
        uses: where the function reads it.
        value: what it can be there.
    """

    name: str
    uses: tuple[ast.Name, ...]
    value: Value


def captures(module: Module, function: FunctionNode) -> list[Capture]:
    """The names that a function reads from outside, in the order of their first use; builtins are left out."""
    own = set(local_names(function))
    body: list[ast.AST] = [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    uses: dict[str, list[ast.Name]] = {}
    for statement in body:
        for node in walk(statement):
            if isinstance(node, _FUNCTIONS):
                own |= local_names(node)
            elif isinstance(node, ast.comprehension):
                own.update(n.id for n in walk(node.target) if isinstance(n, ast.Name))
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
                uses.setdefault(node.id, []).append(node)
    found = []
    for name, nodes in uses.items():
        value = module.value(nodes[0])
        if not _is_builtin(module, nodes[0]):
            found.append(Capture(name, tuple(sorted(nodes, key=lambda n: (n.lineno, n.col_offset))), value))
    return sorted(found, key=lambda c: (c.uses[0].lineno, c.uses[0].col_offset))


def _is_builtin(module: Module, node: ast.Name) -> bool:
    found = module.apis(node)
    return bool(found) and all(option.package == "builtins" for option in found)


def uses_of(module: Module, name: str) -> list[ast.Name]:
    """Every place that reads the name, in any scope."""
    return [node for node in module.names_of(name) if isinstance(node.ctx, ast.Load)]


def enclosing_functions(module: Module, node: ast.AST) -> list[FunctionNode]:
    """The functions around a node, the nearest first."""
    return [outer for outer in module.ancestors(node) if isinstance(outer, _FUNCTIONS)]


def outermost_statement(module: Module, node: ast.AST) -> ast.stmt:
    """The statement at the top of the module that holds the node."""
    statement = module.statement(node)
    for outer in module.ancestors(statement):
        if isinstance(outer, ast.stmt):
            statement = outer
    return statement
