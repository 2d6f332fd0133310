"""Scopes as Python has them: where a name is looked up and where it is bound."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

from keras_upgrade.analysis.values import UNKNOWN, Value, join
from keras_upgrade.syntax.walking import children, walk

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LEAVES = frozenset((ast.Constant, ast.Lambda, ast.Pass, ast.Break, ast.Continue))
_BINDING = frozenset(
    (
        *_DEFINITIONS,
        *_COMPREHENSIONS,
        ast.Global,
        ast.Nonlocal,
        ast.alias,
        ast.ExceptHandler,
        ast.MatchAs,
        ast.MatchStar,
    )
)
"""What binds names otherwise than by a target."""


class Frame:
    """The names of one scope.

    Attributes:
        names: the values bound so far.
        parent: the scope outside; lookups pass class scopes over.
        local: for a function, the names that are its own; None where every bound name is (modules, classes,
            comprehensions).
        is_class: whether functions inside do not see the names.
        returned: what the function returned, over its `return` statements.
    """

    __slots__ = ("globals", "is_class", "local", "names", "parent", "returned", "yielded")

    def __init__(
        self, parent: Frame | None, local: frozenset[str] | None = None, is_class: bool = False
    ) -> None:
        self.names: dict[str, Value] = {}
        self.parent = parent
        self.local = local
        self.is_class = is_class
        self.globals: Frame = self if parent is None else parent.globals
        self.returned: list[Value] = []
        self.yielded: list[Value] = []

    def lookup(self, name: str) -> Value | None:
        """The value of `name` as seen from this scope; None when nothing binds it."""
        if name in self.names:
            return self.names[name]
        if self.local is not None and name in self.local:
            return UNKNOWN
        frame = self.parent
        while frame is not None:
            if not frame.is_class:
                if name in frame.names:
                    return frame.names[name]
                if frame.local is not None and name in frame.local:
                    return UNKNOWN
            frame = frame.parent
        return None

    def merge(self, branches: Iterable[dict[str, Value]]) -> None:
        """Takes the names as they are after one of several branches, each of which began with `names`."""
        ends = list(branches)
        merged = dict(ends[0])
        for end in ends[1:]:
            for name, value in end.items():
                known = merged.get(name)
                if known is None:
                    merged[name] = value
                elif known is not value:
                    merged[name] = join(known, value)
        self.names = merged


@lru_cache(maxsize=4096)
def local_names(node: FunctionNode) -> frozenset[str]:
    """The names that a function binds itself: parameters, assignments, imports, definitions, loop targets."""
    arguments = node.args
    names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names.update(a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None)
    outer: set[str] = set()
    pending: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    while pending:
        item = pending.pop()
        kind = type(item)
        if kind in _LEAVES:
            continue
        if isinstance(item, ast.Name):
            if type(item.ctx) is not ast.Load:
                names.add(item.id)
        elif kind not in _BINDING:
            pending += children(item)
        elif isinstance(item, _DEFINITIONS):
            names.add(item.name)
        elif isinstance(item, _COMPREHENSIONS):
            pending += [n for n in walk(item) if isinstance(n, ast.NamedExpr)]
        elif isinstance(item, (ast.Global, ast.Nonlocal)):
            outer.update(item.names)
        elif isinstance(item, ast.alias):
            names.add(item.asname or item.name.partition(".")[0])
        elif isinstance(item, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            if item.name:
                names.add(item.name)
            pending += children(item)
    return frozenset(names - outer)
