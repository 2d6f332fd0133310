"""The abstract interpreter: runs a module's statements on values instead of objects.

Both branches of an `if` are taken and joined, loops run once (twice where the kind of a value changed), the
user's functions run once for each call with interesting arguments, up to a bound. What was never called is run at
the end, with unknown arguments, so that every expression of the program has been looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager

from keras_upgrade.analysis import attributes, calls, expressions, versions
from keras_upgrade.analysis.attributes import is_static
from keras_upgrade.analysis.fixtures import fixtures_for
from keras_upgrade.analysis.frames import Frame, FunctionNode, local_names
from keras_upgrade.analysis.observed import value_of
from keras_upgrade.analysis.program import Import, Module
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Arguments,
    Choice,
    Class,
    Const,
    Event,
    Function,
    Instance,
    Mapping,
    Method,
    ModuleValue,
    Result,
    Seq,
    Tensor,
    Value,
    api,
    each,
    join,
    join_all,
    may_be_api,
    options,
)
from keras_upgrade.syntax.walking import children, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from keras_upgrade.analysis.project import Project

MAX_RUNS = 24
"""Runs of one function; later calls get what the last run gave."""
MAX_DEPTH = 40
"""Nested calls of user functions."""

REAL_TENSOR_METHODS = frozenset(
    [
        "call",
        "__call__",
        "train_step",
        "test_step",
        "predict_step",
        "compute_loss",
        "compute_metrics",
        "update_state",
        "result",
        "get_updates",
        "update_step",
        "minimize",
        "on_epoch_end",
        "on_batch_end",
        "on_train_batch_end",
    ]
)
"""Methods of user classes that derive from Keras, which get real (or graph) tensors, never KerasTensors."""


class Interpreter:
    """Runs modules; the facts land in them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.module: Module = None  # type: ignore[assignment]  # set by run_module before anything else runs
        self.stack: list[tuple[Function, Frame]] = []
        self.callers: list[ast.Call] = []
        self.runs: dict[FunctionNode, int] = {}
        self.last: dict[FunctionNode, Value] = {}
        self.recursive: set[FunctionNode] = set()
        self.real = 0
        self.events = 0
        self._statements: dict[type[ast.stmt], Callable[[Any, Frame], None]] = {
            ast.Expr: self._expr,
            ast.Assign: self._assign,
            ast.AnnAssign: self._ann_assign,
            ast.AugAssign: self._aug_assign,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Return: self._return,
            ast.If: self._if,
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: self._while,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Match: self._match,
        }

    # -- modules ---------------------------------------------------------------------------------------------

    def run_module(self, module: Module) -> None:
        """Runs a module's statements; `finish` runs what they did not call."""
        with self._within(module):
            self.block(module.tree.body, module.frame)

    def finish(self, modules: Sequence[Module]) -> None:
        """Runs the functions and methods that nothing has called, with arguments unknown.

        Those that the program never mentions come first, such as tests: what they call is then called with what they know.
        """
        mentioned: set[str] = set()
        for module in modules:
            mentioned.update(node.attr for node in module.nodes(ast.Attribute))
            mentioned.update(node.id for node in module.nodes(ast.Name) if type(node.ctx) is ast.Load)
        for module in modules:
            self._run_all_uncalled(module, lambda function: function.name not in mentioned)
        for module in modules:
            self._run_all_uncalled(module, lambda _: True)
            module.calls.sort(key=_place)
            module.references.sort(key=_place)

    def _run_all_uncalled(self, module: Module, wanted: Callable[[Function], bool]) -> None:
        with self._within(module):
            done = 0
            while done < len(module.functions):
                for function in module.functions[done:]:
                    done += 1
                    if function.node not in self.runs and wanted(function):
                        self._run_uncalled(function)

    @contextmanager
    def _within(self, module: Module) -> Iterator[None]:
        outer, self.module = self.module, module
        try:
            yield
        finally:
            self.module = outer

    def _run_uncalled(self, function: Function) -> None:
        arguments = fixtures_for(self, function)
        if function.owner is not None and attributes.is_class_method(function):
            self.call_user(function, arguments, None, function.owner)
            return
        if function.owner is not None and not is_static(function):
            for owner in self._objects_of(function.owner)[:2]:
                self.call_user(function, arguments, None, owner)
            return
        self.call_user(function, arguments, None)

    def _objects_of(self, cls: Class) -> list[Value]:
        made = [item for item in cls.module.instances if item.cls is cls]
        if not made:
            made = [Instance(cls, None, Arguments(complete=False), cls.module)]
            cls.module.instances.append(made[0])
            constructor = cls.lookup("__init__")
            if isinstance(constructor, Function) and constructor.node not in self.runs:
                self.call_user(constructor, Arguments(complete=False), None, made[0])
        return list(made)

    # -- statements ------------------------------------------------------------------------------------------

    def block(self, statements: Sequence[ast.stmt], frame: Frame) -> None:
        """Runs statements in order."""
        for statement in statements:
            run = self._statements.get(type(statement))
            if run is not None:
                run(statement, frame)
            else:
                for child in children(statement):
                    if isinstance(child, ast.expr):
                        self.eval(child, frame)

    def _expr(self, node: ast.Expr, frame: Frame) -> None:
        self.eval(node.value, frame)

    def _assign(self, node: ast.Assign, frame: Frame) -> None:
        value = self.eval(node.value, frame)
        for target in node.targets:
            self.bind(target, value, frame, node)

    def _ann_assign(self, node: ast.AnnAssign, frame: Frame) -> None:
        self.eval(node.annotation, frame)
        if node.value is not None:
            self.bind(node.target, self.eval(node.value, frame), frame, node)

    def _aug_assign(self, node: ast.AugAssign, frame: Frame) -> None:
        if isinstance(node.target, ast.Name):
            left = frame.lookup(node.target.id) or UNKNOWN
        else:
            left = self.eval(node.target, frame)
        right = self.eval(node.value, frame)
        value = expressions.operate(self, node.value, left, right)
        if isinstance(node.op, ast.Add) and isinstance(left, Seq):
            more = right.items if isinstance(right, Seq) else []
            value = Seq([*left.items, *more], left.kind, join(left.rest, UNKNOWN) if left.rest else None)
        self.bind(node.target, value, frame, node)

    def _return(self, node: ast.Return, frame: Frame) -> None:
        frame.returned.append(Const(None) if node.value is None else self.eval(node.value, frame))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
        for decorator in node.decorator_list:
            self.eval(decorator, frame)
        function = self.define(node, frame)
        self.store(frame, node.name, function)

    def define(self, node: FunctionNode, frame: Frame) -> Function:
        """The function object of a `def` or `lambda`; evaluates its defaults and annotations."""
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = {
            argument.arg: self.eval(default, frame)
            for argument, default in zip(reversed(positional), reversed(arguments.defaults), strict=False)
        }
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if default is not None:
                defaults[argument.arg] = self.eval(default, frame)
        rest = [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
        for parameter in (*positional, *arguments.kwonlyargs, *rest):
            if parameter.annotation is not None:
                self.eval(parameter.annotation, frame)
        if not isinstance(node, ast.Lambda) and node.returns is not None:
            self.eval(node.returns, frame)
        function = Function(node, frame, self.module, defaults)
        self.module.functions.append(function)
        return function

    def _class(self, node: ast.ClassDef, frame: Frame) -> None:
        for decorator in node.decorator_list:
            self.eval(decorator, frame)
        bases = [self.eval(base, frame) for base in node.bases]
        for keyword in node.keywords:
            self.eval(keyword.value, frame)
        cls = Class(node, bases, self.module)
        inner = Frame(frame, is_class=True)
        inner.names = cls.members
        self.block(node.body, inner)
        cls.members = inner.names
        for member in cls.members.values():
            if isinstance(member, Function) and member.frame is inner:
                member.owner = cls
        self.module.classes.append(cls)
        self.store(frame, node.name, cls)

    def _if(self, node: ast.If, frame: Frame) -> None:
        live = versions.truth(self.eval(node.test, frame))
        if live is None:
            self._branches(frame, [node.body, node.orelse])
        else:
            self.block(node.body if live else node.orelse, frame)

    def _branches(self, frame: Frame, bodies: Sequence[Sequence[ast.stmt]]) -> None:
        before = frame.names
        ends = []
        for body in bodies:
            frame.names = dict(before)
            self.block(body, frame)
            if not (body and isinstance(body[-1], (ast.Return, ast.Raise, ast.Continue, ast.Break))):
                ends.append(frame.names)
        if frame.is_class or not ends:
            ends = [before, *ends]
        frame.merge(ends)

    def _for(self, node: ast.For | ast.AsyncFor, frame: Frame) -> None:
        element = expressions.element_of(self, self.eval(node.iter, frame), node.iter)
        self._loop(frame, [*node.body], lambda: self.bind(node.target, element, frame, node))
        self.block(node.orelse, frame)

    def _while(self, node: ast.While, frame: Frame) -> None:
        self._loop(frame, [*node.body], lambda: self.eval(node.test, frame))
        self.block(node.orelse, frame)

    def _loop(self, frame: Frame, body: list[ast.stmt], head: Callable[[], object]) -> None:
        before = dict(frame.names)
        for _ in range(2):
            start = dict(frame.names)
            head()
            self.block(body, frame)
            after = frame.names
            if not any(_is_another_kind(value, after.get(name, value)) for name, value in start.items()):
                break
        after = frame.names
        for name, value in before.items():
            # A tensor that the loop replaced is the loop's; anything else may be what it was before.
            known = after.get(name)
            if known is not None and known is not value and not isinstance(known, Tensor):
                after[name] = join(value, known)

    def _with(self, node: ast.With | ast.AsyncWith, frame: Frame) -> None:
        taped = False
        for item in node.items:
            value = self.eval(item.context_expr, frame)
            taped = taped or (isinstance(value, Result) and value.of == "tensorflow.GradientTape")
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value, frame, node)
        self.real += taped
        self.block(node.body, frame)
        self.real -= taped

    def _try(self, node: ast.Try | ast.TryStar, frame: Frame) -> None:
        before = dict(frame.names)
        self.block([*node.body, *node.orelse], frame)
        ends = [frame.names]
        for handler in node.handlers:
            if handler.type is not None:
                self.eval(handler.type, frame)
            frame.names = dict(before)
            if handler.name:
                frame.names[handler.name] = UNKNOWN
            self.block(handler.body, frame)
            ends.append(frame.names)
        frame.merge(ends)
        self.block(node.finalbody, frame)

    def _match(self, node: ast.Match, frame: Frame) -> None:
        self.eval(node.subject, frame)
        for case in node.cases:
            for pattern in walk(case.pattern):
                if isinstance(pattern, (ast.MatchAs, ast.MatchStar)) and pattern.name:
                    self.store(frame, pattern.name, UNKNOWN)
        self._branches(frame, [case.body for case in node.cases])

    # -- imports ---------------------------------------------------------------------------------------------

    def _import(self, node: ast.Import, frame: Frame) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name.partition(".")[0]
            self.module.imports.append(Import(node, alias, alias.name, bound))
            own = self.project.find(alias.name, 0, self.module)
            if own is not None:
                self.project.ensure(own, self)
                whole = own if alias.asname else self.project.package(own, alias.name, self)
                value: Value = ModuleValue(whole)
            else:
                value = api(alias.name if alias.asname else bound)
            self.store(frame, bound, value)

    def _import_from(self, node: ast.ImportFrom, frame: Frame) -> None:
        own = self.project.find(node.module or "", node.level, self.module)
        if own is not None:
            self.project.ensure(own, self)
        for alias in node.names:
            bound = alias.asname or alias.name
            target = "" if node.level or own else f"{node.module}.{alias.name}"
            self.module.imports.append(Import(node, alias, target, bound, own))
            if alias.name == "*":
                self._import_star(node, own, frame)
            elif own is not None or node.level:
                self.store(frame, bound, self._member(own, node, alias.name))
            else:
                self.store(frame, bound, api(target))

    def _member(self, own: Module | None, node: ast.ImportFrom, name: str) -> Value:
        known = attributes.member_of(own, name) if own is not None else None
        if known is not None:
            return known
        submodule = self.project.find(
            f"{node.module}.{name}" if node.module else name, node.level, self.module
        )
        if submodule is None:
            return UNKNOWN
        self.project.ensure(submodule, self)
        return ModuleValue(submodule)

    def _import_star(self, node: ast.ImportFrom, own: Module | None, frame: Frame) -> None:
        if own is not None:
            frame.names.update({k: v for k, v in own.frame.names.items() if not k.startswith("_")})
            self.module.stars += own.stars
        elif node.module and not node.level:
            self.module.stars.append(node.module)

    # -- binding ---------------------------------------------------------------------------------------------

    def store(self, frame: Frame, name: str, value: Value) -> None:
        """Binds a name as an assignment in `frame` would, `global` and `nonlocal` respected."""
        owner = frame
        if frame.local is not None and name not in frame.local:
            outer = frame.parent
            while outer is not None and name not in outer.names:
                outer = outer.parent
            owner = outer or frame.globals
        owner.names[name] = value

    def bind(self, target: ast.expr, value: Value, frame: Frame, statement: ast.stmt) -> None:
        """Assigns a value to a target of any form."""
        if isinstance(target, ast.Name):
            if isinstance(value, Instance) and not value.variable:
                value.variable = target.id
            self.store(frame, target.id, value)
            self.record(target, value)
        elif isinstance(target, ast.Attribute):
            self._bind_attribute(target, value, frame, statement)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target, value, frame, statement)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, Seq([], "list", value), frame, statement)
        elif isinstance(target, ast.Subscript):
            owner = self.eval(target.value, frame)
            key = self.eval(target.slice, frame)
            if isinstance(owner, Mapping):
                if isinstance(key, Const):
                    owner.items[key.value] = value
                else:
                    owner.rest = value if owner.rest is None else join(owner.rest, value)

    def _bind_attribute(self, target: ast.Attribute, value: Value, frame: Frame, statement: ast.stmt) -> None:
        owner = self.eval(target.value, frame)
        for item in options(owner):
            if isinstance(item, Instance):
                known = item.attributes.get(target.attr)
                item.attributes[target.attr] = (
                    value if known is None or self._is_setup() else join(known, value)
                )
                self.note_event(item, f"{target.attr}=", statement, Arguments([value]))
                if isinstance(value, Instance) and not value.variable:
                    value.variable = target.attr
            elif isinstance(item, Class):
                item.members.setdefault(target.attr, value)

    def _is_setup(self) -> bool:
        return bool(self.stack) and self.stack[-1][0].name in ("__init__", "build")

    def _unpack(self, target: ast.Tuple | ast.List, value: Value, frame: Frame, statement: ast.stmt) -> None:
        starred = any(isinstance(item, ast.Starred) for item in target.elts)
        for index, item in enumerate(target.elts):
            part: Value
            if isinstance(value, Seq) and not starred and len(value.items) == len(target.elts):
                part = value.items[index]
            else:
                part = self._item(value, index, target)
            self.bind(item, part, frame, statement)

    def _item(self, value: Value, index: int, target: ast.expr) -> Value:
        return each(value, lambda option: expressions.item_of(self, option, index, target))

    # -- expressions and calls -------------------------------------------------------------------------------

    def eval(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression; also notes it in the module."""
        if type(node) is ast.Constant:
            return Const(node.value)
        value = expressions.EVALUATORS[type(node)](self, node, frame)
        if self.module.observed:
            value = self.corrected(node, value)
        self.record(node, value)
        return value

    def corrected(self, node: ast.expr, value: Value) -> Value:
        """The value of an expression of which little is known, if a run has shown more."""
        if value is UNKNOWN or type(value) is Result:
            return value_of(self, node) or value
        return value

    def record(self, node: ast.expr, value: Value) -> None:
        """Notes what an expression was found to be, joined with what other runs found."""
        values = self.module.values
        known = values.get(node)
        if known is None:
            values[node] = value
            kind = type(node)
            if kind is ast.Call:
                self.module.calls.append(node)  # type: ignore[arg-type]
            elif (kind is ast.Attribute or kind is ast.Name) and may_be_api(value):
                self.module.references.append(node)  # type: ignore[arg-type]
        elif known is not value:
            values[node] = join(known, value)

    def call_user(
        self, function: Function, arguments: Arguments, node: ast.Call | None, owner: Value | None = None
    ) -> Value:
        """Runs a user's function with arguments (`owner` goes first, as `self`) and gives what it returns."""
        definition = function.node
        runs = self.runs.get(definition, 0)
        # Of lambdas that are chained by one function, each is another one.
        active = any(
            item[0] is function or (item[0].node is definition and not isinstance(definition, ast.Lambda))
            for item in self.stack
        )
        if active:
            self.recursive.add(definition)
        if runs >= MAX_RUNS or active or len(self.stack) >= MAX_DEPTH:
            return self.last.get(definition, UNKNOWN)
        if runs and node is not None and not self._matters(function, arguments, owner):
            return self.last.get(definition, UNKNOWN)
        self.runs[definition] = runs + 1
        frame = Frame(function.frame, local_names(definition))
        self._bind_parameters(function, arguments, frame, owner)
        outer, self.module = self.module, function.module
        real = self._gets_real_tensors(function)
        self.real += real
        self.stack.append((function, frame))
        callers = self.callers
        self.callers = [*callers, node] if node is not None else callers
        try:
            if isinstance(definition, ast.Lambda):
                result = self.eval(definition.body, frame)
            else:
                self.block(definition.body, frame)
                result = join_all(frame.returned) if frame.returned else Const(None)
                if frame.yielded:
                    result = Seq([], "generator", join_all(frame.yielded), function)
        finally:
            self.stack.pop()
            self.callers = callers
            self.real -= real
            self.module = outer
        self.last[definition] = result
        if definition in self.recursive and self.runs[definition] == 1:
            # Where it called itself, nothing was known yet of what it gives.
            return self.call_user(function, arguments, node, owner)
        return result

    def _matters(self, function: Function, arguments: Arguments, owner: Value | None) -> bool:
        if owner is not None or any(_is_interesting(value) for value in arguments.all()):
            return True
        return _is_interesting(self.last.get(function.node, UNKNOWN))

    def _bind_parameters(
        self, function: Function, arguments: Arguments, frame: Frame, owner: Value | None
    ) -> None:
        definition = function.node.args
        names = [argument.arg for argument in (*definition.posonlyargs, *definition.args)]
        positional = list(arguments.positional)
        if owner is not None:
            positional.insert(0, owner)
        given = dict(zip(names, positional, strict=False))
        keywords = dict(arguments.keywords)
        fallback = self._parameter_default(function)
        for name in (*names, *(argument.arg for argument in definition.kwonlyargs)):
            if name in given:
                value = given[name]
            elif name in keywords:
                value = keywords.pop(name)
            elif arguments.complete:
                value = function.defaults.get(name, UNKNOWN)
            else:
                default = function.defaults.get(name)
                value = fallback if default is None else join(default, UNKNOWN)
            frame.names[name] = value
        if definition.vararg is not None:
            rest = positional[len(names) :]
            frame.names[definition.vararg.arg] = Seq(rest, "tuple", None if arguments.complete else UNKNOWN)
        if definition.kwarg is not None:
            extra: dict[object, Value] = {k: v for k, v in keywords.items() if k not in names}
            frame.names[definition.kwarg.arg] = Mapping(extra, None if arguments.complete else UNKNOWN)

    def _parameter_default(self, function: Function) -> Value:
        if function.name == "compute_mask" and self._is_kerasic(function):
            # Called while the model is built, outside of any graph of `call`.
            return Tensor(True, None, function.module)
        if self._gets_real_tensors(function):
            return Tensor(False, None, function.module)
        return UNKNOWN

    def _gets_real_tensors(self, function: Function) -> bool:
        return function.name in REAL_TENSOR_METHODS and self._is_kerasic(function)

    def _is_kerasic(self, function: Function) -> bool:
        """Whether a method is of a class that derives from Keras."""
        if function.owner is None:
            return False
        return any(
            isinstance(base, Api) and base.path.startswith("keras.") for base in function.owner.ancestors()
        )

    def call(self, callee: Value, arguments: Arguments, node: ast.Call) -> Value:
        """What calling a value gives."""
        if isinstance(callee, Choice):
            return join_all(self.call(option, arguments, node) for option in callee.options)
        return calls.call(self, callee, arguments, node)

    def note_event(
        self, owner: Instance, name: str, node: ast.Call | ast.Attribute | ast.stmt, arguments: Arguments
    ) -> None:
        """Notes a step in the life of an object."""
        self.events += 1
        here = self.current_function()
        owner.events.append(Event(name, node, arguments, self.module, here, self.events, tuple(self.callers)))

    def current_function(self) -> Function | None:
        """The user's function that is being run, None at the top of a module."""
        return self.stack[-1][0] if self.stack else None


def _place(node: ast.expr) -> tuple[int, int, int]:
    return (node.lineno, node.col_offset, -(node.end_col_offset or 0))


def _is_another_kind(before: Value, after: Value) -> bool:
    return before is not after and _shape(before) != _shape(after)


def _shape(value: Value) -> object:
    """What a second run of a loop could see differently: the kind of a value, not which one it is."""
    if isinstance(value, Tensor):
        return (Tensor, value.symbolic)
    if isinstance(value, Choice):
        return frozenset(_shape(option) for option in value.options)
    return type(value)


def _is_interesting(value: Value, depth: int = 4) -> bool:
    """Whether a value is, or holds, what models are made of; a dict may hold itself, hence the limit."""
    for option in options(value):
        if isinstance(option, (Tensor, Instance, Function, Class, Method)):
            return True
        inside: Iterable[Value] = ()
        if isinstance(option, Seq):
            inside = option.items[:8]
        elif isinstance(option, Mapping):
            inside = option.items.values()
        if depth and any(_is_interesting(item, depth - 1) for item in inside):
            return True
    return False
