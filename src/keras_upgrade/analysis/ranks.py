"""How many axes a tensor has, where the program's text tells."""

from __future__ import annotations

import ast
from collections.abc import Callable

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Api, Const, Instance, Result, Seq, Tensor, Value, options

MAX_DEPTH = 24
"""Longer chains of operations are not followed."""

_AXIS_MORE = frozenset(["expand_dims", "stack", "one_hot"])
_AXIS_LESS = frozenset(["squeeze", "argmax", "argmin"])
_REDUCTIONS = frozenset(["sum", "mean", "max", "min", "prod", "any", "all", "std", "var", "logsumexp"])
_BY_SHAPE = frozenset(["zeros", "ones", "fill", "random_normal", "random_uniform", "placeholder"])
_BY_ORDER = frozenset(["permute_dimensions", "transpose"])
_MAPS = frozenset(["map_fn", "map"])
_FIXED = {"conv1d": 3, "conv2d": 4, "conv3d": 5, "local_conv1d": 3, "local_conv2d": 4, "batch_flatten": 2}
_SAME = frozenset(
    {
        "abs",
        "cast",
        "clip",
        "clip_by_value",
        "concat",
        "concatenate",
        "cumprod",
        "cumsum",
        "dropout",
        "elu",
        "exp",
        "hard_sigmoid",
        "identity",
        "l2_normalize",
    }
    | {
        "log",
        "maximum",
        "minimum",
        "multiply",
        "ones_like",
        "pow",
        "power",
        "relu",
        "repeat_elements",
        "reverse",
        "round",
        "sigmoid",
    }
    | {
        "sign",
        "softmax",
        "softplus",
        "softsign",
        "sqrt",
        "square",
        "stop_gradient",
        "tanh",
        "tile",
        "zeros_like",
    }
)
_ANY = -1
"""The rank of what is asked for already, round a loop: it says nothing."""


class Ranks:
    """The ranks of the expressions of a module.

    Arguments:
        special: says it for calls of `batch_dot`, whose result depends on what is assumed of them.
    """

    def __init__(self, module: Module, special: Callable[[Ranks, ast.Call], int | None]) -> None:
        self._module = module
        self._special = special
        self._active: set[int] = set()

    def of(self, node: ast.expr) -> int | None:
        """The number of axes of what an expression gives; None if it is not known, or not always the same."""
        found = self._of_value(self._module.value(node))
        return None if found == _ANY else found

    def _of_value(self, value: Value) -> int | None:
        tensors = [option for option in options(value) if isinstance(option, Tensor)]
        if not tensors:
            others = {_of_other(option) for option in options(value)}
            return others.pop() if len(others) == 1 else None
        known = {self._of_tensor(tensor) for tensor in tensors} - {_ANY}
        return _ANY if not known else known.pop() if len(known) == 1 else None

    def _of_tensor(self, tensor: Tensor) -> int | None:
        if id(tensor) in self._active:
            return _ANY
        if len(self._active) > MAX_DEPTH:
            return None
        self._active.add(id(tensor))
        try:
            return self._made(tensor)
        finally:
            self._active.discard(id(tensor))

    def _made(self, tensor: Tensor) -> int | None:
        node = tensor.node
        if isinstance(tensor.maker, Api) and isinstance(node, ast.Call):
            return self._called(tensor, tensor.maker.name.removeprefix("reduce_"), node)
        if isinstance(tensor.maker, Instance) or not tensor.parents:
            return None
        if isinstance(node, ast.Subscript) and len(tensor.parents) == 1:
            return _after_index(node.slice, self._of_value(tensor.parents[0]))
        ranks = [self._of_value(parent) for parent in tensor.parents]
        return None if None in ranks else max(found for found in ranks if found is not None)

    def _called(self, tensor: Tensor, name: str, call: ast.Call) -> int | None:
        if name == "batch_dot":
            return self._special(self, call)
        if name in _FIXED:
            return _FIXED[name]
        if name in _BY_SHAPE or name == "reshape":
            return _written_length(call, 1 if name == "reshape" else 0, "shape")
        if name in _MAPS:
            return self._mapped(call)
        first = self._of_value(_first(tensor)) if tensor.parents else None
        if name in _BY_ORDER:
            return _written_length(call, 1, "pattern", "perm", "axes") or first
        if first is None or first == _ANY:
            return first
        if name in _REDUCTIONS:
            return _reduced(call, first)
        if name not in _SAME | _AXIS_MORE | _AXIS_LESS:
            return None
        return first + (name in _AXIS_MORE) - (name in _AXIS_LESS)

    def _mapped(self, call: ast.Call) -> int | None:
        """What a function gives for each element, stacked."""
        function = _argument(call, 0, "fn", "f")
        each = self._of_value(self._module.value(function.body)) if isinstance(function, ast.Lambda) else None
        return each if each is None or each == _ANY else each + 1


def _of_other(value: Value) -> int | None:
    if isinstance(value, Const):
        return 0
    if isinstance(value, Result) and value.of.endswith("add_weight") and value.arguments is not None:
        return _length(value.arguments.get(1, "shape")) or _length(value.arguments.get(0))
    return None


def _first(tensor: Tensor) -> Value:
    first = tensor.parents[0]
    return first.items[0] if isinstance(first, Seq) and first.items else first


def _length(value: Value | None) -> int | None:
    return len(value.items) if isinstance(value, Seq) and value.rest is None else None


def _argument(call: ast.Call, index: int, *names: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg in names:
            return keyword.value
    return call.args[index] if index < len(call.args) else None


def _written_length(call: ast.Call, index: int, *names: str) -> int | None:
    given = _argument(call, index, *names)
    if not isinstance(given, (ast.Tuple, ast.List)) or any(isinstance(e, ast.Starred) for e in given.elts):
        return None
    return len(given.elts)


def _reduced(call: ast.Call, whole: int) -> int | None:
    keep, axis = _argument(call, 2, "keepdims", "keep_dims"), _argument(call, 1, "axis")
    if keep is not None and not isinstance(keep, ast.Constant):
        return None
    if isinstance(keep, ast.Constant) and keep.value:
        return whole
    if axis is None:
        return 0
    return whole - (len(axis.elts) if isinstance(axis, (ast.Tuple, ast.List)) else 1)


def _after_index(index: ast.expr, whole: int | None) -> int | None:
    if whole is None or whole == _ANY:
        return whole
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    for part in parts:
        if isinstance(part, ast.Slice) or (isinstance(part, ast.Constant) and part.value is ...):
            continue
        if _is_new_axis(part):
            whole += 1
        elif isinstance(part, (ast.Constant, ast.UnaryOp)):
            whole -= 1
        else:
            return None  # a number takes an axis, an array may take none
    return whole


def _is_new_axis(part: ast.expr) -> bool:
    if isinstance(part, ast.Constant):
        return part.value is None
    return isinstance(part, ast.Attribute) and part.attr == "newaxis"
