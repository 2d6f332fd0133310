"""What the names and expressions before a call of `K.function` stand for: tensors of a model's graph, what is computed
from them, gradients, or plain values.

The analysis knows the models that a program makes. Of a model that is a parameter, or comes from a file, it knows
little; but what leads to the arguments of `K.function` is a tensor of a graph, so that `.input` and `.output` of
unknown objects are taken as such there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.models import is_layer
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Class,
    Function,
    Instance,
    Mapping,
    Method,
    Seq,
    Tensor,
    Value,
    holds_symbolic,
    options,
)
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.walking import children, walk

GRADIENTS = ("keras.backend.gradients", "tensorflow.gradients")
PLACEHOLDERS = ("tensorflow.placeholder", "tensorflow.placeholder_with_default")
"""What makes tensors of a graph that no layer of Keras has made."""
ENDS = frozenset({"input", "output", "inputs", "outputs"})
_STATIC = frozenset(
    {"int_shape", "ndim", "isinstance", "len", "print", "type", "hasattr", "dtype", "is_keras_tensor"}
)
_STATIC_ATTRIBUTES = frozenset({"shape", "dtype", "name", "_keras_shape", "ndim"})
_CONTAINERS = frozenset({"list", "tuple", "dict", "zip", "sorted", "reversed", "enumerate", "set", "next"})
_CONTAINER_METHODS = frozenset({"items", "values", "keys", "get", "copy"})
MUTATORS = frozenset({"append", "extend", "insert", "update"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Mode(IntEnum):
    """What an expression is; of several parts the highest counts."""

    PLAIN = 0
    """No tensor of the graph: a number, a layer, an array, a variable."""
    LEAF = 1
    """A tensor of the graph as it was built by layers, or a list or dict of such tensors."""
    COMPUTED = 2
    """What functions and operators make of such tensors."""
    GRADIENT = 3
    """A gradient, or what was computed from one."""


type Env = dict[str, Mode]


class Modes:
    """The modes of what is read in one block of statements."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._known: dict[tuple[str, ast.stmt], Mode] = {}
        self._active: set[tuple[str, ast.stmt]] = set()

    # -- definitions -----------------------------------------------------------------------------------------

    def reaching(self, name: str, statement: ast.stmt) -> list[ast.stmt]:
        """The statements that may have given a name what it holds in `statement`: those before it in its block, or in
        the nearest block around that has some.
        """
        block = self.module.body_of(statement)
        found: list[ast.stmt] = []
        for other in reversed(block[: block.index(statement)]):
            if name in written(other):
                found.append(other)
                if replaces(other, name):
                    break
        return found[::-1] or self.around(name, statement)

    def around(self, name: str, statement: ast.stmt) -> list[ast.stmt]:
        """The same of the blocks around a statement, within its function."""
        outer = next((o for o in self.module.ancestors(statement) if isinstance(o, ast.stmt)), None)
        if outer is None or isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return []
        if name in _bound_by_head(outer):
            return []
        return self.reaching(name, outer)

    def name_mode(self, name: str, node: ast.Name, statement: ast.stmt) -> Mode:
        """What a name is that is read in `statement`."""
        key = (name, statement)
        if key in self._known:
            return self._known[key]
        if key in self._active:
            return Mode.PLAIN
        self._active.add(key)
        definitions = self.reaching(name, statement)
        if definitions:
            mode = max(self.statement_modes(item).get(name, Mode.PLAIN) for item in definitions)
        else:
            mode = self._outer_mode(name, node, statement)
        self._active.discard(key)
        self._known[key] = mode
        return mode

    def _outer_mode(self, name: str, node: ast.Name, statement: ast.stmt) -> Mode:
        value = self.module.value(node)
        if _is_gradient(value):
            return Mode.GRADIENT
        if holds_symbolic(value):
            return Mode.LEAF
        if not all(option is UNKNOWN for option in options(value)):
            return Mode.PLAIN
        for outer in self.module.ancestors(statement):
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                if name in local_names(outer):
                    return Mode.PLAIN
        top = [item for item in self.module.tree.body if name in written(item)]
        modes = [self.statement_modes(item).get(name, Mode.PLAIN) for item in top]
        return _frozen(max(modes, default=Mode.PLAIN))

    def reads_variables(self, node: ast.AST, statement: ast.stmt) -> bool:
        """Whether variables or real tensors are among what leads to an expression, in its block."""
        pending = [(node, statement)]
        seen: set[ast.stmt] = set()
        while pending:
            item, at = pending.pop()
            for part in walk(item):
                if isinstance(part, (ast.Name, ast.Attribute)) and _is_real(self.module.value(part)):
                    return True
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                    new = [other for other in self.reaching(part.id, at) if other not in seen]
                    seen.update(new)
                    pending += [(other, other) for other in new]
        return False

    # -- statements ------------------------------------------------------------------------------------------

    def statement_modes(self, statement: ast.stmt) -> Env:
        """What a statement makes of the names that it writes."""
        env: Env = {}
        self._run([statement], statement, env)
        return env

    def highest(self, statement: ast.stmt) -> Mode:
        """The highest mode of what a statement writes."""
        return max(self.statement_modes(statement).values(), default=Mode.PLAIN)

    def _run(self, statements: Sequence[ast.stmt], at: ast.stmt, env: Env) -> None:
        for item in statements:
            if isinstance(item, (ast.Assign, ast.AnnAssign)):
                mode = self.mode(item.value, at, env) if item.value is not None else Mode.PLAIN
                targets = item.targets if isinstance(item, ast.Assign) else [item.target]
                for target in targets:
                    self._store(target, mode, env)
            elif isinstance(item, ast.AugAssign):
                mode = max(self.mode(item.target, at, env), self.mode(item.value, at, env))
                self._store(item.target, _computed(mode), env)
            elif isinstance(item, ast.For):
                for _ in range(2):
                    self._store(item.target, self.mode(item.iter, at, env), env)
                    self._run(item.body, at, env)
            elif isinstance(item, (ast.If, ast.While)):
                self._run([*item.body, *item.orelse], at, env)
            elif isinstance(item, ast.With):
                self._run(item.body, at, env)
            elif isinstance(item, ast.Expr):
                self._mutate(item.value, at, env)

    def _store(self, target: ast.expr, mode: Mode, env: Env) -> None:
        for node in walk(target):
            if isinstance(node, ast.Name):
                if not isinstance(node.ctx, ast.Load):
                    env[node.id] = mode
                elif isinstance(target, ast.Subscript) and node is target.value:
                    env[node.id] = max(env.get(node.id, Mode.PLAIN), mode)

    def _mutate(self, node: ast.expr, at: ast.stmt, env: Env) -> None:
        name = mutated(node)
        if name and isinstance(node, ast.Call):
            mode = max((self.mode(item, at, env) for item in node.args), default=Mode.PLAIN)
            env[name] = max(env.get(name, Mode.PLAIN), mode)

    # -- expressions -----------------------------------------------------------------------------------------

    def mode(self, node: ast.expr, at: ast.stmt, env: Env | None = None) -> Mode:
        """What an expression is that stands in the statement `at`."""
        env = env if env is not None else {}
        if isinstance(node, ast.Name):
            return env[node.id] if node.id in env else self.name_mode(node.id, node, at)
        if isinstance(node, ast.Call):
            return self._call(node, at, env)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, at, env)
        if isinstance(node, ast.Subscript):
            mode = self.mode(node.value, at, env)
            return _computed(mode) if mode is Mode.LEAF and not self.is_container(node.value, at) else mode
        if isinstance(node, _COMPREHENSIONS):
            return self._comprehension(node, at, env)
        if isinstance(node, (ast.Lambda, ast.Constant, ast.JoinedStr)):
            return Mode.PLAIN
        parts = [part for part in children(node) if isinstance(part, ast.expr)]
        mode = max((self.mode(part, at, env) for part in parts), default=Mode.PLAIN)
        if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.IfExp)):
            joined = isinstance(node, ast.BinOp) and all(self.is_container(part, at) for part in parts)
            return mode if joined else _computed(mode)
        return mode

    def _comprehension(self, node: ast.expr, at: ast.stmt, env: Env) -> Mode:
        assert isinstance(node, _COMPREHENSIONS)
        inner = dict(env)
        for generator in node.generators:
            self._store(generator.target, self.mode(generator.iter, at, inner), inner)
        if isinstance(node, ast.DictComp):
            return self.mode(node.value, at, inner)
        return self.mode(node.elt, at, inner)

    def _attribute(self, node: ast.Attribute, at: ast.stmt, env: Env) -> Mode:
        value = self.module.value(node)
        if node.attr in _STATIC_ATTRIBUTES:
            return Mode.PLAIN
        if _is_gradient(value):
            return Mode.GRADIENT
        if holds_symbolic(value):
            return Mode.LEAF
        owner = self.mode(node.value, at, env)
        if node.attr in ENDS and owner is Mode.PLAIN and all(o is UNKNOWN for o in options(value)):
            return Mode.LEAF
        return owner

    def _call(self, node: ast.Call, at: ast.stmt, env: Env) -> Mode:
        api = self.module.api(node.func)
        if api is not None and api.path in GRADIENTS:
            return Mode.GRADIENT
        if api is not None and api.path in PLACEHOLDERS:
            return Mode.COMPUTED
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("get_updates", "get_gradients"):
            return Mode.GRADIENT
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("apply_gradients", "minimize"):
            return Mode.GRADIENT
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute) and api is None:
            given.append(node.func.value)
        mode = max((self.mode(item, at, env) for item in given), default=Mode.PLAIN)
        name = api.name if api is not None else ""
        value = self.module.value(node)
        if all(isinstance(option, (Instance, Class, Function, Api)) for option in options(value)):
            return Mode.PLAIN
        if name in _STATIC:
            return Mode.PLAIN
        if mode is Mode.GRADIENT or _is_gradient(value):
            return Mode.GRADIENT
        if mode is Mode.PLAIN:
            if holds_symbolic(value):
                return Mode.LEAF
            return Mode.COMPUTED if _is_random(value) else Mode.PLAIN
        builds = self._builds_layers(node, value) or (mode is Mode.LEAF and self._is_layer_call(node))
        if builds or name in _CONTAINERS or self._is_container_method(node):
            return mode
        return _computed(mode)

    def _is_layer_call(self, node: ast.Call) -> bool:
        return all(is_layer(option) for option in options(self.module.value(node.func)))

    def _is_container_method(self, node: ast.Call) -> bool:
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in _CONTAINER_METHODS:
            return False
        return not any(isinstance(o, Tensor) for o in options(self.module.value(node.func.value)))

    def _builds_layers(self, node: ast.Call, value: Value) -> bool:
        """Whether a user's function that is called makes layers of its own on the way to its result."""
        functions = [o for o in options(self.module.value(node.func)) if isinstance(o, Function)]
        functions += [
            o.function
            for o in options(self.module.value(node.func))
            if isinstance(o, Method) and o.function is not None
        ]
        inside = {id(part) for function in functions for part in walk(function.node)}
        return any(
            isinstance(tensor.maker, Instance)
            and tensor.maker.call is not None
            and id(tensor.maker.call) in inside
            for tensor in _tensors(value)
        )

    def is_container(self, node: ast.expr, at: ast.stmt) -> bool:
        """Whether an expression is a list, tuple or dict."""
        found = options(self.module.value(node))
        if all(isinstance(option, (Seq, Mapping)) for option in found):
            return True
        if isinstance(node, (ast.List, ast.Tuple, ast.Dict, *_COMPREHENSIONS)):
            return True
        if isinstance(node, ast.Attribute):
            return node.attr in ("inputs", "outputs")
        if isinstance(node, ast.Call):
            api = self.module.api(node.func)
            return (api is not None and api.name in _CONTAINERS) or self._is_container_method(node)
        if isinstance(node, ast.Name) and all(option is UNKNOWN for option in found):
            values = [s.value for s in self.reaching(node.id, at) if isinstance(s, ast.Assign)]
            return bool(values) and all(self.is_container(value, at) for value in values)
        return False


