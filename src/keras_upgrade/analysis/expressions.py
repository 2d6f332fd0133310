"""Evaluation of expressions, by the type of their node."""

from __future__ import annotations

import ast
from collections.abc import Callable

from keras_upgrade.analysis import attributes, versions
from keras_upgrade.analysis.frames import Frame
from keras_upgrade.analysis.values import (
    MAX_OPTIONS,
    UNKNOWN,
    Api,
    Arguments,
    Choice,
    Const,
    Instance,
    Mapping,
    Result,
    Seq,
    Tensor,
    Value,
    constant,
    each,
    join,
    join_all,
    may_be_api,
    options,
)
from keras_upgrade.syntax.walking import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from keras_upgrade.analysis.interpreter import Interpreter

_BUILTINS: dict[str, Value] = {
    name: Api(f"builtins.{name}", "builtins")
    for name in (
        "abs",
        "all",
        "any",
        "bool",
        "bytes",
        "callable",
        "dict",
        "dir",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "frozenset",
        "getattr",
        "hasattr",
        "id",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "object",
        "open",
        "print",
        "property",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "setattr",
        "slice",
        "sorted",
        "staticmethod",
        "classmethod",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "vars",
        "zip",
        "input",
        "globals",
        "locals",
    )
}
"""The functions and classes that every scope has, as far as it matters what they are."""


def _name(run: Interpreter, node: ast.Name, frame: Frame) -> Value:
    value = frame.lookup(node.id)
    if value is not None:
        return value
    member = attributes.starred(run.module, node.id) if run.module.stars else None
    if member is not None:
        return member
    return _BUILTINS.get(node.id, UNKNOWN)


def _attribute(run: Interpreter, node: ast.Attribute, frame: Frame) -> Value:
    base = node.value
    if type(base) is ast.Name or type(base) is ast.Attribute:
        # Not recorded yet: of `keras.layers.Dense` only the whole is a reference.
        owner = EVALUATORS[type(base)](run, base, frame)
        if run.module.observed:
            owner = run.corrected(base, owner)
        if may_be_api(owner):
            run.module.values.setdefault(base, owner)
        else:
            run.record(base, owner)
    else:
        owner = run.eval(base, frame)
    return attributes.attribute(run, owner, node.attr, node)


def arguments_of(run: Interpreter, node: ast.Call, frame: Frame) -> Arguments:
    """The evaluated arguments of a call."""
    arguments = Arguments()
    for argument in node.args:
        if type(argument) is ast.Starred:
            value = run.eval(argument.value, frame)
            if isinstance(value, Seq) and value.rest is None and arguments.complete:
                arguments.positional += value.items
            else:
                arguments.complete = False
        else:
            value = run.eval(argument, frame)
            if arguments.complete:
                arguments.positional.append(value)
    for keyword in node.keywords:
        value = run.eval(keyword.value, frame)
        if keyword.arg is not None:
            arguments.keywords[keyword.arg] = value
        elif isinstance(value, Mapping) and value.rest is None:
            arguments.keywords.update({k: v for k, v in value.items.items() if isinstance(k, str)})
        else:
            arguments.complete = False
    return arguments


def _call(run: Interpreter, node: ast.Call, frame: Frame) -> Value:
    callee = run.eval(node.func, frame)
    return run.call(callee, arguments_of(run, node, frame), node)


def operate(run: Interpreter, node: ast.expr, *operands: Value) -> Value:
    """The result of an operator on values: a tensor when one of them is, what NumPy made stays NumPy's."""
    some = [option for value in operands for option in options(value)]
    tensors = [option for option in some if isinstance(option, Tensor)]
    if not tensors:
        arrays = [o for o in some if isinstance(o, Result) and o.of.startswith("numpy.")]
        return Result(arrays[0].of, None, None, node) if arrays else UNKNOWN
    symbolic = any(tensor.symbolic for tensor in tensors)
    return Tensor(symbolic, node, run.module, None, tuple(operands), function=run.current_function())


