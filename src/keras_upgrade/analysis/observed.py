"""What a run has shown of a program: the kinds of values that the analysis alone could not tell."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from keras_upgrade.analysis.values import Arguments, Const, Instance, Tensor, Value, api

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from keras_upgrade.analysis.interpreter import Interpreter

type Kind = Mapping[str, Any]
"""A kind of value: its `kind` is the path of a class of Keras (`keras.Sequential`), `symbolic tensor` or `tensor`;
`arguments` are those plain ones that the object was made with, `layers` the kinds of a Sequential's layers."""

type Observed = Mapping[tuple[str, str], Kind]
"""The kind of the value of an expression, by the name of the function around it (`<module>` for none) and its text."""

SYMBOLIC, REAL = "symbolic tensor", "tensor"


def value_of(run: Interpreter, node: ast.expr) -> Value | None:
    """The value that an expression was observed to have; None if it was not observed."""
    if not isinstance(node, ast.Name | ast.Attribute):
        return None
    function = run.current_function()
    kind = run.module.observed.get((function.name if function else "<module>", ast.unparse(node)))
    if kind is None:
        return None
    if kind["kind"] in (SYMBOLIC, REAL):
        return Tensor(kind["kind"] == SYMBOLIC, node, run.module, function=function)
    return _instance(run, kind)


def _instance(run: Interpreter, kind: Kind) -> Instance:
    keywords: dict[str, Value] = {
        name: Const(argument) for name, argument in kind.get("arguments", {}).items()
    }
    instance = Instance(api(kind["kind"]), None, Arguments([], keywords), run.module, run.current_function())
    instance.children = [_instance(run, layer) for layer in kind.get("layers", ()) if layer is not None]
    return instance
