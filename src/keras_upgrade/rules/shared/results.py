"""What a program does with the numbers that `evaluate` and `train_on_batch` return."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Result, options
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.edits import integer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard

RESULT_METHODS = frozenset({"evaluate", "evaluate_generator", "train_on_batch", "test_on_batch"})


@dataclass(frozen=True)
class Uses:
    """What a program does with the results of a call.

    Attributes:
        items: the places `scores[3]`, with their index.
        unpacked: the assignment that unpacks them.
        zipped: the calls of `zip` that are given all of them.
        whole: whether they are used in another way too.
    """

    items: tuple[tuple[ast.Subscript, int], ...] = ()
    unpacked: ast.Assign | None = None
    zipped: tuple[ast.Call, ...] = ()
    whole: bool = False

    @property
    def indices(self) -> list[int]:
        """The indices at which results are taken."""
        taken = [index for _, index in self.items]
        if self.unpacked is not None:
            target = self.unpacked.targets[0]
            assert isinstance(target, (ast.Tuple, ast.List))
            taken += range(len(target.elts))
        return taken


def uses_of(module: Module, call: ast.Call) -> Uses:
    """What the program does with the results of a call."""
    outer = module.parent(call)
    if isinstance(outer, ast.Expr):
        return Uses()
    if isinstance(outer, ast.Subscript) and outer.value is call:
        index = integer(outer.slice)
        return Uses(whole=True) if index is None else Uses(((outer, index),))
    if _is_zip(outer):
        return Uses(zipped=(outer,))
    if not isinstance(outer, ast.Assign) or len(outer.targets) != 1:
        return Uses(whole=True)
    target = outer.targets[0]
    if isinstance(target, (ast.Tuple, ast.List)):
        starred = any(isinstance(item, ast.Starred) for item in target.elts)
        return Uses(whole=True) if starred else Uses(unpacked=outer)
    if not isinstance(target, (ast.Name, ast.Attribute)):
        return Uses(whole=True)
    return _uses_of_name(module, call)


def _uses_of_name(module: Module, call: ast.Call) -> Uses:
    """The places where a variable that holds the results is read, as far as the analysis follows it."""
    items: list[tuple[ast.Subscript, int]] = []
    zipped: list[ast.Call] = []
    whole = False
    nodes: list[ast.Name | ast.Attribute] = [
        *module.nodes(ast.Name),
        *module.nodes(ast.Attribute),
    ]
    for node in nodes:
        if not isinstance(node.ctx, ast.Load):
            continue
        found = options(module.value(node))
        if not any(isinstance(option, Result) and option.node is call for option in found):
            continue
        outer = module.parent(node)
        index = integer(outer.slice) if isinstance(outer, ast.Subscript) and outer.value is node else None
        if len(found) == 1 and _is_zip(outer):
            zipped.append(outer)
        elif index is None or len(found) > 1:
            whole = True
        elif isinstance(outer, ast.Subscript):
            items.append((outer, index))
    return Uses(tuple(items), None, tuple(zipped), whole)


def _is_zip(node: ast.AST | None) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip"
