"""What `owner.name` is."""

from __future__ import annotations

import ast

from keras_upgrade.analysis import versions
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Arguments,
    Class,
    Function,
    Instance,
    Mapping,
    Method,
    ModuleValue,
    Result,
    Seq,
    Tensor,
    Value,
    api,
    api_member,
    each,
)
from keras_upgrade.knowledge import surface
from keras_upgrade.knowledge.kinds import Kind, kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.analysis.interpreter import Interpreter
    from keras_upgrade.analysis.program import Module

_MODEL_KINDS = (Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)


def attribute(run: Interpreter, owner: Value, name: str, node: ast.Attribute) -> Value:
    """The value of attribute `name` of `owner`, at the expression `node`."""
    return each(owner, lambda option: _attribute(run, option, name, node))


def _attribute(run: Interpreter, owner: Value, name: str, node: ast.Attribute) -> Value:
    if owner is UNKNOWN:
        return UNKNOWN
    if isinstance(owner, Api):
        return api_member(owner, name)
    if isinstance(owner, Instance):
        return _of_instance(run, owner, name, node)
    if isinstance(owner, ModuleValue):
        return member_of(owner.module, name) or UNKNOWN
    if isinstance(owner, Class):
        member = owner.lookup(name)
        if isinstance(member, Function) and is_class_method(member):
            return Method(owner, name, member)
        return member if member is not None else UNKNOWN
    if isinstance(owner, Super):
        return owner.member(name)
    if isinstance(owner, Tensor):
        if name in ("shape", "_keras_shape", "_shape"):
            return Result("Tensor.shape", owner, None, node)
        return (
            Tensor(owner.symbolic, node, run.module, None, (owner,)) if name == "T" else Method(owner, name)
        )
    if isinstance(owner, Result):
        return Result(f"{owner.of}.{name}", owner.owner, owner.arguments, node)
    if isinstance(owner, (Seq, Mapping)):
        return Method(owner, name)
    if isinstance(owner, versions.Versioned):
        return versions.attribute(owner, name)
    return UNKNOWN


def member_of(module: Module, name: str) -> Value | None:
    """What another module gets as `name` of a module of the project; None if the module has no such name."""
    found = module.frame.names.get(name)
    return found if found is not None else starred(module, name)


def starred(module: Module, name: str) -> Api | None:
    """The member of a library that a name is by one of a module's star imports."""
    for package in module.stars:
        owner = api(package)
        side: surface.Surface = "keras" if owner.package == "keras" else "tf.keras"
        if name in surface.members2(owner.path, side) or name in surface.members(owner.path, side):
            return api_member(owner, name)
    return None


def _of_instance(run: Interpreter, owner: Instance, name: str, node: ast.Attribute) -> Value:
    is_list = isinstance(owner.cls, Api) and name in ("inputs", "outputs")  # also of the one that was given
    if name in owner.attributes and not is_list:
        return owner.attributes[name]
    if isinstance(owner.cls, Class):
        member = owner.cls.lookup(name)
        if isinstance(member, Function):
            if _is_decorated(member, "property"):
                return run.call_user(member, Arguments(), None, owner)
            if is_static(member):
                return member
            return Method(owner.cls if is_class_method(member) else owner, name, member)
        if member is not None:
            return member
    base = owner.api
    if base is None:
        return UNKNOWN
    kind = kind_of(base.path)
    if kind in _MODEL_KINDS or kind is Kind.LAYER:
        found = _of_layer(run, owner, name, node, kind)
        if found is not None:
            return found
    return Method(owner, name)


def _of_layer(run: Interpreter, owner: Instance, name: str, node: ast.Attribute, kind: Kind) -> Value | None:
    if name in ("input", "output", "inputs", "outputs"):
        return _ends(run, owner, name, node)
    if name == "layers" and kind in _MODEL_KINDS:
        known: list[Value] = [child for child in owner.children if isinstance(child, Instance)]
        return Seq([] if any(map(_is_made_in_loop, known)) else known, "list", some_layer(run, owner))
    if name == "metrics_names":
        run.note_event(owner, name, node, Arguments())
    if name in ("optimizer", "name", "weights", "trainable", "history", "metrics_names", "dtype", "losses"):
        return Result(f"{kind}.{name}", owner, None, node)
    if name in ("input_shape", "output_shape"):
        return Result("Tensor.shape", owner, None, node)
    return None


def _ends(run: Interpreter, owner: Instance, name: str, node: ast.Attribute) -> Value:
    known = owner.attributes.get("inputs" if name.startswith("input") else "outputs")
    if known is None:
        tensor = Tensor(True, node, run.module, owner)
        return Seq([tensor], "list") if name.endswith("s") else tensor
    if name.endswith("s"):
        return known if isinstance(known, Seq) else Seq([known], "list")
    if isinstance(known, Seq) and len(known.items) == 1:
        return known.items[0]
    return known


def _is_made_in_loop(layer: Value) -> bool:
    """Whether a layer may stand for several that a loop makes, so that its place among the others is not known."""
    if not isinstance(layer, Instance) or layer.call is None:
        return True
    loops = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)
    return any(isinstance(outer, loops) for outer in layer.module.ancestors(layer.call))


def part_of(run: Interpreter, any_layer: Instance) -> Instance:
    """A layer out of some of a model's layers, of which nothing is known; `any_layer` keeps it."""
    part = Instance(any_layer.cls, None, Arguments(complete=False), run.module)
    known = any_layer.attributes.setdefault("<parts>", Seq([], "list"))
    if isinstance(known, Seq):
        known.items.append(part)
    return part


def some_layer(run: Interpreter, owner: Instance) -> Instance:
    """A layer of a model whose layers are not known one by one."""
    key = "<layer>"
    known = owner.attributes.get(key)
    if isinstance(known, Instance):
        return known
    layer = Instance(Api("keras.layers.Layer", "keras"), None, Arguments(complete=False), run.module)
    layer.owner = owner
    owner.attributes[key] = layer
    return layer


def is_static(function: Function) -> bool:
    """Whether a method is given no object."""
    return _is_decorated(function, "staticmethod")


def is_class_method(function: Function) -> bool:
    """Whether a method is given its class."""
    return _is_decorated(function, "classmethod")


def _is_decorated(function: Function, name: str) -> bool:
    if isinstance(function.node, ast.Lambda):
        return False
    return any(isinstance(item, ast.Name) and item.id == name for item in function.node.decorator_list)


class Super(Value):
    """What `super()` gives in a method."""

    __slots__ = ("cls", "instance")

    def __init__(self, cls: Class, instance: Value) -> None:
        self.cls = cls
        self.instance = instance

    def member(self, name: str) -> Value:
        """The method `name` of the next class."""
        for base in list(self.cls.ancestors())[1:]:
            if isinstance(base, Class) and name in base.members:
                found = base.members[name]
                return Method(self.instance, name, found if isinstance(found, Function) else None)
        return Method(self.instance, f"super.{name}")
