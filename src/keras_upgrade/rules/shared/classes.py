"""Classes of the user's that derive from Keras classes: which they are, their methods, and what `__init__` gets."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.values import Api, Class, Function
from keras_upgrade.documents.spans import Edit
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import FunctionDef, is_docstring
from keras_upgrade.syntax.edits import statement_start
from keras_upgrade.syntax.walking import walk

LAYERS = (Kind.LAYER, Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)
MODELS = (Kind.MODEL, Kind.SEQUENTIAL)


def is_keras3(context: Context) -> bool:
    """Whether the module was written for Keras 3: it uses what only that has, and nothing in it has to change."""
    if context.migrating:
        return False
    return any(
        path.startswith(("keras.ops", "keras.Variable", "keras.random")) for path in context.module.paths
    )


def tensorflow_name(context: Context) -> str:
    """What the module calls TensorFlow; empty if it does not import it."""
    for name, value in context.module.frame.names.items():
        if isinstance(value, Api) and value.path == value.package == "tensorflow":
            return name
    return ""


def kind_of_class(cls: Class) -> Kind | None:
    """The kind of the Keras class that a user's class derives from."""
    for base in cls.ancestors():
        if isinstance(base, Api) and base.path.startswith("keras."):
            return kind_of(base.path)
    return None


def classes_of(context: Context, *kinds: Kind) -> Iterator[Class]:
    """The classes of this module that derive from Keras classes of some kinds, each once."""
    seen: set[ast.ClassDef] = set()
    for cls in context.module.classes:
        if cls.node not in seen and kind_of_class(cls) in kinds:
            seen.add(cls.node)
            yield cls


def method(cls: Class, name: str) -> ast.FunctionDef | None:
    """The definition of a method in the class itself."""
    found = [item for item in cls.node.body if isinstance(item, ast.FunctionDef) and item.name == name]
    return found[-1] if found else None


def inherited(cls: Class, name: str) -> Function | None:
    """The method of the class, or of a class of the user's that it derives from."""
    found = cls.lookup(name)
    return found if isinstance(found, Function) else None


def first_parameter(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> str:
    """What the method calls its object (`self`); empty if it takes none."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    static = not isinstance(function, ast.Lambda) and any(
        isinstance(item, ast.Name) and item.id == "staticmethod" for item in function.decorator_list
    )
    return parameters[0].arg if parameters and not static else ""


def method_of(context: Context, node: ast.AST) -> tuple[ast.ClassDef, ast.FunctionDef] | None:
    """The class and its method that a node stands in, also within an inner function."""
    inner: ast.AST = node
    for outer in context.module.ancestors(node):
        if isinstance(outer, ast.ClassDef):
            return (outer, inner) if isinstance(inner, ast.FunctionDef) else None
        inner = outer
    return None


def attribute_of(node: ast.AST, name: str) -> str:
    """The attribute that `self.x` reads or sets, where `self` is called `name`; empty for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
        return node.attr
    return ""


def super_statement(function: ast.FunctionDef) -> ast.stmt | None:
    """The statement of a constructor that calls the one of the class above."""
    for statement in function.body:
        for node in walk(statement):
            if isinstance(node, ast.Attribute) and node.attr == "__init__":
                return statement
    return None


def added_to_init(context: Context, cls: Class, lines: Sequence[str]) -> Edit | None:
    """Puts statements (written with `self`) at the end of the constructor, which is made if there is none.

    None where the constructor is of a form that they do not fit into.
    """
    source = context.source
    function = method(cls, "__init__")
    if function is None:
        return _new_init(context, cls, lines)
    name, upper = first_parameter(function), super_statement(function)
    if not name or upper is None or _returns(function):
        return None
    last = function.body[-1]
    if source.line_of(source.start(last)) == source.line_of(source.start(function)):
        return None
    blank = source.indentation(last)
    end = source.line_end(source.end(last))
    text = source.original[source.end(last) : end]
    trailing = len(text.rstrip("\r\n"))
    place = source.end(last) + trailing
    renamed = [line.replace("self.", f"{name}.") for line in lines]
    return Edit(place, place, "".join(f"\n{blank}{line}" for line in renamed))


def _returns(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Return) for node in walk(function))


def _new_init(context: Context, cls: Class, lines: Sequence[str]) -> Edit | None:
    source = context.source
    body = [item for item in cls.node.body if not is_docstring(item)]
    if not body:
        return None
    first = statement_start(source, body[0])
    begin = source.line_start(first)
    blank = source.original[begin:first]
    if blank.strip():
        return None
    anything = kind_of_class(cls) in MODELS or cls.lookup("__init__") is not None
    takes = "*args, **kwargs" if anything else "**kwargs"
    inside = "".join(f"{blank}    {line}\n" for line in lines)
    head = f"{blank}def __init__(self, {takes}):\n{blank}    super().__init__({takes})\n"
    return Edit(begin, begin, f"{head}{inside}\n")


def definition(function: Function) -> FunctionDef | None:
    """The `def` statement of a function."""
    return None if isinstance(function.node, ast.Lambda) else function.node
