"""Real tensors in place of those of a graph, in the code that becomes a function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from keras_upgrade.analysis.values import Instance, Seq, Tensor, Value, options
from keras_upgrade.documents.spans import Edit, apply_edits
from keras_upgrade.records import dataclass, field
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.modes import ENDS, Mode, read_names, written
from keras_upgrade.rules.graphs.objects import CannotRewriteError, FunctionObject, is_zero
from keras_upgrade.rules.graphs.slices import (
    GraphSlice,
    Input,
    bound_inside,
    is_of_optimizer,
    key_of,
    targets_of,
)
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.walking import children, walk

TAPE, INNER_TAPE = "tape", "inner_tape"
_VARIABLES = ("keras.Variable", "keras.backend.variable")
_LISTS = ("weights", "variables", "inputs", "outputs")
_SCOPES = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp, ast.Lambda)


@dataclass
class Leaf:
    """A tensor of the graph that the function starts from.

    Attributes:
        text: how it is written as an output of the model.
        name: the variable that holds its value.
        node: one place where it is read.
        loop: whether there is one such tensor for each item of a loop.
    """

    text: str
    name: str
    node: ast.expr
    loop: bool = False


@dataclass
class Tape:
    """A tape, and what is taken from it.

    Attributes:
        hoisted: statements for what is differentiated and has no name.
        watched: the inputs by which it is differentiated.
        watches_all: whether it is differentiated by what the inputs lead to.
        gradients: how many gradients are taken.
    """

    hoisted: list[str] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)
    watches_all: bool = False
    gradients: int = 0


class GraphTensors(GraphSlice):
    """A slice, and what its expressions are on real tensors.

    Attributes:
        leaves: the tensors of the graph that it starts from; known when all of its text has been asked for.
        tapes: what is to be known of each tape, by its name; the inner one records what a gradient is taken of that
            leads to a further gradient.
        inner: the tensors of the graph by which it is differentiated.
        clips: whether an optimizer, which may clip them, computes gradients.
    """

    def __init__(self, made: FunctionObject, *, symbolic: bool = False) -> None:
        super().__init__(made, symbolic=symbolic)
        self.leaves: dict[str, Leaf] = {}
        self.tapes: dict[str, Tape] = {}
        self.inner: list[ast.expr] = []
        self.clips = False

    def text(self, node: ast.expr) -> str:
        """An expression on real tensors."""
        start, end = self.source.start(node), self.source.end(node)
        return apply_edits(self.source.original[start:end], self.edits(node), start)

    def edits(
        self, node: ast.AST, loops: tuple[ast.For, ...] = (), bound: frozenset[str] = frozenset()
    ) -> list[Edit]:
        """The edits that put real tensors in place of those of the graph."""
        if isinstance(node, ast.expr):
            if isinstance(node, ast.Name) and (node.id in bound or not isinstance(node.ctx, ast.Load)):
                return []
            replaced = self._replacement(node, loops, bound)
            if replaced is not None:
                text = self.source.segment(node)
                return (
                    [Edit(self.source.start(node), self.source.end(node), replaced)]
                    if replaced != text
                    else []
                )
        if isinstance(node, ast.For):
            loops = (*loops, node)
        if isinstance(node, _SCOPES):
            bound |= frozenset(bound_inside(node))
        return [edit for child in children(node) for edit in self.edits(child, loops, bound)]

    def _replacement(self, node: ast.expr, loops: tuple[ast.For, ...], bound: frozenset[str]) -> str | None:
        gradient = self._gradient_text(node)
        if gradient is not None:
            return gradient
        if self.is_input_item(node):
            assert isinstance(node, ast.Subscript)
            return f"inputs[{self.source.segment(node.slice)}]"
        given = self.input_of(node)
        if given is not None:
            return given.name
        if self._is_number(node):
            assert isinstance(node, ast.Call)
            return self.source.segment(node.args[0])
        return self._leaf(node, loops, bound) if self._is_leaf(node) else None

    def _is_number(self, node: ast.expr) -> bool:
        """Whether a variable is made of a number, to begin a sum: `loss = K.variable(0.)`."""
        api = self.module.api(node.func) if isinstance(node, ast.Call) else None
        if api is None or not isinstance(node, ast.Call) or api.path not in _VARIABLES or len(node.args) != 1:
            return False
        statement = self.module.parent(node)
        names = statement.targets if isinstance(statement, ast.Assign) and statement in self.moved else []
        read = {target.id for target in names if isinstance(target, ast.Name)}
        methods = [n for s in self.moved for n in walk(s) if isinstance(n, ast.Attribute)]
        used = any(isinstance(n.value, ast.Name) and n.value.id in read for n in methods)
        return bool(read) and not used and isinstance(node.args[0], ast.Constant)

    # -- tensors of the graph --------------------------------------------------------------------------------

    def _is_leaf(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            mode = self.modes.name_mode(node.id, node, self.at(node))
            return mode >= Mode.LEAF and not self.is_local(node.id)
        if isinstance(node, ast.Subscript):
            whole = node.value
            ends = isinstance(whole, ast.Attribute) and whole.attr in ("inputs", "outputs")
            return ends and isinstance(node.slice, ast.Constant) and self._is_leaf(whole)
        if not isinstance(node, ast.Attribute) or self.modes.mode(node, self.at(node)) is not Mode.LEAF:
            return False
        return node.attr in ENDS or self.modes.mode(node.value, self.at(node)) is Mode.PLAIN

    def is_local(self, name: str) -> bool:
        """Whether the function binds a name itself."""
        return any(name in written(statement) for statement in self.moved)

    def _leaf(self, node: ast.expr, loops: tuple[ast.For, ...], bound: frozenset[str]) -> str:
        read = read_names(node)
        if read & bound:
            raise CannotRewriteError(f"`{self.source.segment(node)}` is read for each item of a list")
        inner = [name for name in read if self.is_local(name)]
        loop = next((item for item in reversed(loops) if set(inner) & targets_of(item)), None)
        if loop is not None:
            return self._leaf_of_loop(node, loop, inner)
        if inner:
            raise CannotRewriteError(f"`{self.source.segment(node)}` depends on what is computed before it")
        self._check_nested(node)
        key = node.id if isinstance(node, ast.Name) else self.resolved(node)
        known = self.leaves.get(key)
        if known is None:
            name = node.id if isinstance(node, ast.Name) else self.free(_leaf_name(node))
            known = self.leaves[key] = Leaf(self._output_text(node), name, node)
        return known.name

    def _check_nested(self, node: ast.expr) -> None:
        """The layers of a model that is a layer of another one do not belong to the graph of that one."""
        values = [node]
        if isinstance(node, ast.Name):
            values += [
                s.value for s in self.modes.reaching(node.id, self.at(node)) if isinstance(s, ast.Assign)
            ]
        if any(_is_nested(value) for value in values) and not any(
            _is_nested(item.node) for item in self.inputs
        ):
            raise CannotRewriteError(f"`{self.source.segment(node)}` belongs to a model inside of the model")

    def _leaf_of_loop(self, node: ast.expr, loop: ast.For, inner: Sequence[str]) -> str:
        """A tensor for each item of a loop: they come in a dict, by the item."""
        target = (
            loop.target.elts[0] if isinstance(loop.target, ast.Tuple) and loop.target.elts else loop.target
        )
        changes = any(self.is_local(name) for name in read_names(loop.iter))
        if not isinstance(target, ast.Name) or set(inner) != {target.id} or changes:
            raise CannotRewriteError(f"`{self.source.segment(node)}` depends on what is computed before it")
        key = f"{ast.unparse(node)} for {ast.unparse(loop.target)} in {ast.unparse(loop.iter)}"
        known = self.leaves.get(key)
        if known is None:
            text = f"{{{target.id}: {self._output_text(node)} for {self._items(loop)}}}"
            known = self.leaves[key] = Leaf(text, self.free(_leaf_name(node) + "s"), node, loop=True)
        return f"{known.name}[{target.id}]"

    def _items(self, loop: ast.For) -> str:
        """The head of a loop: `name in settings` for `name, weight in settings.items()`."""
        call = loop.iter
        if isinstance(loop.target, ast.Tuple) and isinstance(call, ast.Call) and not call.args:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "items":
                return f"{self.source.segment(loop.target.elts[0])} in {self.source.segment(call.func.value)}"
        return f"{self.source.segment(loop.target)} in {self.source.segment(loop.iter)}"

    def free(self, wanted: str) -> str:
        """A name for a local variable of the function."""
        taken = {item.name for item in self.inputs} | {leaf.name for leaf in self.leaves.values()}
        for statement in [*self.moved, self.statement]:
            taken |= {n.id for n in walk(statement) if isinstance(n, ast.Name)}
        hoisted = [text.partition(" =")[0] for tape in self.tapes.values() for text in tape.hoisted]
        return free_name(wanted, {*taken, *hoisted})

    def _output_text(self, node: ast.expr) -> str:
        """A tensor of the graph as it is written; of an unknown model so that it holds for a Sequential too."""
        text = self.source.segment(node)
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("input", "output")
            and self._is_unknown_model(node)
        ):
            subscript = self.module.parent(node)
            if not (isinstance(subscript, ast.Subscript) and isinstance(subscript.slice, ast.Constant)):
                return f"{text}s[0]"
        return text

    def _is_unknown_model(self, node: ast.Attribute) -> bool:
        """Whether the owner of `.output` is a model of a kind that is not known: its `.input` is an input here."""
        known = any(
            isinstance(o, Instance) and o.call is not None for o in options(self.context.value(node.value))
        )
        owner = key_of(node).rpartition(".")[0]
        return not known and owner in [item.key.rpartition(".")[0] for item in self.inputs]

    def graph_inputs(self) -> list[Input]:
        """The inputs that the tensors of the graph depend on, as far as can be told; else all of them."""
        sources = [s for leaf in self.leaves.values() for s in _sources(self.context.value(leaf.node), set())]
        found = [
            item
            for item in self.inputs
            if re.search(r"\.inputs?(\[\d+\])?$", item.key)
            or any(self.context.value(item.node) is source for source in sources)
        ]
        return found or self.inputs

    # -- gradients -------------------------------------------------------------------------------------------

    @cached_property
    def nested(self) -> bool:
        """Whether a gradient is taken of what another gradient leads to."""
        losses = [loss for loss, _ in map(self._given, self._gradient_calls())]
        outer = [loss for loss in losses if self._is_of_gradient(loss)]
        if len(outer) > 1:
            raise CannotRewriteError("it takes the gradient of a gradient of a gradient")
        return bool(outer) or any(self._is_of_gradient(loss) for loss in self.update_losses())

    def _gradient_calls(self) -> list[ast.Call]:
        """The calls that take gradients, in what moves and in the outputs."""
        parts = [part for item in [*self.moved, self.statement] for part in walk(item)]
        return [part for part in parts if isinstance(part, ast.Call) and self.is_gradient(part)]

    def update_losses(self) -> list[ast.expr]:
        """What the updates of optimizers minimize."""
        return []

    def _is_of_gradient(self, node: ast.expr) -> bool:
        return self.modes.mode(node, self.at(node)) is Mode.GRADIENT

    def tape_of(self, loss: ast.expr) -> str:
        """The name of the tape that gives the gradient of a loss."""
        name = TAPE if not self.nested or self._is_of_gradient(loss) else INNER_TAPE
        self.tapes.setdefault(name, Tape())
        return name

    def _given(self, call: ast.Call) -> tuple[ast.expr, ast.expr]:
        """What is differentiated, and by what."""
        names = ("loss", "variables", "ys", "xs", "params")
        given = [*call.args[:2], *(k.value for k in call.keywords if k.arg in names)]
        others = [k for k in call.keywords if k.arg not in (*names, "grad_ys")]
        if len(given) != 2 or others or len(call.args) > 3:
            raise CannotRewriteError("a gradient has further arguments")
        return given[0], given[1]

    def _weights_text(self, call: ast.Call) -> str:
        """The argument for what the gradients of the outputs are multiplied with (`grad_ys`)."""
        keyword = next((k.value for k in call.keywords if k.arg == "grad_ys"), None)
        given = call.args[2] if len(call.args) == 3 else keyword
        return f", output_gradients={self.text(given)}" if given is not None else ""

    def _gradient_text(self, node: ast.expr) -> str | None:
        first = isinstance(node, ast.Subscript) and is_zero(self.context, node.slice)
        call = node.value if isinstance(node, ast.Subscript) and first else node
        if not isinstance(call, ast.Call) or not self.is_gradient(call):
            return None
        loss_node, by = self._given(call)
        tape = self.tape_of(loss_node)
        self.tapes[tape].gradients += 1
        self.clips = self.clips or is_of_optimizer(call)
        loss, weights = self.loss_text(loss_node, tape), self._weights_text(call)
        alone = isinstance(by, (ast.List, ast.Tuple)) and len(by.elts) == 1 and self._is_whole(call)
        if isinstance(by, (ast.List, ast.Tuple)) and (first or alone) and len(by.elts) == 1:
            by = by.elts[0]
        if isinstance(by, (ast.List, ast.Tuple)):
            targets = f"[{', '.join(self._target_text(item, tape) for item in by.elts)}]"
            return f"{tape}.gradient({loss}, {targets}{weights}){'[0]' if first else ''}"
        target = self._target_text(by, tape)
        if self._is_list(by):
            return f"{tape}.gradient({loss}, {target}{weights}){'[0]' if first else ''}"
        bare = first or self._is_whole(call)
        return f"{tape}.gradient({loss}, {target if bare else f'[{target}]'}{weights})"

    def _is_whole(self, call: ast.Call) -> bool:
        """Whether the outputs of the function are one gradient, which is put into a list there."""
        return call is self.made.outputs

    def gives_one_gradient(self) -> bool:
        """Whether the outputs of the function are what `K.gradients` gives by one tensor."""
        call = self.made.outputs
        if not isinstance(call, ast.Call) or not self.is_gradient(call):
            return False
        by = self._given(call)[1]
        return len(by.elts) == 1 if isinstance(by, (ast.List, ast.Tuple)) else not self._is_list(by)

    def loss_text(self, node: ast.expr, tape: str) -> str:
        """What is differentiated: a variable, which gets its value while the tape records."""
        if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1:
            node = node.elts[0]
        text = self.text(node)
        if text.isidentifier():
            return text
        name = self.free("loss" if tape == TAPE else "output")
        self.tapes[tape].hoisted.append(f"{name} = {text}")
        return name

    def _target_text(self, node: ast.expr, tape: str) -> str:
        """One tensor or list of variables that is differentiated by."""
        given, text = self.input_of(node), self.text(node)
        if given is not None or self.is_input_item(node):
            self.tapes[tape].watched.add("inputs" if given is None else given.name)
        elif not self.is_weights(node):
            if self.modes.mode(node, self.at(node)) is Mode.PLAIN:
                raise CannotRewriteError(f"it is not known what `{self.source.segment(node)}` is")
            if self._is_leaf(node):
                self.inner.append(node)
            elif not isinstance(node, ast.Name):
                raise CannotRewriteError("a gradient is taken by an expression")
            self.tapes[tape].watches_all = True
        return text

    def is_weights(self, node: ast.expr) -> bool:
        """Whether an expression is a variable, or the weights of a model."""
        if _is_variable(self.context.value(node)):
            return True
        if isinstance(node, ast.Attribute):
            return node.attr.endswith(("weights", "variables"))
        if isinstance(node, ast.Name):
            known = [self.is_weights(value) for value in self._values(node)]
            return bool(known) and all(known)
        return isinstance(node, ast.Subscript) and self.is_weights(node.value)

    def _is_list(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr.endswith(_LISTS)
        if isinstance(node, ast.Name):
            return self.modes.is_container(node, self.at(node)) or any(
                isinstance(value, ast.Attribute) and value.attr.endswith(_LISTS)
                for value in self._values(node)
            )
        return False

    def _values(self, node: ast.Name) -> Iterable[ast.expr]:
        """What a name was assigned, in this block or outside."""
        found = [s.value for s in self.modes.reaching(node.id, self.at(node)) if isinstance(s, ast.Assign)]
        resolved = self.resolved_node(node)
        return found or ([resolved] if resolved is not node else [])


def input_text(context: Context, node: ast.expr) -> str:
    """An input as it is written for `keras.Model`: the first layer of a model has no `input` of its own."""
    text = context.source.segment(node)
    if not isinstance(node, ast.Attribute) or node.attr != "input":
        return text
    first = node.value
    if isinstance(first, ast.Subscript) and isinstance(first.value, ast.Attribute):
        if first.value.attr == "layers" and is_zero(context, first.slice):
            return f"{context.source.segment(first.value.value)}.inputs[0]"
    models = [o for o in options(context.value(first)) if isinstance(o, Instance)]
    known = bool(models) and all(model.call is not None for model in models)
    return text if known or not isinstance(first, (ast.Name, ast.Attribute)) else f"{text}s[0]"


def _leaf_name(node: ast.expr) -> str:
    """A variable for a tensor: `net_output` for `net.output`, `layer_output` for `net.layers[3].output`."""
    if isinstance(node, ast.Subscript):
        node = node.value
    assert isinstance(node, ast.Attribute)
    if node.attr not in ENDS:
        return node.attr
    owner = node.value
    end = node.attr.removesuffix("s")
    if isinstance(owner, ast.Attribute):
        return f"{owner.attr}_{end}"
    return f"{owner.id}_{end}" if isinstance(owner, ast.Name) else f"layer_{end}"


def _sources(value: Value, seen: set[int]) -> list[Tensor]:
    """The tensors that a tensor was made from, and that were made from no other."""
    found: list[Tensor] = []
    for option in options(value):
        if isinstance(option, Seq):
            for item in option.items:
                found += _sources(item, seen)
        elif isinstance(option, Tensor) and id(option) not in seen:
            seen.add(id(option))
            if not option.parents:
                found.append(option)
            for parent in option.parents:
                found += _sources(parent, seen)
    return found


def _is_nested(node: ast.expr) -> bool:
    """Whether an expression reads a layer of a layer: `model.layers[0].layers[1]`."""
    picked = [part for part in walk(node) if _picks_layer(part)]
    return any(other is not part for part in picked for other in walk(part) if _picks_layer(other))


def _picks_layer(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("layers", "get_layer")


def _is_variable(value: Value) -> bool:
    return any(
        isinstance(o, Instance) and o.api is not None and o.api.path == "keras.Variable"
        for o in options(value)
    )
