"""A syntax tree, walked once: its nodes by their types, and what holds each of them."""

import ast

from keras_upgrade.syntax.walking import walk_with_parents


class Index:
    """The nodes of a tree.

    Attributes:
        by_type: the nodes of each type, those nearer to the root first.
        parents: the node that holds each node, but the tree itself. Contexts and operators, which are shared by all of
            their places, are in neither.
    """

    def __init__(self, tree: ast.AST) -> None:
        self.by_type: dict[type[ast.AST], list[ast.AST]] = {}
        nodes, self.parents = walk_with_parents(tree)
        by_type = self.by_type
        for node in nodes:
            kind = type(node)
            if kind in by_type:
                by_type[kind].append(node)
            else:
                by_type[kind] = [node]