def _binary(run: Interpreter, node: ast.BinOp, frame: Frame) -> Value:
    left, right = run.eval(node.left, frame), run.eval(node.right, frame)
    if isinstance(left, Seq) and isinstance(right, Seq) and isinstance(node.op, ast.Add):
        rests = [value.rest for value in (left, right) if value.rest is not None]
        return Seq([*left.items, *right.items], left.kind, join_all(rests) if rests else None)
    if isinstance(left, Const) and isinstance(right, Const):
        return _fold(node.op, left.value, right.value)
    if isinstance(left, Seq) and isinstance(node.op, ast.Mult):
        return Seq([], left.kind, left.element())
    return operate(run, node, left, right)


def _fold(operator: ast.operator, left: Any, right: Any) -> Value:
    if isinstance(left, str) and isinstance(right, str) and isinstance(operator, ast.Add):
        return Const(left + right)
    if type(left) in (int, float) and type(right) in (int, float):
        if isinstance(operator, ast.Add):
            return Const(left + right)
        if isinstance(operator, ast.Sub):
            return Const(left - right)
        if isinstance(operator, ast.Mult):
            return Const(left * right)
    return UNKNOWN


def _unary(run: Interpreter, node: ast.UnaryOp, frame: Frame) -> Value:
    operand = run.eval(node.operand, frame)
    if isinstance(operand, Const) and isinstance(node.op, ast.USub) and type(operand.value) in (int, float):
        return Const(-operand.value)  # type: ignore[operator]  # the type was just looked at
    if isinstance(node.op, ast.Not):
        return versions.negated(operand) or UNKNOWN
    return operate(run, node, operand)


def _compare(run: Interpreter, node: ast.Compare, frame: Frame) -> Value:
    operands = [run.eval(item, frame) for item in (node.left, *node.comparators)]
    decided = versions.compare(node.ops, operands)
    if decided is not None:
        return decided
    if any(isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in node.ops):
        return UNKNOWN
    return operate(run, node, *operands)


def _boolean(run: Interpreter, node: ast.BoolOp, frame: Frame) -> Value:
    operands = [run.eval(item, frame) for item in node.values]
    return versions.combined(node, operands) or join_all(operands)


def _conditional(run: Interpreter, node: ast.IfExp, frame: Frame) -> Value:
    decided = versions.truth(run.eval(node.test, frame))
    if decided is not None:
        return run.eval(node.body if decided else node.orelse, frame)
    return join(run.eval(node.body, frame), run.eval(node.orelse, frame))


def _sequence(run: Interpreter, node: ast.Tuple | ast.List | ast.Set, frame: Frame) -> Value:
    kind = {ast.Tuple: "tuple", ast.List: "list", ast.Set: "set"}[type(node)]
    items: list[Value] = []
    rest: list[Value] = []
    for item in node.elts:
        if isinstance(item, ast.Starred):
            value = run.eval(item.value, frame)
            if isinstance(value, Seq) and value.rest is None and not rest:
                items += value.items
            else:
                rest.append(element_of(run, value, item.value))
        elif rest:
            rest.append(run.eval(item, frame))
        else:
            items.append(run.eval(item, frame))
    return Seq(items, kind, join_all(rest) if rest else None)


def _dict(run: Interpreter, node: ast.Dict, frame: Frame) -> Value:
    items: dict[object, Value] = {}
    rest: Value | None = None
    for key, item in zip(node.keys, node.values, strict=True):
        value = run.eval(item, frame)
        name = run.eval(key, frame) if key is not None else UNKNOWN
        if isinstance(name, Const):
            items[name.value] = value
        elif key is None and isinstance(value, Mapping):
            items.update(value.items)
            rest = value.rest if rest is None else rest
        else:
            rest = value if rest is None else join(rest, value)
    return Mapping(items, rest)


