"""The function objects of `K.function`: what goes into them, what comes out, and where they are called."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Const,
    Instance,
    Mapping,
    Result,
    Seq,
    Tensor,
    Value,
    constant,
    options,
)
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass, field
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.phases import FUNCTION
from keras_upgrade.syntax.edits import outer_span
from keras_upgrade.syntax.templates import bind, parse_params
from keras_upgrade.syntax.walking import walk

_PARAMETERS = parse_params("inputs, outputs, updates=None, name=None")
_PHASES = ("keras.backend.learning_phase", "keras.backend.symbolic_learning_phase")
_SET_PHASE = ("keras.backend.set_learning_phase", "keras.backend.learning_phase_scope")
_GONE = frozenset(
    {"targets", "sample_weights", "total_loss", "_feed_targets", "_feed_sample_weights", "_feed_inputs"}
)
"""What the models of Keras 2 had of their training."""
_READERS = frozenset(
    f"builtins.{name}"
    for name in ("zip", "enumerate", "len", "list", "tuple", "reversed", "callable", "print")
)
"""Builtins that a list of function objects may go through: the analysis follows it there."""


def constant_of(context: Context, node: ast.expr) -> object:
    """The Python constant that an expression is, or None."""
    return node.value if isinstance(node, ast.Constant) else constant(context.value(node))


class CannotRewriteError(Exception):
    """The function cannot be rewritten; the message says why, in words for the user."""


@dataclass
class FunctionCall:
    """One call of a function object, `f([x, 0])`.

    Attributes:
        node: the call.
        arguments: the arrays that it is given; None where they are not written as a list here.
        phase: the learning phase that it is given.
        item: `f(...)[0]`, if the call is followed by that.
    """

    node: ast.Call
    arguments: list[ast.expr] | None
    phase: ast.expr | None
    item: ast.Subscript | None


@dataclass
class FunctionObject:
    """One call of `K.function` with the calls of what it gives.

    Attributes:
        site: the call of `K.function`.
        inputs: the placeholders, without the learning phase; None for all inputs of a model (`model.inputs`).
        whole: `model.inputs`, if that is what was given.
        bare: whether the only input was not written as a list, so that the function takes the array itself.
        phase: the index of the learning phase among the inputs.
        outputs: the argument for the outputs.
        updates: the argument for the updates.
        calls: the calls of the function object, in the order of the text.
        followed: whether these are all of its uses, each with a list as argument.
        aside: whether it is stored, passed on or returned beside that.
    """

    context: Context
    site: ast.Call
    inputs: list[ast.expr] | None = None
    whole: ast.expr | None = None
    bare: bool = False
    phase: int | None = None
    outputs: ast.expr = field(default_factory=lambda: ast.Constant(None))
    updates: ast.expr | None = None
    calls: list[FunctionCall] = field(default_factory=list)
    followed: bool = True
    aside: bool = False

    @property
    def statement(self) -> ast.stmt:
        """The statement in which `K.function` is called."""
        return self.context.module.statement(self.site)

    @property
    def is_list(self) -> bool:
        """Whether the function gives a list: it does unless its outputs are one tensor."""
        node = self.outputs
        if isinstance(node, ast.Attribute):
            return node.attr.endswith("s")
        tensor = isinstance(node, ast.Name) and all(map(_is_one, options(self.context.value(node))))
        return not tensor and not isinstance(node, ast.Subscript)

    @property
    def single(self) -> ast.expr | None:
        """The only output, if there is one, written as a list here."""
        node = self.outputs
        return node.elts[0] if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1 else None

    @property
    def takes_first(self) -> bool:
        """Whether the only output is taken from the list at every call."""
        return (
            self.single is not None
            and self.followed
            and bool(self.calls)
            and all(call.item is not None for call in self.calls)
        )


def is_phase(context: Context, node: ast.expr) -> bool:
    """Whether an expression is `K.learning_phase()`."""
    if not isinstance(node, ast.Call):
        return False
    api = context.module.api(node.func)
    return api is not None and api.path in _PHASES


def read(context: Context, site: ast.Call) -> FunctionObject:
    """The function object that a call of `K.function` makes.

    Raises:
        CannotRewriteError: its arguments cannot be told.
    """
    bound = bind(site, _PARAMETERS)
    if bound is None:
        raise CannotRewriteError("its arguments are not known here")
    for node in walk(site):
        if isinstance(node, ast.Attribute) and node.attr in _GONE:
            raise CannotRewriteError(f"`{context.source.segment(node)}` is not there in Keras 3")
    made = FunctionObject(context, site, outputs=bound["outputs"])
    updates = bound.get("updates")
    if not _is_empty(updates):
        made.updates = updates
    _read_inputs(made, _written(context, bound["inputs"]))
    _check_inner(made)
    _check_phase(context)
    _find_calls(made)
    return made


def _is_empty(node: ast.expr | None) -> bool:
    return (
        node is None
        or (isinstance(node, ast.Constant) and node.value is None)
        or (isinstance(node, (ast.List, ast.Tuple)) and not node.elts)
    )


def _written(context: Context, node: ast.expr) -> ast.expr:
    """The list that a name holds, if it is assigned once and never changed."""
    if not isinstance(node, ast.Name):
        return node
    stores = [s for s in context.module.names_of(node.id) if not isinstance(s.ctx, ast.Load)]
    statement = context.module.statement(stores[0]) if len(stores) == 1 else None
    if isinstance(statement, ast.Assign) and statement.targets == stores:
        if isinstance(statement.value, (ast.List, ast.Tuple)):
            return statement.value
    return node


def _read_inputs(made: FunctionObject, node: ast.expr) -> None:
    context = made.context
    if isinstance(node, ast.BinOp) and isinstance(node.right, ast.List) and isinstance(node.op, ast.Add):
        if len(node.right.elts) == 1 and is_phase(context, node.right.elts[0]):
            made.phase = -1
            node = node.left
    if isinstance(node, ast.Attribute) and node.attr == "inputs":
        made.whole = node
        return
    if _is_tensor(context, node):
        made.inputs, made.bare = [node], True
        return
    if not isinstance(node, (ast.List, ast.Tuple)) or any(isinstance(e, ast.Starred) for e in node.elts):
        raise CannotRewriteError("its inputs are not written as a list here")
    phases = [index for index, item in enumerate(node.elts) if is_phase(context, item)]
    if len(phases) > 1 or len(phases) == len(node.elts):
        raise CannotRewriteError("it has no inputs")
    made.phase = phases[0] if phases else None
    made.inputs = [item for item in node.elts if not is_phase(context, item)]


def _is_one(value: Value) -> bool:
    """Whether a value is one tensor: `K.gradients` gives a list."""
    maker = value.maker if isinstance(value, Tensor) else None
    return isinstance(value, Tensor) and not (isinstance(maker, Api) and maker.name == "gradients")


def _is_tensor(context: Context, node: ast.expr) -> bool:
    """Whether an expression is one tensor."""
    if isinstance(node, ast.Attribute) and node.attr == "input":
        return True
    return isinstance(node, ast.Name) and all(isinstance(o, Tensor) for o in options(context.value(node)))


def _check_inner(made: FunctionObject) -> None:
    """The layers of a Sequential that was built layer by layer do not lead from the input of one to the output of
    another.
    """
    for node in made.inputs or ():
        layer = node.value if isinstance(node, ast.Attribute) and node.attr == "input" else None
        picked = layer.value if isinstance(layer, ast.Subscript) else None
        picked = layer.func if isinstance(layer, ast.Call) else picked
        if not isinstance(picked, ast.Attribute) or picked.attr not in ("layers", "get_layer"):
            continue
        first = isinstance(layer, ast.Subscript) and is_zero(made.context, layer.slice)
        if not first and is_layered(made.context.value(picked.value)):
            model = made.context.source.segment(picked.value)
            raise CannotRewriteError(
                f"`{model}` was built layer by layer, so that its layers are not one graph"
            )


def is_layered(value: Value) -> bool | None:
    """Whether a model is a Sequential that was built layer by layer, as one from a file is; None if it is not known.

    The `output` of its layers comes from an earlier step of its building than its own output.
    """
    found: bool | None = False
    for option in options(value):
        if not isinstance(option, Instance) or option.api is None:
            found = found if found else None
        elif kind_of(option.api.path) is Kind.SEQUENTIAL:
            added = any(event.name == "add" for event in option.events)
            found = True if added or option.call is None else found
        elif option.call is None:
            found = found if found else None
    return found


def _check_phase(context: Context) -> None:
    for module in context.program:
        for call in module.calls:
            api = module.api(call.func)
            if api is not None and api.path in _SET_PHASE and call.args:
                value = constant_of(context, call.args[0])
                if not (isinstance(value, (int, float)) and not value):
                    place = module.document.position(module.source.start(call))
                    raise CannotRewriteError(f"the learning phase is set ({place})")


# -- where it is called --------------------------------------------------------------------------------------


def _find_calls(made: FunctionObject) -> None:
    module = made.context.module
    for other in made.context.program:
        if other is not module and any(_is(value, made.site) for value in other.values.values()):
            made.followed, made.aside = False, True
    for node, value in list(module.values.items()):
        if not _is(value, made.site):
            continue
        call = _called(module, node, made)
        if call is not None:
            made.calls.append(call)
        elif not _is_followed(module, node, value):
            made.followed, made.aside = False, True
    made.calls.sort(key=lambda call: (call.node.lineno, call.node.col_offset))
    if not made.calls or any(call.arguments is None for call in made.calls):
        made.followed = False
    if any(not _all_known(module, name, made.site) for name in _attributes(made)):
        made.followed, made.aside = False, True


def _is(value: Value, site: ast.Call, depth: int = 2) -> bool:
    """Whether a value may be the function object, or hold it."""
    for option in options(value):
        if isinstance(option, Result) and option.node is site and option.of == FUNCTION:
            return True
        if depth and isinstance(option, (Seq, Mapping)):
            items = option.items.values() if isinstance(option, Mapping) else option.items
            inside = [*items, *([option.rest] if option.rest is not None else [])]
            if any(_is(item, site, depth - 1) for item in inside):
                return True
    return False


def _called(module: Module, node: ast.expr, made: FunctionObject) -> FunctionCall | None:
    call = module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node:
        return None
    found = [option for option in options(module.value(node)) if option != Const(None)]
    sure = all(isinstance(option, Result) and option.node is made.site for option in found)
    arguments, phase = _arguments(made, call) if sure else (None, None)
    outer = module.parent(call)
    first = isinstance(outer, ast.Subscript) and outer.value is call and is_zero(made.context, outer.slice)
    return FunctionCall(call, arguments, phase, outer if first and isinstance(outer, ast.Subscript) else None)


def is_zero(context: Context, node: ast.expr) -> bool:
    """Whether an index is 0."""
    value = constant_of(context, node)
    return type(value) is int and value == 0


def _arguments(made: FunctionObject, call: ast.Call) -> tuple[list[ast.expr] | None, ast.expr | None]:
    """The arrays and the learning phase that a call is given."""
    if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
        return None, None
    if made.bare:
        return [call.args[0]], None
    if not isinstance(call.args[0], (ast.List, ast.Tuple)):
        return None, None
    given = call.args[0].elts
    if any(isinstance(item, ast.Starred) for item in given):
        return None, None
    if made.inputs is None:
        if made.phase is None:
            return list(given), None
        return list(given[:-1]), given[-1]
    expected = len(made.inputs)
    if len(given) == expected:
        return list(given), None
    if made.phase is None or len(given) != expected + 1:
        return None, None
    return [item for index, item in enumerate(given) if index != made.phase], given[made.phase]


def _is_followed(module: Module, node: ast.expr, value: Value) -> bool:
    """Whether the analysis knows where a value that is, or holds, the function object goes from here."""
    if isinstance(node, (ast.Name, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
        return True
    parent = module.parent(node)
    if isinstance(parent, (ast.Assign, ast.Return, ast.Expr, ast.Compare, ast.If, ast.UnaryOp)):
        return True
    if isinstance(parent, (ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.For)):
        return True
    if isinstance(parent, (ast.List, ast.Tuple)):
        return not isinstance(module.parent(parent), ast.Call)
    holds = not any(isinstance(option, Result) for option in options(value))
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return holds
    if isinstance(parent, ast.Call) and node in parent.args:
        return any(isinstance(o, Api) and o.path in _READERS for o in options(module.value(parent.func)))
    return False


def _attributes(made: FunctionObject) -> list[str]:
    """The names of attributes that hold the function object."""
    statement = made.statement
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    found = [target.attr for target in targets if isinstance(target, ast.Attribute)]
    module = made.context.module
    for node, value in module.values.items():
        if isinstance(node, ast.Attribute) and _is(value, made.site):
            found.append(node.attr)
    return list(dict.fromkeys(found))


def _all_known(module: Module, name: str, site: ast.Call) -> bool:
    """Whether each read of an attribute of that name is known: to give the function object, or something else."""
    return all(
        _is(module.value(node), site) or UNKNOWN not in options(module.value(node))
        for node in module.nodes(ast.Attribute)
        if node.attr == name and isinstance(node.ctx, ast.Load)
    )


# -- text ----------------------------------------------------------------------------------------------------


def unwrapped(context: Context, node: ast.expr, kept: Sequence[ast.expr]) -> list[Edit]:
    """Takes the brackets from a list, with all of its items but one."""
    source = context.source
    start, end = source.start(node), source.end(node)
    inner = outer_span(source, kept[0], Span(start + 1, end - 1))
    return [Edit(start, inner.start, ""), Edit(inner.end, end, "")]


def without(context: Context, node: ast.List | ast.Tuple, unwanted: ast.expr) -> Edit:
    """Takes an item out of a list, with its comma."""
    source = context.source
    inside = Span(source.start(node) + 1, source.end(node) - 1)
    spans = [outer_span(source, item, inside) for item in node.elts]
    index = node.elts.index(unwanted)
    if index:
        return Edit(spans[index - 1].end, spans[index].end, "")
    return Edit(spans[0].start, spans[1].start, "")