def modes_of(context: Context) -> Modes:
    """The modes in a module, found once for all that ask."""
    module = context.module
    return context.program.once(f"modes of {id(module)}", lambda: Modes(module))


# -- what statements write -----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def written(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement binds or changes in place."""
    found: set[str] = set()
    for node in _walk_scope(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            if isinstance(node.value, ast.Name):
                found.add(node.value.id)
        elif isinstance(node, ast.Expr):
            name = mutated(node.value)
            if name:
                found.add(name)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
    return frozenset(found)


def _walk_scope(statement: ast.stmt) -> Iterable[ast.AST]:
    """A statement's nodes without those of functions, classes and comprehensions in it."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, *_COMPREHENSIONS)
        ):
            continue
        pending.extend(children(node))


def _bound_by_head(statement: ast.stmt) -> set[str]:
    """The names that the head of a loop or a `with` binds."""
    heads: list[ast.expr] = []
    if isinstance(statement, (ast.For, ast.AsyncFor)):
        heads.append(statement.target)
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        heads += [item.optional_vars for item in statement.items if item.optional_vars is not None]
    return {node.id for head in heads for node in walk(head) if isinstance(node, ast.Name)}


def mutated(node: ast.expr) -> str:
    """The name of the list or dict that an expression changes: `x.append(y)`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
        if isinstance(node.func.value, ast.Name):
            return node.func.value.id
    return ""


def replaces(statement: ast.stmt, name: str) -> bool:
    """Whether a statement gives a name another value in any case, whatever it was before."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        stored = any(
            isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
            for target in targets
            for node in walk(target)
        )
        return stored and statement.value is not None and name not in read_names(statement.value)
    if isinstance(statement, ast.If):
        return all(any(replaces(s, name) for s in body) for body in (statement.body, statement.orelse))
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return name in _bound_by_head(statement) or any(replaces(s, name) for s in statement.body)
    return isinstance(statement, (ast.FunctionDef, ast.ClassDef)) and statement.name == name


def read_names(node: ast.AST) -> set[str]:
    """The names that a node reads."""
    return {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


# -- values --------------------------------------------------------------------------------------------------


def _computed(mode: Mode) -> Mode:
    return Mode.COMPUTED if mode is Mode.LEAF else mode


def _frozen(mode: Mode) -> Mode:
    """What was computed in another block is a tensor of the graph here."""
    return Mode.LEAF if mode is Mode.COMPUTED else mode


def _tensors(value: Value, limit: int = 200) -> list[Tensor]:
    """A tensor, or those that a list holds, with all that they were made from."""
    found: list[Tensor] = []
    seen: set[int] = set()
    pending = [value]
    while pending and len(found) < limit:
        for option in options(pending.pop()):
            if isinstance(option, Seq):
                pending += [*option.items, *([option.rest] if option.rest is not None else [])]
            elif isinstance(option, Tensor) and id(option) not in seen:
                seen.add(id(option))
                found.append(option)
                pending += option.parents
    return found


def _is_gradient(value: Value) -> bool:
    return any(isinstance(t.maker, Api) and t.maker.path in GRADIENTS for t in _tensors(value))


def _is_real(value: Value) -> bool:
    """Whether a value is a variable or a tensor that is not one of the graph."""
    return any(
        (isinstance(o, Instance) and o.api is not None and o.api.path == "keras.Variable")
        or (isinstance(o, Tensor) and not o.symbolic)
        for o in options(value)
    )


def _is_random(value: Value) -> bool:
    return any(
        isinstance(option, Tensor) and isinstance(option.maker, Api) and ".random" in option.maker.path
        for option in options(value)
    )


def in_function(module: Module, node: ast.AST) -> ast.AST:
    """The function around a node, or the module."""
    around = enclosing_functions(module, node)
    return around[0] if around else module.tree
