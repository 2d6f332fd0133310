"""The updates of optimizers that a function object makes, as steps."""

from __future__ import annotations

import ast

from keras_upgrade.analysis.models import is_layer
from keras_upgrade.analysis.values import options
from keras_upgrade.rules.graphs.modes import in_function
from keras_upgrade.rules.graphs.objects import CannotRewriteError, FunctionObject
from keras_upgrade.rules.graphs.tensors import TAPE, GraphTensors
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.walking import walk

UPDATES = ("get_updates", "apply_gradients", "minimize")
"""The methods of optimizers that give updates."""


class GraphUpdates(GraphTensors):
    """A slice, and the steps of the optimizers among its updates.

    Attributes:
        setup: the statements that stand before the function: an optimizer has a state, so that it is made once.
    """

    def __init__(self, made: FunctionObject, *, symbolic: bool = False) -> None:
        super().__init__(made, symbolic=symbolic)
        self.setup: list[str] = []

    def scope_name(self, wanted: str, *suffixes: str) -> str:
        """A name for a variable around the function, where no other function made in this pass has one."""
        key = f"names of graph functions in {self.module.name}"
        reserved = self.context.program.once(key, dict[int, set[str]]).setdefault(id(self.scope), set())
        names = [n for n in walk(self.scope) if isinstance(n, ast.Name)]
        taken = {n.id for n in names if in_function(self.module, n) is self.scope} | reserved
        taken |= {item.name for item in self.inputs} | {leaf.name for leaf in self.leaves.values()}
        if isinstance(self.scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            taken.add(self.scope.name)
        found = free_name(wanted, taken, *suffixes)
        reserved.add(found)
        return found

    def is_layer_call(self, node: ast.Call) -> bool:
        """Whether a layer or model is called."""
        return all(map(is_layer, options(self.context.value(node.func))))

    def inline_updates(self, node: ast.expr) -> list[str]:
        """The statements that do what updates did that are not the value of a variable."""
        calls = self.updates_in(node)
        if not calls:
            raise CannotRewriteError("its updates are not only those of an optimizer")
        return [line for call in calls for line in self.updates_text(call)]

    def updates_in(self, node: ast.expr) -> list[ast.Call]:
        """The calls of optimizers' methods that give updates, if an expression has nothing else in it."""
        if isinstance(node, (ast.List, ast.Tuple)):
            found = [self.updates_in(item) for item in node.elts]
            return [call for calls in found for call in calls] if all(found) else []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.updates_in(node.left), self.updates_in(node.right)
            return [*left, *right] if left and right else []
        method = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        return [node] if isinstance(node, ast.Call) and method in UPDATES else []

    def update_losses(self) -> list[ast.expr]:
        """What the updates of optimizers minimize."""
        roots = [statement.value for statement in self.moved if isinstance(statement, ast.Assign)]
        roots += [self.made.updates] if self.made.updates is not None else []
        calls = [call for root in roots for call in self.updates_in(root)]
        return [self._update_arguments(call)["loss"] for call in calls if _method(call) != "apply_gradients"]

    def _update_arguments(self, call: ast.Call) -> dict[str, ast.expr]:
        """The loss and the variables among the arguments of `get_updates` or `minimize`."""
        bound = {k.arg: k.value for k in call.keywords if k.arg is not None}
        count = len(call.args) + len(bound)
        if _method(call) == "minimize":
            bound.update(zip(("loss", "global_step", "var_list"), call.args, strict=False))
            bound = {{"var_list": "params"}.get(name, name): value for name, value in bound.items()}
        else:
            order = ("params", "constraints", "loss") if count == 3 else ("loss", "params")
            bound.update(zip(order, call.args, strict=False))
        if not {"loss"} <= set(bound) <= {"loss", "params", "constraints"}:
            raise CannotRewriteError(f"the arguments of `{_method(call)}` are not known")
        return bound

    def _weights(self, bound: dict[str, ast.expr]) -> str:
        """The variables that an optimizer changes: those that it is given, or those of the only model that is called."""
        if "params" in bound:
            text = self.source.segment(bound["params"])
            if not self.is_weights(bound["params"]):
                raise CannotRewriteError(f"it is not known what `{text}` is")
            return text
        models = {
            self.source.segment(part.func): part
            for statement in self.moved
            for part in walk(statement)
            if isinstance(part, ast.Call) and self.is_layer_call(part)
        }
        if len(models) != 1 or self.read:
            raise CannotRewriteError("it is not known which variables are trained")
        return f"{next(iter(models))}.trainable_weights"

    def updates_text(self, call: ast.Call) -> list[str]:
        """The statements that do what the updates of an optimizer did."""
        assert isinstance(call.func, ast.Attribute)
        if _method(call) == "apply_gradients":
            if len(call.args) != 1 or call.keywords:
                raise CannotRewriteError("the arguments of `apply_gradients` are not known")
            given = self.text(call.args[0])
            return [f"{self._optimizer(call.func.value)}.apply_gradients({given})"]
        bound = self._update_arguments(call)
        if "constraints" in bound and not _is_empty(bound["constraints"]):
            raise CannotRewriteError("`get_updates` is given constraints")
        weights = self._weights(bound)
        tape = self.tape_of(bound["loss"])
        if tape != TAPE:
            raise CannotRewriteError("one of its updates is that of a gradient, another is not")
        self.tapes[tape].gradients += 1
        loss = self.loss_text(bound["loss"], tape)
        name = self.free("gradients")
        optimizer = self._optimizer(call.func.value)
        return [
            f"{name} = {tape}.gradient({loss}, {weights})",
            f"{optimizer}.apply_gradients(zip({name}, {weights}))",
        ]

    def _optimizer(self, node: ast.expr) -> str:
        """An optimizer as it is written in the function: it has a state, so that it is made once, outside."""
        text = self.source.segment(node)
        if not isinstance(node, ast.Call):
            return text
        name = self.scope_name("optimizer")
        self.setup.append(f"{name} = {text}")
        return name


def _method(call: ast.Call) -> str:
    """The method that is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple, ast.Dict)) and not ast.unparse(node).strip("[](){}")
