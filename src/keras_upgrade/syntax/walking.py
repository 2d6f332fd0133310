"""Through syntax trees, quickly: contexts and operators, which have no place of their own, are passed over."""

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


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of each type of node that may hold nodes."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        self[kind] = tuple(name for name in kind._fields if name not in _PLAIN)
        return self[kind]


_FIELDS = _Fields({ast.Constant: (), ast.Global: (), ast.Nonlocal: ()})


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes that a node holds itself, in the order of its fields."""
    found: list[ast.AST] = []
    for name in _FIELDS[type(node)]:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [inner for inner in value if isinstance(inner, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """A node and all that it holds, those nearer to it first."""
    found = [node]
    fields, inner_node = _FIELDS, ast.AST
    for outer in found:  # written out, since everything is walked through many times
        for name in fields[type(outer)]:
            value = getattr(outer, name, None)
            if type(value) is list:
                for inner in value:
                    if isinstance(inner, inner_node):
                        found.append(inner)
            elif isinstance(value, inner_node):
                found.append(value)
    return found


def walk_with_parents(tree: ast.AST) -> tuple[list[ast.AST], dict[ast.AST, ast.AST]]:
    """What `walk` gives, and the node that holds each of these but the first."""
    found = [tree]
    parents: dict[ast.AST, ast.AST] = {}
    fields, inner_node = _FIELDS, ast.AST
    for outer in found:
        for name in fields[type(outer)]:
            value = getattr(outer, name, None)
            if type(value) is list:
                for inner in value:
                    if isinstance(inner, inner_node):
                        parents[inner] = outer
                        found.append(inner)
            elif isinstance(value, inner_node):
                parents[value] = outer
                found.append(value)
    return found, parents