def _subscript(run: Interpreter, node: ast.Subscript, frame: Frame) -> Value:
    owner = run.eval(node.value, frame)
    index = run.eval(node.slice, frame)
    decided = versions.subscript(owner, index, node.slice)
    if decided is not None:
        return decided
    return each(owner, lambda option: _item(run, option, index, node))


def _item(run: Interpreter, owner: Value, index: Value, node: ast.Subscript) -> Value:
    if isinstance(owner, Seq):
        position = constant(index)
        if (
            isinstance(position, int)
            and owner.rest is None
            and -len(owner.items) <= position < len(owner.items)
        ):
            return owner.items[position]
        if isinstance(owner.rest, Instance) and owner.rest.owner is not None:
            return _of_layers(run, owner, owner.rest, position, node)
        return Seq(owner.items, owner.kind, UNKNOWN) if isinstance(node.slice, ast.Slice) else owner.element()
    if isinstance(owner, Mapping):
        if isinstance(index, Const) and index.value in owner.items:
            return owner.items[index.value]
        return join_all([*owner.items.values(), *([owner.rest] if owner.rest is not None else [])])
    if isinstance(owner, Tensor):
        position = constant(index)
        return Tensor(
            owner.symbolic, node, run.module, None, (owner,), position if isinstance(position, int) else None
        )
    if isinstance(owner, Result):
        return Result(owner.of + "[]" * _taken_axes(node.slice), owner.owner, owner.arguments, node)
    return UNKNOWN


def _of_layers(
    run: Interpreter, owner: Seq, any_layer: Instance, position: object, node: ast.Subscript
) -> Value:
    """`model.layers[0]`, `model.layers[:5]`: not any layer, but one of some."""
    if isinstance(position, int) and -len(owner.items) <= position < len(owner.items):
        return owner.items[position]
    some = _slice_of(owner.items, node.slice)
    if some is not None:
        return Seq(some, owner.kind)
    part = attributes.part_of(run, any_layer)
    return Seq([], owner.kind, part) if isinstance(node.slice, ast.Slice) else part


def _slice_of(items: list[Value], index: ast.expr) -> list[Value] | None:
    """The items that a slice with constant ends takes, if they are few enough to be told apart."""
    if not items or not isinstance(index, ast.Slice) or index.step is not None:
        return None
    ends: list[int | None] = []
    for end in (index.lower, index.upper):
        try:
            value = None if end is None else ast.literal_eval(end)
        except ValueError:
            return None
        if value is not None and not isinstance(value, int):
            return None
        ends.append(value)
    some = items[ends[0] : ends[1]]
    return some if 0 < len(some) <= MAX_OPTIONS else None


