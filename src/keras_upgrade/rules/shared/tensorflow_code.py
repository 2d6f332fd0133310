"""TensorFlow in a program: whether Keras is there too, whether it is of version 1, and how its names are written."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Api, api
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.walking import walk

PREFIX = "tensorflow."
_ANY_VERSION = frozenset(
    {"AttributeError", "ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
)


def uses_keras(context: Context) -> bool:
    """Whether one of the modules that are migrated together uses Keras."""
    return context.program.once("uses keras", lambda: any(map(_uses_keras, context.program)))


def _uses_keras(module: Module) -> bool:
    imported = (api(item.target) for item in module.imports if item.target)
    used = (found for node in module.references for found in module.apis(node))
    return any(found.path == "keras" or found.path.startswith("keras.") for found in (*imported, *used))


def names_of_version1(context: Context) -> frozenset[str]:
    """The names of TensorFlow 1 that the program uses, however spelled, without `tensorflow.`."""
    return context.program.once("names of TensorFlow 1", lambda: frozenset(_names_of_version1(context)))


def _names_of_version1(context: Context) -> Iterator[str]:
    from keras_upgrade.knowledge import tensorflow1  # noqa: PLC0415

    for module in context.program:
        for node in module.references:
            for found in module.apis(node):
                if found.path.startswith(PREFIX):
                    name = found.path.removeprefix(PREFIX)
                    if tensorflow1.is_gone(name):
                        yield from tensorflow1.prefixes(name)


def builds_graph(context: Context) -> bool:
    """Whether the program builds a graph of TensorFlow 1 and runs it in a session."""
    from keras_upgrade.knowledge import tensorflow1  # noqa: PLC0415

    return not tensorflow1.GRAPH.isdisjoint(names_of_version1(context))


def is_for_both_versions(context: Context, node: ast.expr) -> bool:
    """Whether the node runs only where its names exist: below a question for the version, or in a `try`."""
    inner: ast.AST = node
    for outer in context.module.ancestors(node):
        if isinstance(outer, ast.Try) and inner in outer.body and _catches_missing(outer):
            return True
        if isinstance(outer, (ast.If, ast.IfExp)) and inner is not outer.test:
            if _asks_version(context, outer.test):
                return True
        if isinstance(outer, ast.BoolOp) and any(_asks_version(context, value) for value in outer.values):
            return True
        inner = outer
    return False


def _catches_missing(statement: ast.Try) -> bool:
    for handler in statement.handlers:
        if handler.type is None:
            return True
        if any(isinstance(n, ast.Name) and n.id in _ANY_VERSION for n in walk(handler.type)):
            return True
    return False


def _asks_version(context: Context, test: ast.expr) -> bool:
    """Whether a condition asks for a version, or for what a library offers."""
    for node in walk(test):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if "version" in name.lower():
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "hasattr":
            if node.args and context.module.apis(node.args[0]):
                return True
    return False


def root_of(node: ast.expr) -> ast.expr:
    """What a chain of attributes begins with: `tf` of `tf.nn.relu`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def is_spelled_out(context: Context, node: ast.expr) -> bool:
    """Whether the chain of attributes begins with an imported name, not with a variable of the user's."""
    root = root_of(node)
    return isinstance(root, ast.Name) and context.binding(root) is not None


def spelling(context: Context, node: ast.expr) -> Callable[[str], str]:
    """How canonical paths (`tensorflow.math.log`, `keras.ops.exp`) are written at the place of `node`."""
    root = root_of(node)
    found = context.module.api(root) if isinstance(root, ast.Name) else None
    name = _tensorflow_name(context)
    if isinstance(root, ast.Name) and found == Api("tensorflow", "tensorflow"):
        name = root.id

    def spell(path: str) -> str:
        return path.replace("tensorflow.", f"{name}.") if "tensorflow." in path else context.spell(path)

    return spell


def imports_for(context: Context, *texts: str) -> tuple[str, ...]:
    """The import statements that the spelled names in new text need."""
    text = " ".join(texts)
    name = _tensorflow_name(context)
    needed: tuple[str, ...] = ()
    if f"{name}." in text and not _binds_tensorflow(context, name):
        needed = ("import tensorflow" if name == "tensorflow" else f"import tensorflow as {name}",)
    return needed + (context.needed_imports if f"{context.keras_name}." in text else ())


def _binds_tensorflow(context: Context, name: str) -> bool:
    return context.module.frame.names.get(name) == Api("tensorflow", "tensorflow")


def _tensorflow_name(context: Context) -> str:
    names = context.module.frame.names
    for name, value in names.items():
        if value == Api("tensorflow", "tensorflow"):
            return name
    return "tf" if "tf" not in context.module.names() else "tensorflow"
