"""The sessions, their settings and the graphs that a module makes, and what it does with them.

A *session expression* makes such an object (`tf.Session(...)`, `tf.ConfigProto()`, `tf.get_default_graph()`), or is a
variable that never holds anything else. Of every place where one stands, `Sessions` says what can become of the
statement around it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum

from keras_upgrade.analysis.frames import FunctionNode, local_names
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Api, Function, options
from keras_upgrade.records import dataclass, field
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.walking import walk


class Kind(StrEnum):
    """What a session expression gives."""

    SESSION = "session"
    CONFIG = "config"
    GPU_OPTIONS = "gpu options"
    GRAPH = "graph"
    INITIALIZER = "initializer"


MAKERS = {
    "keras.backend.get_session": Kind.SESSION,
    "tensorflow.ConfigProto": Kind.CONFIG,
    "tensorflow.GPUOptions": Kind.GPU_OPTIONS,
    "tensorflow.Graph": Kind.GRAPH,
    "tensorflow.InteractiveSession": Kind.SESSION,
    "tensorflow.Session": Kind.SESSION,
    "tensorflow.get_default_graph": Kind.GRAPH,
    "tensorflow.get_default_session": Kind.SESSION,
    "tensorflow.global_variables_initializer": Kind.INITIALIZER,
    "tensorflow.initialize_all_variables": Kind.INITIALIZER,
    "tensorflow.initialize_local_variables": Kind.INITIALIZER,
    "tensorflow.initializers.global_variables": Kind.INITIALIZER,
    "tensorflow.local_variables_initializer": Kind.INITIALIZER,
    "tensorflow.tables_initializer": Kind.INITIALIZER,
    "tensorflow.variables_initializer": Kind.INITIALIZER,
}
SET_SESSION = "keras.backend.set_session"


def path_of(api: Api) -> str:
    """The canonical path, also of a function that was taken from the backend of TensorFlow itself."""
    return api.path.replace("keras.backend.tensorflow_backend.", "keras.backend.")


Key = tuple[str, ast.AST | None, str]
"""A variable, `name` or `attribute`, with the function or class that it belongs to and what it is called; or a `function`
that gives a session object."""


class Deed(StrEnum):
    """What becomes of a statement."""

    REMOVED = "removed"
    SET = "set"
    """A setting that is written in another way: `config.gpu_options.allow_growth = True`."""
    UNWRAPPED = "unwrapped"
    """A `with` whose body stays."""
    CALLED = "called"
    """`K.set_session(make_session())`: what the function sets stays."""
    LEFT = "left"


@dataclass(eq=False)
class Place:
    """A place where a session expression stands that is no part of another one.

    Attributes:
        node: the expression.
        kind: what it gives.
        statement: the statement that holds it.
        deed: what can become of the statement, as far as this place is concerned.
        keys: the variables that are read in it or bound to it.
    """

    node: ast.expr
    kind: Kind
    statement: ast.stmt
    deed: Deed
    keys: set[Key] = field(default_factory=set)


class Sessions:
    """What a module does with sessions.

    Attributes:
        places: every place, in no particular order.
        variables: the variables that only ever hold session objects (or None).
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self.variables: dict[Key, Kind] = {}
        self._makers: dict[FunctionNode, Kind] = {}
        self.places: list[Place] = []
        if not any(path_of(callee) in MAKERS for _, callee in module.library_calls):
            return  # what is not made is not kept either
        self._stores = self._all_stores()
        for _ in range(3):  # variables that hold variables, functions that return them
            self._find_variables()
            self._find_makers()
        self.places = list(self._all_places())

    @classmethod
    def of(cls, context: Context) -> Sessions:
        """Those of the context's module, computed once."""
        return context.program.once(f"sessions {id(context.module)}", lambda: cls(context.module))

    # -- variables -------------------------------------------------------------------------------------------

    def key(self, node: ast.expr) -> Key | None:
        """The variable that a name, or an attribute of `self`, means."""
        if isinstance(node, ast.Name):
            return ("name", self._scope(node), node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            method = self._function(node)
            cls = self.module.parent(method) if method is not None else None
            if isinstance(cls, ast.ClassDef) and isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                parameters = [*method.args.posonlyargs, *method.args.args]
                if parameters and parameters[0].arg == node.value.id:
                    return ("attribute", cls, node.attr)
        return None

    def _function(self, node: ast.AST) -> ast.AST | None:
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        return next((outer for outer in self.module.ancestors(node) if isinstance(outer, functions)), None)

    def _scope(self, name: ast.Name) -> ast.AST | None:
        for outer in self.module.ancestors(name):
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                if name.id in local_names(outer):
                    return outer
        return None

    def _all_stores(self) -> dict[Key, list[ast.expr | None]]:
        """What is bound to each variable; None for what is no expression."""
        found: dict[Key, list[ast.expr | None]] = {}
        values: dict[ast.expr, ast.expr] = {}
        for assign in self.module.nodes(ast.Assign):
            if len(assign.targets) == 1:
                values[assign.targets[0]] = assign.value
        for item in self.module.nodes(ast.withitem):
            if item.optional_vars is not None:
                values[item.optional_vars] = item.context_expr
        nodes: list[ast.Name | ast.Attribute] = [
            *self.module.nodes(ast.Name),
            *self.module.nodes(ast.Attribute),
        ]
        for node in nodes:
            if isinstance(node.ctx, ast.Load):
                continue
            key = self.key(node)
            if key is not None:
                found.setdefault(key, []).append(values.get(node))
        return found

    def _find_variables(self) -> None:
        for key, values in self._stores.items():
            kinds = {
                self.kind(value) if value is not None else None for value in values if not _is_none(value)
            }
            kind = kinds.pop() if len(kinds) == 1 else None
            if kind is not None and not self._is_parameter(key):
                self.variables[key] = kind

    def _is_parameter(self, key: Key) -> bool:
        function = key[1]
        if key[0] != "name" or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False
        return any(
            argument.arg == key[2] for argument in walk(function.args) if isinstance(argument, ast.arg)
        )

    def _find_makers(self) -> None:
        for function in self.module.nodes(ast.FunctionDef):
            returns = [node for node in walk(function) if isinstance(node, ast.Return)]
            kinds = {self.kind(node.value) if node.value is not None else None for node in returns}
            kind = kinds.pop() if len(kinds) == 1 else None
            if kind is not None:
                self._makers[function] = kind

    # -- expressions -----------------------------------------------------------------------------------------

    def kind(self, node: ast.expr) -> Kind | None:
        """What a session expression gives; None for other expressions."""
        if isinstance(node, ast.Call):
            api = self.module.api(node.func)
            if api is not None:
                return MAKERS.get(path_of(api))
            maker = self.maker(node)
            if maker is not None:
                return self._makers[maker]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "as_default":
                inner = self.kind(node.func.value)
                return inner if inner in (Kind.SESSION, Kind.GRAPH) else None
            return None
        if isinstance(node, ast.Attribute) and node.attr == "graph" and self.kind(node.value) is Kind.SESSION:
            return Kind.GRAPH
        key = self.key(node)
        return self.variables.get(key) if key is not None else None

    def maker(self, call: ast.Call) -> ast.FunctionDef | None:
        """The user's function that is called and gives a session object."""
        found = [
            option.node for option in options(self.module.value(call.func)) if isinstance(option, Function)
        ]
        if len(found) == 1 and isinstance(found[0], ast.FunctionDef) and found[0] in self._makers:
            return found[0]
        return None

    # -- places ----------------------------------------------------------------------------------------------

    def _all_places(self) -> Iterator[Place]:
        nodes = (
            *self.module.nodes(ast.Call),
            *self.module.nodes(ast.Name),
            *self.module.nodes(ast.Attribute),
        )
        for node in nodes:
            if isinstance(node, (ast.Name, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
                continue
            kind = self.kind(node)
            if kind is None or self._is_part(node):
                continue
            statement = self.module.statement(node)
            place = Place(node, kind, statement, Deed.LEFT, set(self._keys_in(node)))
            place.deed = self._deed(place)
            yield place

    def _keys_in(self, node: ast.expr) -> Iterator[Key]:
        for part in walk(node):
            if isinstance(part, (ast.Name, ast.Attribute)):
                key = self.key(part)
                if key is not None and key in self.variables:
                    yield key
            elif isinstance(part, ast.Call):
                maker = self.maker(part)
                if maker is not None:
                    yield ("function", maker, maker.name)

    def _is_part(self, node: ast.expr) -> bool:
        """Whether the expression is a part of a greater session expression: `config` of `tf.Session(config=config)`."""
        outer = self.module.parent(node)
        if isinstance(outer, ast.keyword):
            outer = self.module.parent(outer)
        if isinstance(outer, ast.Attribute):
            if self.kind(outer) is not None:
                return True
            outer = self.module.parent(outer)
            return isinstance(outer, ast.Call) and outer.func is not node and self.kind(outer) is not None
        if isinstance(outer, ast.Call) and outer.func is not node:
            api = self.module.api(outer.func)
            return api is not None and path_of(api) in MAKERS
        return False

    def _deed(self, place: Place) -> Deed:
        statement, node = place.statement, place.node
        if isinstance(statement, ast.Assign):
            return self._of_assignment(statement, place)
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            return self._of_with(statement, place)
        if isinstance(statement, ast.Return) and statement.value is node:
            function = self._function(statement)
            if not isinstance(function, ast.FunctionDef) or function not in self._makers:
                return Deed.LEFT
            place.keys.add(("function", function, function.name))
            return Deed.REMOVED
        if not isinstance(statement, ast.Expr):
            return Deed.LEFT
        if statement.value is node:
            return self._without(node)  # `K.get_session()`, `tf.InteractiveSession()`
        return self._of_call(statement.value, place)

    def _without(self, node: ast.expr) -> Deed:
        """What becomes of a statement that only holds on to a session object."""
        is_made = isinstance(node, ast.Call) and self.maker(node) is not None
        return Deed.CALLED if is_made else Deed.REMOVED

    def _of_assignment(self, statement: ast.Assign, place: Place) -> Deed:
        if len(statement.targets) != 1:
            return Deed.LEFT
        target = statement.targets[0]
        if statement.value is place.node:
            key = self.key(target)
            if key is None or key not in self.variables:
                return Deed.LEFT
            place.keys.add(key)
            return self._without(place.node)
        base: ast.expr = target
        while isinstance(base, ast.Attribute) and base is not place.node:
            base = base.value
        settable = place.kind in (Kind.CONFIG, Kind.GPU_OPTIONS)
        return Deed.SET if base is place.node and settable else Deed.LEFT

    def _of_with(self, statement: ast.With | ast.AsyncWith, place: Place) -> Deed:
        for item in statement.items:
            if self.kind(item.context_expr) not in (Kind.SESSION, Kind.GRAPH):
                return Deed.LEFT
            if item.optional_vars is not None:
                key = self.key(item.optional_vars)
                if key is None or key not in self.variables:
                    return Deed.LEFT
                place.keys.add(key)
        return Deed.UNWRAPPED

    def _of_call(self, call: ast.expr, place: Place) -> Deed:
        """An expression statement that is a call with the place in it."""
        if not isinstance(call, ast.Call):
            return Deed.LEFT
        api = self.module.api(call.func)
        if api is not None:
            is_set = path_of(api) == SET_SESSION and call.args == [place.node]
            return self._without(place.node) if is_set else Deed.LEFT
        if not isinstance(call.func, ast.Attribute) or self.kind(call.func.value) is None:
            return Deed.LEFT
        if call.func.attr in ("close", "__enter__"):
            return Deed.REMOVED
        if call.func.attr == "run" and self._runs_initializers(call):
            return Deed.REMOVED
        return Deed.LEFT

    def _runs_initializers(self, call: ast.Call) -> bool:
        """`session.run(tf.global_variables_initializer())`, `initializer.run()`."""
        assert isinstance(call.func, ast.Attribute)
        if self.kind(call.func.value) is Kind.INITIALIZER:
            return True
        if len(call.args) != 1 or call.keywords:
            return False
        given = call.args[0].elts if isinstance(call.args[0], (ast.List, ast.Tuple)) else call.args
        return bool(given) and all(self.kind(item) is Kind.INITIALIZER for item in given)


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
