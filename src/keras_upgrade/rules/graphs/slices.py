"""The statements that lead to the outputs of `K.function`: which of them move into the function that takes its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from keras_upgrade.analysis.captures import captures
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Function, Result, Tensor, holds_symbolic, options
from keras_upgrade.documents.spans import Span
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.modes import (
    ENDS,
    GRADIENTS,
    PLACEHOLDERS,
    Mode,
    in_function,
    modes_of,
    mutated,
    replaces,
    written,
)
from keras_upgrade.rules.graphs.objects import CannotRewriteError, FunctionObject, constant_of
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.walking import children, walk

_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.Assert)
_SITES = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_WEIGHTLESS = pattern(
    r"Flatten|Reshape|Permute|RepeatVector|Activation|Softmax|ReLU|Pool|Padding|Cropping|UpSampling"
)


@dataclass
class Input:
    """An input of the function: the expression that stood for it, and its parameter."""

    node: ast.expr
    key: str
    name: str
    dtype: str


class GraphSlice:
    """What one function object computes.

    Args:
        made: the function object.
        symbolic: leave what is computed without gradients where it is, as tensors of the graph.

    Attributes:
        moved: the statements that move, in the order of the text.
        captured: the plain names that they read.
        read: the names of tensors of the graph that they read.
        inputs: what the function is given.
    """

    def __init__(self, made: FunctionObject, *, symbolic: bool = False) -> None:
        self.made = made
        self.context: Context = made.context
        self.module: Module = made.context.module
        self.source = made.context.source
        self.modes = modes_of(self.context)
        self.statement = made.statement
        self.block = self.module.body_of(self.statement)
        self.scope = in_function(self.module, self.statement)
        self.symbolic = symbolic
        self.frozen: set[str] = set()
        self.forced: set[str] = set()
        self.moved: list[ast.stmt] = []
        self.captured: dict[str, list[ast.Name]] = {}
        self.read: set[str] = set()
        self._check_site()
        self.inputs = self._inputs()
        self._collect()

    # -- the place -------------------------------------------------------------------------------------------

    def _check_site(self) -> None:
        if not isinstance(self.statement, _SITES):
            raise CannotRewriteError("it stands in the head of another statement")
        for outer in self.module.ancestors(self.made.site):
            if isinstance(outer, ast.stmt):
                break
            if isinstance(outer, (ast.Lambda, *_COMPREHENSIONS)):
                raise CannotRewriteError("it is made anew for each item of a list")
        in_loop = any(isinstance(o, (ast.For, ast.While)) for o in self._around())
        if in_loop and self.made.aside:
            raise CannotRewriteError("the functions made in a loop are kept")

    def _around(self) -> Iterable[ast.AST]:
        """The nodes around the statement, up to its function."""
        for outer in self.module.ancestors(self.statement):
            if outer is self.scope:
                return
            yield outer

    def is_gradient(self, node: ast.AST) -> bool:
        """Whether a node calls `K.gradients`, or `get_gradients` of an optimizer, which does the same."""
        api = self.module.api(node.func) if isinstance(node, ast.Call) else None
        return (api is not None and api.path in GRADIENTS) or is_of_optimizer(node)

    def limit_of(self, statement: ast.stmt) -> Span:
        """The cell of a statement."""
        return self.module.document.span_of(self.module.cell_of(statement))

    def _place(self, node: ast.expr | ast.stmt) -> str:
        return str(self.module.document.position(self.source.start(node)))

    # -- inputs ----------------------------------------------------------------------------------------------

    def _inputs(self) -> list[Input]:
        if self.made.inputs is None:
            assert self.made.whole is not None
            return [Input(self.made.whole, key_of(self.made.whole), "inputs", "float32")]
        found: list[Input] = []
        for index, node in enumerate(self.made.inputs):
            wanted = node.id if isinstance(node, ast.Name) else self._input_name(node, index)
            taken = [item.name for item in found] + ([] if self.made.followed else ["inputs"])
            if isinstance(node, ast.Name) and node.id in taken:
                raise CannotRewriteError(f"`{node.id}` is given twice")
            name = free_name(wanted, taken)
            found.append(Input(node, self.resolved(node), name, self._dtype(node)))
        return found

    def _input_name(self, node: ast.expr, index: int) -> str:
        """A name for an input that is written as `model.input`: that of a variable which holds it, or of the arrays."""
        if isinstance(node, ast.Attribute) and node.attr not in ENDS:
            return node.attr
        key = key_of(node)
        for assignment in self.module.nodes(ast.Assign):
            target = assignment.targets[0]
            if isinstance(target, ast.Name) and key_of(assignment.value) == key and self._is_seen(assignment):
                if self._scopes_of(assignment.value) == self._scopes_of(node):
                    return target.id
        arguments = [call.arguments[index] for call in self.made.calls if call.arguments is not None]
        names = {argument.id for argument in arguments if isinstance(argument, ast.Name)}
        if self.made.followed and len(names) == 1 and len(arguments) == len(self.made.calls):
            return names.pop()
        return "inputs" if self.made.followed else "x"

    def _scopes_of(self, node: ast.expr) -> list[ast.AST]:
        """Where the names in an expression are bound."""
        return [scope_of(self.module, part) for part in walk(node) if isinstance(part, ast.Name)]

    def _is_seen(self, statement: ast.stmt) -> bool:
        """Whether what a statement binds can be read in the function around."""
        return in_function(self.module, statement) in (self.scope, self.module.tree)

    def _dtype(self, node: ast.expr) -> str:
        """The type of an input, if it is written where it is made; else that of images and features."""
        for option in options(self.context.value(node)):
            call = option.node if isinstance(option, (Tensor, Result)) else None
            keyword = keyword_of(call, "dtype") if isinstance(call, ast.Call) else None
            given = keyword.value if keyword is not None else None
            if isinstance(call, ast.Call) and call.args and given is None:
                api = self.module.api(call.func)
                given = call.args[0] if api is not None and api.path in PLACEHOLDERS else None
            dtype = constant_of(self.context, given) if given is not None else None
            if isinstance(given, ast.Attribute):
                dtype = given.attr  # `tf.float32`
            if isinstance(dtype, str):
                return dtype
        return "float32"

    def resolved_node(self, node: ast.expr, depth: int = 5) -> ast.expr:
        """The expression that a name stands for, if it is assigned once, to a part of a model."""
        if isinstance(node, ast.Name) and depth:
            around = dict.fromkeys(self.module.parent(name) for name in self.module.names_of(node.id))
            assignments = [
                item
                for item in around
                if isinstance(item, ast.Assign)
                and any(isinstance(target, ast.Name) and target.id == node.id for target in item.targets)
                and self._is_seen(item)
            ]
            if len(assignments) == 1 and isinstance(
                assignments[0].value, (ast.Attribute, ast.Subscript, ast.Name)
            ):
                return self.resolved_node(assignments[0].value, depth - 1)
        return node

    def resolved(self, node: ast.expr) -> str:
        """A text that is the same for two expressions of one tensor."""
        return key_of(self.resolved_node(node))

    def input_of(self, node: ast.expr) -> Input | None:
        """The input that an expression stands for."""
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            return None
        value = self.context.value(node)
        key = self.resolved(node)
        for item in self.inputs:
            if isinstance(value, Tensor) and value is self.context.value(item.node):
                return item
            if item.key == key:
                self._check_unchanged(node)
                return item
        return None

    def _check_unchanged(self, node: ast.expr) -> None:
        """A name has to stand for the same tensor where it is read and where the function is made."""
        if isinstance(node, ast.Name):
            at = self.at(node)
            if self.modes.reaching(node.id, at) != self.modes.reaching(node.id, self.statement):
                raise CannotRewriteError(f"`{node.id}` changes on the way")

    def at(self, node: ast.AST) -> ast.stmt:
        """The statement of the slice or its block that holds a node; that of the function if it stands outside."""
        statement: ast.AST | None = self.module.statement(node)
        while statement is not None and statement not in self.block and statement not in self.moved:
            statement = self.module.parent(statement)
        return statement if isinstance(statement, ast.stmt) else self.statement

    def is_input_item(self, node: ast.expr) -> bool:
        """Whether an expression is one of `model.inputs`, all of which the function is given."""
        whole = self.made.whole
        return (
            whole is not None
            and isinstance(node, ast.Subscript)
            and key_of(node.value) in (key_of(whole), key_of(whole).removesuffix("s"))
        )

    # -- what moves ------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        while True:
            self.moved, self.captured, self.read = [], {}, set()
            roots = [self.made.outputs, *([self.made.updates] if self.made.updates is not None else [])]
            for root in roots:
                self._follow(root, self.statement)
            self.moved.sort(key=lambda item: (item.lineno, item.col_offset))
            frozen, forced = self._used_elsewhere() - self.frozen, self._local_elsewhere() - self.forced
            if not frozen and not forced:
                break
            self.frozen |= frozen
            self.forced |= forced
        self._rename_inputs()
        for statement in self.moved:
            self._check_movable(statement)
        self._check_functions()
        self._check_captured()

    def _rename_inputs(self) -> None:
        """Inputs that got the name of something that the function reads get another one."""
        local = {name for statement in self.moved for name in written(statement)}
        taken = local | self.read | set(self.captured)
        for item in self.inputs:
            if not isinstance(item.node, ast.Name) and item.name in taken:
                others = {other.name for other in self.inputs}
                item.name = free_name("inputs" if self.made.followed else "x", taken | others)

    def _local_elsewhere(self) -> set[str]:
        """The names that are read as they are outside, and that a moved statement makes local to the function."""
        local = {name for statement in self.moved for name in written(statement)}
        return local & (self.read | set(self.captured))

    def _follow(self, node: ast.AST, at: ast.stmt) -> None:
        unread = bound_inside(node) | (_stored_first(node) if isinstance(node, ast.stmt) else set())
        for part in walk(node):
            if isinstance(part, ast.Name) and part.id not in unread:
                changed = isinstance(self.module.parent(part), ast.AugAssign)
                if isinstance(part.ctx, ast.Load) or changed:
                    self._take(part, at)

    def _take(self, node: ast.Name, at: ast.stmt) -> None:
        if self.input_of(node) is not None:
            return
        mode = self.modes.name_mode(node.id, node, at)
        definitions = self.modes.reaching(node.id, at)
        frozen = node.id in self.frozen or (self.symbolic and mode is Mode.COMPUTED)
        if self.symbolic and frozen and self.modes.reads_variables(node, at):
            raise CannotRewriteError(f"`{node.id}` is computed with variables")
        if definitions and ((mode >= Mode.COMPUTED and not frozen) or node.id in self.forced):
            if not replaces(definitions[0], node.id) and self.modes.around(node.id, definitions[0]):
                raise CannotRewriteError(f"`{node.id}` is carried from one turn of a loop to the next")
            for statement in definitions:
                if statement not in self.moved:
                    self.moved.append(statement)
                    self._follow(statement, statement)
        elif mode is Mode.GRADIENT or node.id in self.forced:
            raise CannotRewriteError(f"`{node.id}` is computed elsewhere")
        elif mode is Mode.PLAIN:
            self.captured.setdefault(node.id, []).append(node)
        else:
            self.read.add(node.id)

    def _used_elsewhere(self) -> set[str]:
        """The names that moved statements write and that are read after them by others."""
        inside = {id(n) for s in self.moved for n in walk(s)}
        inside |= {id(n) for n in walk(self.statement)}
        names = {name for statement in self.moved for name in written(statement)}
        found: set[str] = set()
        for node in (node for name in sorted(names) for node in self.module.names_of(name)):
            if isinstance(node.ctx, ast.Load) and id(node) not in inside:
                if self._may_reach(node):
                    if self._mode_of_moved(node.id) is Mode.GRADIENT or node.id in self.forced:
                        raise CannotRewriteError(f"`{node.id}` is used elsewhere ({self._place(node)})")
                    found.add(node.id)
        return found

    def _mode_of_moved(self, name: str) -> Mode:
        return max(self.modes.statement_modes(s).get(name, Mode.PLAIN) for s in self.moved)

    def _may_reach(self, node: ast.Name) -> bool:
        """Whether a read of a name may see what a moved statement assigned."""
        start = min(self.source.start(s) for s in self.moved if node.id in written(s))
        if self.source.start(node) < start or node.id in _bound_around(self.module, node):
            return False
        own = in_function(self.module, node)
        if own is not self.scope:
            around = [o for o in self.module.ancestors(node) if isinstance(o, (ast.FunctionDef, ast.Lambda))]
            inner = around[: around.index(self.scope)] if self.scope in around else around
            outside = self.scope not in around and not isinstance(self.scope, ast.Module)
            return not outside and not any(node.id in local_names(function) for function in inner)
        inner_node: ast.AST = self.module.statement(node)
        while inner_node is not self.scope:
            if isinstance(inner_node, ast.For) and inner_node is not self.module.statement(node):
                if node.id in targets_of(inner_node):
                    return False
            if isinstance(inner_node, ast.stmt):
                block = self.module.body_of(inner_node)
                for other in block[: block.index(inner_node)]:
                    if (
                        self.source.start(other) > start
                        and other not in self.moved
                        and replaces(other, node.id)
                    ):
                        return False
            outer = self.module.parent(inner_node)
            assert outer is not None
            inner_node = outer
        return True

    def _check_movable(self, statement: ast.stmt) -> None:
        for node in walk(statement):
            if isinstance(node, ast.stmt) and not isinstance(node, _SIMPLE):
                raise CannotRewriteError(f"what leads to it is more than assignments ({self._place(node)})")
            if isinstance(node, ast.Expr) and not mutated(node.value):
                raise CannotRewriteError(f"what leads to it does more than compute ({self._place(node)})")
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                raise CannotRewriteError(f"`{self.source.segment(node)}` is assigned on the way")
            if isinstance(node, (ast.NamedExpr, ast.Yield, ast.Await)):
                raise CannotRewriteError(f"what leads to it does more than compute ({self._place(node)})")
            if isinstance(node, ast.Call):
                self._check_call(node)
                nested = self.module.statement(node) is not statement
                if nested and self.is_gradient(node):
                    raise CannotRewriteError("a gradient is taken in a loop or under a condition")

    def _check_call(self, call: ast.Call) -> None:
        """A layer that is made where it is called would be made anew at every call of the function."""
        api = self.module.api(call.func)
        if api is not None and api.path in PLACEHOLDERS:
            raise CannotRewriteError(f"a placeholder is not among what is given ({self._place(call)})")
        maker = self.module.api(call.func.func) if isinstance(call.func, ast.Call) else None
        if maker is None or kind_of(maker.path) is not Kind.LAYER or _WEIGHTLESS.search(maker.name):
            return
        raise CannotRewriteError(f"a layer is made on the way ({self._place(call)})")

    def _check_functions(self) -> None:
        """Functions that the moved code calls must not read tensors of the graph from outside."""
        for statement in [*self.moved, self.statement]:
            for call in walk(statement):
                if not isinstance(call, ast.Call):
                    continue
                for option in options(self.context.value(call.func)):
                    if isinstance(option, Function) and any(map(self.is_gradient, walk(option.node))):
                        raise CannotRewriteError(f"`{option.name}` takes the gradient")
                    if isinstance(option, Function) and option.module is self.module:
                        for capture in captures(self.module, option.node):
                            if holds_symbolic(capture.value):
                                raise CannotRewriteError(
                                    f"`{option.name}` reads `{capture.name}`, a tensor of the model, from outside"
                                )

    def _check_captured(self) -> None:
        """A plain name that the function reads has to hold the same at its calls as where it was read before."""
        last = max((self.source.end(call.node) for call in self.made.calls), default=0)
        here = all(in_function(self.module, call.node) is self.scope for call in self.made.calls)
        kept = self.made.aside or not here
        returned = isinstance(self.statement, ast.Return)
        inside = {id(n) for s in self.moved for n in walk(s)}
        for name, reads in self.captured.items():
            first = min(self.source.start(node) for node in reads)
            for node in self.module.names_of(name):
                if isinstance(node.ctx, ast.Load) or id(node) in inside or returned:
                    continue
                if in_function(self.module, node) is not self.scope or name in _bound_around(
                    self.module, node
                ):
                    continue
                start = self.source.start(node)
                if first < start and (kept or start < last):
                    raise CannotRewriteError(f"`{name}`, which it reads, changes later ({self._place(node)})")


def is_of_optimizer(node: ast.AST) -> bool:
    """Whether a node calls `get_gradients` of an optimizer."""
    func = node.func if isinstance(node, ast.Call) else None
    return isinstance(func, ast.Attribute) and func.attr == "get_gradients"


def key_of(node: ast.expr) -> str:
    """The text of an expression, the same for the several ways to write the only input or output of a model."""
    text = ast.unparse(node)
    text = re.sub(r"\.layers\[0\]\.input$", ".input", text)
    return re.sub(r"\.(input|output)s\[0\]$", r".\1", text)


def scope_of(module: Module, name: ast.Name) -> ast.AST:
    """The function that a name is local to, or the module."""
    for outer in module.ancestors(name):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            if name.id in local_names(outer):
                return outer
    return module.tree


def targets_of(loop: ast.For) -> set[str]:
    """The names that the head of a loop binds."""
    return {node.id for node in walk(loop.target) if isinstance(node, ast.Name)}


def _stored_first(statement: ast.stmt) -> set[str]:
    """The names that a loop or condition binds before it reads them."""
    if not isinstance(statement, (ast.For, ast.If, ast.While)):
        return set()
    found: dict[str, bool] = {}
    for node in _in_order(statement):
        name = node.id
        if name not in found:
            found[name] = not isinstance(node.ctx, ast.Load)
    return {name for name, stored in found.items() if stored}


def _in_order(node: ast.AST) -> Iterable[ast.Name]:
    """The names of a statement in the order in which they are evaluated."""
    if isinstance(node, ast.Name):
        yield node
    elif isinstance(node, ast.Assign):
        yield from _in_order(node.value)
        for target in node.targets:
            yield from _in_order(target)
    elif isinstance(node, ast.AugAssign):
        for part in walk(node.target):
            if isinstance(part, ast.Name):
                yield ast.Name(part.id, ast.Load())
        yield from _in_order(node.value)
    elif isinstance(node, ast.For):
        yield from _in_order(node.iter)
        yield from _in_order(node.target)
        for item in [*node.body, *node.orelse]:
            yield from _in_order(item)
    else:
        for child in children(node):
            yield from _in_order(child)


def bound_inside(node: ast.AST) -> set[str]:
    """The names that comprehensions and lambdas in a node bind."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, ast.comprehension):
            found.update(n.id for n in walk(part.target) if isinstance(n, ast.Name))
        elif isinstance(part, ast.Lambda):
            found.update(argument.arg for argument in walk(part.args) if isinstance(argument, ast.arg))
    return found


def _bound_around(module: Module, node: ast.AST) -> set[str]:
    """The names that comprehensions around a node bind."""
    found: set[str] = set()
    for outer in module.ancestors(node):
        if isinstance(outer, ast.stmt):
            break
        if isinstance(outer, _COMPREHENSIONS):
            for generator in outer.generators:
                found.update(n.id for n in walk(generator.target) if isinstance(n, ast.Name))
    return found