def _taken_axes(index: ast.expr) -> int:
    """How many axes an index takes from an array: none by a slice, one by a number, each of a tuple."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return sum(not isinstance(part, ast.Slice) and not _is_new_axis(part) for part in parts)


def _is_new_axis(part: ast.expr) -> bool:
    if isinstance(part, ast.Constant):
        return part.value is None or part.value is ...
    return isinstance(part, ast.Attribute) and part.attr == "newaxis"


def item_of(run: Interpreter, value: Value, index: int, node: ast.expr) -> Value:
    """The item that unpacking `value` puts at `index`."""
    if isinstance(value, Seq):
        if value.rest is None and index < len(value.items):
            return value.items[index]
        return value.element()
    if isinstance(value, Tensor):
        return Tensor(value.symbolic, node, run.module, value.maker, (value,), index)
    if isinstance(value, Result):
        return Result(f"{value.of}[]", value.owner, value.arguments, node)
    return UNKNOWN


def element_of(run: Interpreter, value: Value, node: ast.expr) -> Value:
    """Any one item of an iterable."""
    return each(value, lambda option: _element(run, option, node))


def _element(run: Interpreter, value: Value, node: ast.expr) -> Value:
    if isinstance(value, Seq):
        return value.element()
    if isinstance(value, Mapping):
        keys = [Const(key) for key in value.items]
        return keys[0] if len(keys) == 1 else UNKNOWN
    if isinstance(value, Tensor):
        return Tensor(value.symbolic, node, run.module, None, (value,))
    if isinstance(value, Result):
        return Result(f"{value.of}[]", value.owner, value.arguments, node)
    return UNKNOWN


def _lambda(run: Interpreter, node: ast.Lambda, frame: Frame) -> Value:
    return run.define(node, frame)


def _comprehension(
    run: Interpreter, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, frame: Frame
) -> Value:
    inner = Frame(frame)
    for generator in node.generators:
        element = element_of(run, run.eval(generator.iter, inner), generator.iter)
        run.bind(generator.target, element, inner, _NO_STATEMENT)
        for condition in generator.ifs:
            run.eval(condition, inner)
    if isinstance(node, ast.DictComp):
        run.eval(node.key, inner)
        return Mapping({}, run.eval(node.value, inner))
    kind = {ast.ListComp: "list", ast.SetComp: "set"}.get(type(node), "iterator")
    return Seq([], kind, run.eval(node.elt, inner))


_NO_STATEMENT = ast.Pass()


def _named(run: Interpreter, node: ast.NamedExpr, frame: Frame) -> Value:
    value = run.eval(node.value, frame)
    run.bind(node.target, value, frame, _NO_STATEMENT)
    return value


def _yield(run: Interpreter, node: ast.Yield | ast.YieldFrom, frame: Frame) -> Value:
    if node.value is not None:
        frame.yielded.append(run.eval(node.value, frame))
    return UNKNOWN


def _await(run: Interpreter, node: ast.Await, frame: Frame) -> Value:
    return run.eval(node.value, frame)


def _starred(run: Interpreter, node: ast.Starred, frame: Frame) -> Value:
    run.eval(node.value, frame)
    return UNKNOWN


def _slice(run: Interpreter, node: ast.Slice, frame: Frame) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            run.eval(part, frame)
    return UNKNOWN


def _text(run: Interpreter, node: ast.JoinedStr | ast.FormattedValue, frame: Frame) -> Value:
    for part in node.values if isinstance(node, ast.JoinedStr) else (node.value, node.format_spec):
        if part is not None:
            run.eval(part, frame)
    return UNKNOWN


def _other(run: Interpreter, node: ast.expr, frame: Frame) -> Value:
    for part in children(node):
        if isinstance(part, ast.expr):
            run.eval(part, frame)
    return UNKNOWN


type _Evaluator = Callable[[Any, Any, Frame], Value]


class _Evaluators(dict[type[ast.expr], "_Evaluator"]):
    def __missing__(self, key: type[ast.expr]) -> _Evaluator:
        return _other


EVALUATORS = _Evaluators(
    {
        ast.Constant: lambda _run, node, _frame: Const(node.value),
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.BinOp: _binary,
        ast.UnaryOp: _unary,
        ast.Compare: _compare,
        ast.BoolOp: _boolean,
        ast.IfExp: _conditional,
        ast.Tuple: _sequence,
        ast.List: _sequence,
        ast.Set: _sequence,
        ast.Dict: _dict,
        ast.Subscript: _subscript,
        ast.Lambda: _lambda,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.DictComp: _comprehension,
        ast.NamedExpr: _named,
        ast.Yield: _yield,
        ast.YieldFrom: _yield,
        ast.Await: _await,
        ast.Starred: _starred,
        ast.Slice: _slice,
        ast.JoinedStr: _text,
        ast.FormattedValue: _text,
    }
)
"""Evaluator of each type of expression: `(interpreter, node, frame) -> value`."""

__all__ = [
    "EVALUATORS",
    "Choice",
    "Instance",
    "arguments_of",
    "element_of",
    "item_of",
    "operate",
]
