"""The census of a module: every name of Keras and TensorFlow that it uses, each place once.

A *name* is an import, a dotted path that leads into a library, a method or attribute of an object whose class is known,
or a keyword given to a class or function of Keras. What the program itself defines is no name of a library, nor is a
variable that holds one. Branches that no version of today takes are not looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from keras_upgrade.analysis.attributes import Super
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Class,
    Instance,
    Method,
    Result,
    Tensor,
    Value,
    api,
    options,
)
from keras_upgrade.documents.spans import Span
from keras_upgrade.names import UNCERTAIN, Name, Use
from keras_upgrade.syntax.imports import module_span

LEGACY = ("keras_applications", "keras_contrib", "keras_preprocessing", "tensorflow_addons")
"""Packages that belonged to Keras 2, and went with it."""
TENSOR = "keras.KerasTensor"


def census(module: Module, distinctive: Collection[str] = ()) -> list[Name]:
    """The names of Keras and TensorFlow in a module, in the order of the text.

    Args:
        module: the module, interpreted.
        distinctive: names of methods and attributes that are Keras's on whatever object.
    """
    found = [*_imports(module), *_references(module), *_members(module, distinctive), *_keywords(module)]
    return sorted(found, key=lambda name: (name.span.ends, name.use.value))


def is_ours(found: Api) -> bool:
    """Whether something is of Keras or TensorFlow, or of a package that belonged to Keras 2."""
    root = found.path.partition(".")[0]
    return root in ("keras", "tensorflow") or root in LEGACY


def _imports(module: Module) -> Iterator[Name]:
    seen: set[int] = set()
    for item in module.imports:
        if not item.target or id(item.alias) in seen:
            continue
        seen.add(id(item.alias))
        is_star = item.bound == "*"
        found = api(item.target.removesuffix(".*"))
        if is_ours(found):
            span, around = module.source.span(item.alias), module.source.span(item.statement)
            whole = (
                module_span(module.source, item.statement)
                if isinstance(item.statement, ast.ImportFrom)
                else span
            )
            word = item.alias.name.rpartition(".")[2]
            path = f"{found.path}.*" if is_star else found.path
            yield Name(path, found.package, Use.IMPORT, word, span, whole, around, item.bound)


def _references(module: Module) -> Iterator[Name]:
    bound = {item.bound for item in module.imports}
    for node in module.references:
        if not isinstance(node.ctx, ast.Load):
            continue
        value = module.value(node)
        apis = [option for option in options(value) if type(option) is Api and is_ours(option)]
        if not apis:
            continue
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        begins = root.id if isinstance(root, ast.Name) else ""
        first = apis[0]
        if root is node and begins not in bound and not (module.stars and first.name == begins):
            continue  # a variable that holds it
        word = node.attr if isinstance(node, ast.Attribute) else node.id
        sure = len(apis) == len(options(value)) and (begins in bound or root is node)
        span, around = module.source.span(node), _around(module, node)
        yield Name(
            first.path, first.package, Use.REFERENCE, word, span, span, around, begins, tuple(apis[1:]), sure
        )


def _around(module: Module, node: ast.expr) -> Span:
    outer = module.parent(node)
    return module.source.span(outer if isinstance(outer, ast.Call) and outer.func is node else node)


def _members(module: Module, distinctive: Collection[str]) -> Iterator[Name]:
    for node in module.nodes(ast.Attribute):
        name = node.attr
        if name.startswith("__") or not isinstance(node.ctx, ast.Load):
            continue
        owner = module.values.get(node.value)
        if owner is None:
            continue
        path = _owner(owner, name, module.values.get(node))
        if not path:
            if name not in distinctive or not _is_open(owner):
                continue
            path = UNCERTAIN
        whole = module.source.span(node)
        span = Span(whole.end - len(name), whole.end)
        sure = isinstance(owner, Instance) and isinstance(owner.cls, Api) and owner.call is not None
        yield Name(
            f"{path}.{name}",
            "keras",
            Use.MEMBER,
            name,
            span,
            whole,
            _around(module, node),
            sure=sure or path == TENSOR,
        )


def _is_open(owner: Value) -> bool:
    """Whether nothing is known of a value that would make its attributes the user's or another library's."""
    return all(option is UNKNOWN or isinstance(option, (Result, Tensor)) for option in options(owner))


def _owner(owner: Value, name: str, member: Value | None) -> str:
    """The class of Keras that a member is looked up in; empty where it is the user's own, or not known."""
    if isinstance(owner, Super):
        inherited = isinstance(member, Method) and member.function is None
        return _class_of(owner.instance) if inherited else ""
    if isinstance(owner, Tensor):
        return TENSOR if owner.symbolic else ""
    if not isinstance(owner, Instance) or name in owner.attributes or name.startswith("<"):
        return ""
    if isinstance(owner.cls, Class) and owner.cls.lookup(name) is not None:
        return ""
    return _class_of(owner)


def _class_of(instance: Value) -> str:
    """The class of Keras that an object is an instance of, if it is of none but that and the user's."""
    if not isinstance(instance, Instance):
        return ""
    if isinstance(instance.cls, Api):
        return instance.cls.path if instance.cls.path.startswith("keras.") else ""
    bases = [base for base in instance.cls.ancestors() if not isinstance(base, Class)]
    bases = [base for base in bases if not (isinstance(base, Api) and base.path == "builtins.object")]
    if len(bases) != 1 or not isinstance(bases[0], Api):
        return ""
    return bases[0].path if bases[0].path.startswith("keras.") else ""


def _keywords(module: Module) -> Iterator[Name]:
    for call in module.calls:
        if not call.keywords:
            continue
        path, package = _called(module.values.get(call.func))
        if not path:
            continue
        around = module.source.span(call)
        for keyword in call.keywords:
            if keyword.arg is not None:
                whole = module.source.span(keyword)
                span = Span(whole.start, whole.start + len(keyword.arg))
                yield Name(path, package, Use.KEYWORD, keyword.arg, span, whole, around)


def _called(callee: Value | None) -> tuple[str, str]:
    """The path of what is called, and the package that it was spelled with; empty if it is not Keras's."""
    if isinstance(callee, Api):
        return (callee.path, callee.package) if callee.path.startswith("keras.") else ("", "")
    if isinstance(callee, Method) and callee.function is None:
        name = callee.name.removeprefix("super.")
        path = _class_of(callee.owner)
        if path and name == "__init__":
            return path, "keras"
        if path and not name.startswith("_"):
            return f"{path}.{name}", "keras"
    return "", ""
