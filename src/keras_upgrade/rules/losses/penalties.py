"""Losses that take the gradient of a model's output by its input: where the input comes from, and who calls the model.

Such a loss (the gradient penalty of a WGAN-GP) gets the output as `y_pred`, and the input from outside: as an argument
that `functools.partial`, a `lambda` or a function around it fills, or as a variable of the module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.calls import callables_in
from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import FunctionNode
from keras_upgrade.analysis.models import is_layer
from keras_upgrade.analysis.values import Event, Instance, options
from keras_upgrade.records import dataclass
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.modes import GRADIENTS
from keras_upgrade.rules.graphs.objects import is_zero
from keras_upgrade.rules.graphs.slices import scope_of
from keras_upgrade.rules.shared.classes import first_parameter
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.walking import walk

_TRAINS = frozenset(
    {"compile", "fit", "fit_generator", "train_on_batch", "test_on_batch", "evaluate", "summary"}
)
"""What may be done with a model one of whose outputs becomes another one."""


@dataclass(frozen=True)
class Supply:
    """How a function gets the input: the call that gives it, and the parameter that takes it."""

    function: ast.FunctionDef
    parameter: str
    call: ast.Call
    argument: ast.expr | ast.keyword


@dataclass(frozen=True)
class Penalty:
    """A loss that takes a gradient.

    Attributes:
        gradient: the first gradient of the list that `K.gradients` gives, or that list.
        loss: the function around it.
        prediction: what that calls the output of the model.
        supply: how the input gets into the loss; None for a variable that it reads from outside.
        critic: the call of the model, by the input of which the gradient is taken.
    """

    gradient: ast.expr
    loss: ast.FunctionDef
    prediction: str
    supply: Supply | None
    critic: ast.Call


def penalties(context: Context) -> Iterator[Penalty]:
    """The losses of this kind in a module, as far as all of it is known."""
    for call, callee in context.calls():
        if callee.path in GRADIENTS:
            found = _penalty(context, call)
            if found is not None:
                yield found


def _penalty(context: Context, call: ast.Call) -> Penalty | None:
    around = enclosing_functions(context.module, call)
    loss = around[0] if around else None
    if not isinstance(loss, ast.FunctionDef) or len(call.args) != 2 or call.keywords:
        return None
    output, samples = _summed(context, _only_item(call.args[0])), _only_item(call.args[1])
    parameters = parameters_of(context, loss)
    if not isinstance(output, ast.Name) or not isinstance(samples, ast.Name) or len(parameters) < 2:
        return None
    if output.id != parameters[1] or any(_reads(loss, name) != 1 for name in (output.id, samples.id)):
        return None
    owner = scope_of(context.module, samples)
    supply = _supply(context, owner, samples.id) if isinstance(owner, ast.FunctionDef) else None
    if isinstance(owner, ast.FunctionDef) and owner in around and supply is None:
        return None
    place: ast.expr = samples if supply is None else _value_of(supply.argument)
    critic = _critic(context, place)
    if critic is None or not _is_trained(context, loss, supply, critic):
        return None
    parent = context.module.parent(call)
    if isinstance(parent, ast.Subscript) and is_zero(context, parent.slice):
        return Penalty(parent, loss, output.id, supply, critic)
    return Penalty(call, loss, f"[{output.id}]", supply, critic)


def _summed(context: Context, node: ast.expr) -> ast.expr:
    """What is summed up: the gradients of a sum are those of all that it adds."""
    callee = context.module.api(node.func) if isinstance(node, ast.Call) else None
    if callee is None or callee.path not in ("keras.backend.sum", "keras.ops.sum", "tensorflow.reduce_sum"):
        return node
    assert isinstance(node, ast.Call)
    return node.args[0] if len(node.args) == 1 and not node.keywords else node


def _only_item(node: ast.expr) -> ast.expr:
    """The item of a list of one; other expressions as they are."""
    return node.elts[0] if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1 else node


def _reads(function: FunctionNode, name: str) -> int:
    return sum(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        for node in walk(function)
    )


def _value_of(argument: ast.expr | ast.keyword) -> ast.expr:
    return argument.value if isinstance(argument, ast.keyword) else argument


def parameters_of(context: Context, function: ast.FunctionDef) -> list[str]:
    """The parameters of a function by position, without the `self` of a method."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    is_method = isinstance(context.module.parent(function), ast.ClassDef) and first_parameter(function)
    return names[1:] if is_method else names


# -- where the input comes from ------------------------------------------------------------------------------


