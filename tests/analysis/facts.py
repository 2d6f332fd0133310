"""A program in, facts out: helpers of the analysis tests."""

import ast

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.project import Project
from keras_upgrade.analysis.values import Value, options
from keras_upgrade.documents import loads


def analyse(text: str) -> Module:
    """The module made of `text`."""
    return Project([loads(text)]).analyse().modules[0]


def value_of(module: Module, written: str) -> Value:
    """The value of the last expression that is written as `written`."""
    found = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.expr) and module.source.segment(node) == written and node in module.values
    ]
    assert found, f"no expression {written!r} was looked at"
    return module.value(max(found, key=lambda node: (node.lineno, node.col_offset)))


def paths_of(module: Module, written: str) -> set[str]:
    """The canonical paths that an expression may stand for."""
    found = options(value_of(module, written))
    return {option.path for option in found if hasattr(option, "path")}
