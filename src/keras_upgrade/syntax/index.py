"""A syntax tree, walked once: its nodes by their types, and what holds each of them."""

import ast

_PLAIN = frozenset(
    (
        "arg",
        "asname",
        "attr",
        "conversion",
        "ctx",
        "id",
        "is_async",
        "kind",
        "level",
        "module",
        "op",
        "ops",
        "simple",
        "type_comment",
    )
)
"""Fields that never hold nodes with parts of their own."""


class Index:
    """The nodes of a tree.

    Attributes:
        by_type: the nodes of each type, those nearer to the root first.
        parents: the node that holds each node, but the tree itself. Contexts and operators, which are shared by all of
            their places, are in neither.
    """

    def __init__(self, tree: ast.AST) -> None:
        self.by_type: dict[type[ast.AST], list[ast.AST]] = {}
        self.parents: dict[ast.AST, ast.AST] = {}
        by_type, parents = self.by_type, self.parents
        fields: dict[type[ast.AST], list[str]] = {}
        pending: list[ast.AST] = [tree]
        for outer in pending:
            kind = type(outer)
            if kind not in by_type:
                by_type[kind] = []
                fields[kind] = [name for name in kind._fields if name not in _PLAIN]
            by_type[kind].append(outer)
            for name in fields[kind]:
                value = getattr(outer, name, None)
                if isinstance(value, ast.AST):
                    parents[value] = outer
                    pending.append(value)
                elif type(value) is list:
                    for inner in value:
                        if isinstance(inner, ast.AST):
                            parents[inner] = outer
                            pending.append(inner)