def references(context: Context, function: ast.FunctionDef) -> list[ast.expr]:
    """Where the program reads a function or method, by its name."""
    is_method = isinstance(context.module.parent(function), ast.ClassDef)
    found: list[ast.expr] = []
    for module in context.program:
        if is_method:
            found += [node for node in module.nodes(ast.Attribute) if node.attr == function.name]
        else:
            names = module.names_of(function.name)
            found += [node for node in names if isinstance(node.ctx, ast.Load)]
    return found


def _supply(context: Context, function: ast.FunctionDef, parameter: str) -> Supply | None:
    """The only call that gives a function its argument for a parameter."""
    read = references(context, function)
    call = context.module.parent(read[0]) if len(read) == 1 else None
    parameters = parameters_of(context, function)
    if not isinstance(call, ast.Call) or parameter not in parameters:
        return None
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return None
    argument: ast.expr | ast.keyword | None = keyword_of(call, parameter)
    api = context.module.api(call.func)
    if call.func is read[0] and argument is None:
        index = parameters.index(parameter)
        argument = call.args[index] if index < len(call.args) else None
    elif call.func is not read[0] and not (api is not None and api.path == "functools.partial"):
        return None
    return Supply(function, parameter, call, argument) if argument is not None else None


# -- who calls the model -------------------------------------------------------------------------------------


def _critic(context: Context, samples: ast.expr) -> ast.Call | None:
    """The only call of a model with the input alone."""
    if not isinstance(samples, (ast.Name, ast.Attribute)):
        return None
    found = [
        call
        for call in context.module.calls
        if len(call.args) == 1
        and not call.keywords
        and _is_same(context, call.args[0], samples)
        and all(is_layer(option) for option in options(context.value(call.func)))
    ]
    return found[0] if len(found) == 1 else None


def _is_same(context: Context, left: ast.expr, right: ast.expr) -> bool:
    if ast.unparse(left) != ast.unparse(right):
        return False
    names = [[n for n in walk(node) if isinstance(n, ast.Name)] for node in (left, right)]
    scopes = [[scope_of(context.module, name) for name in found] for found in names]
    return scopes[0] == scopes[1]


def _is_trained(context: Context, loss: ast.FunctionDef, supply: Supply | None, critic: ast.Call) -> bool:
    """Whether the model's output is an output of another model, there with this loss alone, and nothing else."""
    outputs = _items_with(context, critic)
    found = 0
    for made, event in _compiled(context):
        if keyword_of(made_call(made), "outputs") is None and len(made_call(made).args) < 2:
            continue
        losses = event.arguments.get(1, "loss")
        node = _argument(event.node, 1, "loss")
        if losses is None or node is None:
            continue
        for position, item in enumerate(_items(node)):
            if not _is_loss(context, item, loss, supply):
                continue
            given = _argument(made_call(made), 1, "outputs")
            items = _items(given) if given is not None else []
            if position >= len(items) or items[position] not in outputs or len(outputs) != 1:
                return False
            if "metrics" in event.arguments.keywords or any(e.name not in _TRAINS for e in made.events):
                return False
            found += 1
    return found > 0


def made_call(made: Instance) -> ast.Call:
    """The call that makes an object."""
    assert made.call is not None
    return made.call


def _compiled(context: Context) -> Iterator[tuple[Instance, Event]]:
    for made in context.module.instances:
        if made.call is not None:
            for event in made.events:
                if event.name == "compile" and event.module is context.module:
                    yield made, event


def _argument(call: ast.AST, index: int, name: str) -> ast.expr | None:
    if not isinstance(call, ast.Call):
        return None
    keyword = keyword_of(call, name)
    if keyword is not None:
        return keyword.value
    return call.args[index] if index < len(call.args) else None


def _items(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]


def _is_loss(context: Context, node: ast.expr, loss: ast.FunctionDef, supply: Supply | None) -> bool:
    for function, _ in callables_in(context.value(node)):
        if function.node is loss:
            return True
        if supply is not None and isinstance(function.node, ast.Lambda):
            if any(part is supply.call for part in walk(function.node)):
                return True
    return False


def _items_with(context: Context, critic: ast.Call) -> list[ast.expr]:
    """Where what the model gives is read: the call itself, or the uses of the variable that holds it."""
    statement = context.module.parent(critic)
    if not isinstance(statement, ast.Assign):
        return [critic]
    target = statement.targets[0]
    if len(statement.targets) != 1 or not isinstance(target, ast.Name):
        return []
    scope = scope_of(context.module, target)
    named = context.module.names_of(target.id)
    named = [n for n in named if scope_of(context.module, n) is scope]
    if sum(not isinstance(n.ctx, ast.Load) for n in named) != 1:
        return []
    return [n for n in named if isinstance(n.ctx, ast.Load)]
