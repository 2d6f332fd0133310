"""Runs of a session, `session.run(tensors, feed_dict={placeholder: array})`, as calls of Python functions.

A run is a function object that is made and called in one place: what is fed are its inputs, what is fetched its outputs,
and an optimizer's operation among them its updates. In the graph every run computes anew what leads to its tensors, so
that the statements are copied into each function that needs them; they go where no other run is left that does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.models import is_layer
from keras_upgrade.analysis.values import Api, Seq, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.records import dataclass
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.gradients import GradientFunction, Written
from keras_upgrade.rules.graphs.modes import Mode, modes_of, written
from keras_upgrade.rules.graphs.objects import (
    CannotRewriteError,
    FunctionCall,
    FunctionObject,
    is_phase,
    is_zero,
)
from keras_upgrade.rules.graphs.results import Form, Results
from keras_upgrade.rules.graphs.slices import scope_of
from keras_upgrade.rules.graphs.updates import UPDATES
from keras_upgrade.rules.shared.sessions import Kind, Sessions
from keras_upgrade.syntax.blocks import insertion_point
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.walking import walk


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        call: the call of `run` or `eval`.
        fetches: what is fetched, in order.
        is_list: whether it is fetched as a list.
        feeds: the placeholders with what they are given.
    """

    call: ast.Call
    fetches: list[ast.expr]
    is_list: bool
    feeds: dict[ast.expr, ast.expr]


def runs(context: Context) -> Iterator[Run]:
    """The runs in a module that are given what they need as a dict."""
    sessions = Sessions.of(context)
    for call in context.module.calls:
        run = _read(context, sessions, call)
        if run is not None:
            yield run


def written_runs(context: Context) -> tuple[list[tuple[Run, Written]], str]:
    """The runs that compute something of Keras, as functions; none, with the reason, if one of them cannot be one."""

    def write() -> tuple[list[tuple[Run, Written]], str]:
        try:
            functions = [RunFunction(context, run) for run in runs(context)]
            return [(function.run, function.write()) for function in functions if function.is_of_keras], ""
        except CannotRewriteError as problem:
            return [], str(problem)

    return context.program.once(f"runs in {id(context.module)}", write)


def _read(context: Context, sessions: Sessions, call: ast.Call) -> Run | None:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("run", "eval"):
        return None
    feed = keyword_of(call, "feed_dict")
    if sessions.kind(call.func.value) is Kind.SESSION and call.func.attr == "run":
        fetched = keyword_of(call, "fetches")
        given = fetched.value if fetched is not None else call.args[0] if call.args else None
        fed = feed.value if feed is not None else call.args[1] if len(call.args) == 2 else None
    else:  # `loss.eval(feed_dict=...)`, `step.run(feed_dict=...)`
        given, fed = call.func.value, feed.value if feed is not None else None
        if fed is None or modes_of(context).mode(given, context.module.statement(call)) is Mode.PLAIN:
            return None
    if given is None or not isinstance(fed, ast.Dict) or None in fed.keys:
        return None
    is_list = isinstance(given, (ast.List, ast.Tuple))
    fetches = list(given.elts) if isinstance(given, (ast.List, ast.Tuple)) else [given]
    keys = [key for key in fed.keys if key is not None]
    return Run(call, fetches, is_list, dict(zip(keys, fed.values, strict=True)))


class RunFunction(GradientFunction):
    """One run on its way to a Python function.

    Raises:
        CannotRewriteError: the code does not allow it.
    """

    takes_comments = False

    def __init__(self, context: Context, run: Run) -> None:
        self.run = run
        self.steps = [item for item in run.fetches if _is_step(context, run, item)]
        self.results = [item for item in run.fetches if item not in self.steps]
        super().__init__(_function_object(context, run, self.results, self.steps))
        self._check_fetches()
        self.anchor = self._anchor()

    @property
    def is_of_keras(self) -> bool:
        """Whether layers or models of Keras are in what is computed; else the graph is TensorFlow's own affair."""
        parts = [part for item in [*self.moved, self.run.call] for part in walk(item)]
        values = [self.context.value(part) for part in parts if isinstance(part, ast.expr)]
        return any(is_layer(option) for value in values for option in options(value)) or bool(self.read)

    def _check_fetches(self) -> None:
        for item in self.results:
            mode = self.modes.mode(item, self.statement)
            text = self.source.segment(item)
            if mode is Mode.PLAIN or (isinstance(item, ast.Attribute) and mode is not Mode.LEAF):
                raise CannotRewriteError(f"it is not known here how `{text}` is computed")
            if any(isinstance(option, Seq) for option in options(self.context.value(item))):
                raise CannotRewriteError(f"`{text}` is a list")
        if self.steps and self.results and self._targets() is None:
            raise CannotRewriteError("what it gives is not unpacked at once")

    def _used_elsewhere(self) -> set[str]:
        return set()  # each run has its own copy

    # -- as a call of a model --------------------------------------------------------------------------------

    def write(self) -> Written:
        """The edits that make the function, or that call a model where tensors of its graph are all that is asked for."""
        if self.steps or self.moved or self.training not in ("", "training=True"):
            return super().write()
        leaves = [self.text(item) for item in self.results]
        if len(self.leaves) != len(leaves) or {leaf.name for leaf in self.leaves.values()} != set(leaves):
            return super().write()
        self._choose_model()
        edits = [] if self.model else [self._model_edit()]
        call = self.run.call
        after = call if self.run.fetches != self.results or self._first() is None else self._first()
        assert after is not None
        span = self.source.start(call), self.source.end(after)
        edits.append(Edit(*span, self._prediction(is_first=after is not call)))
        trains = bool(self.training)
        return Written(self.model or self.features, edits, self.context.needed_imports, trains, self.unsure)

    def _first(self) -> ast.Subscript | None:
        """`session.run([y], ...)[0]`, if the run of one tensor is followed by that."""
        return self.made.calls[0].item if self.made.takes_first else None

    def _model_edit(self) -> Edit:
        """The model of the tensors, before what holds the run."""
        blank = self.source.indentation(self.anchor)
        place = insertion_point(self.source, self.anchor, self.limit_of(self.anchor))
        return Edit(place, place, "".join(f"{blank}{line}\n" for line in self._setup_lines()))

    def _prediction(self, *, is_first: bool) -> str:
        """The call of the model, with what is fed in the order of its inputs."""
        given = [self._array_text(self.run.feeds[item.node]) for item in self.graph_inputs()]
        fed = given[0] if len(given) == 1 else f"[{', '.join(given)}]"
        name, several = self.model or self.features, len(self.results) > 1
        if not self.training:
            text = f"{name}.predict_on_batch({fed})"
        elif several:
            return f"[y.numpy() for y in {name}({fed}, {self.training})]"
        else:
            text = f"{name}({fed}, {self.training}).numpy()"
        return f"[{text}]" if self.run.is_list and not several and not is_first else text

    def _array_text(self, node: ast.expr) -> str:
        """What is fed, as an array: a list would be taken for several inputs."""
        text = self.source.segment(node)
        if not isinstance(node, (ast.List, ast.Tuple, ast.ListComp)):
            return text
        numpy = next(
            (n for n, v in self.module.frame.names.items() if isinstance(v, Api) and v.path == "numpy"), ""
        )
        return f"{numpy or self.context.spell('keras.ops')}.array({text})"

    # -- its place -------------------------------------------------------------------------------------------

    def _anchor(self) -> ast.stmt:
        """The statement before which the function stands: as far outside as what it starts from allows."""
        outer = [self.statement]
        for node in self.module.ancestors(self.statement):
            if node is self.scope:
                break
            if isinstance(node, ast.stmt):
                outer.append(node)
        for statement in reversed(outer):
            inside = {id(part) for part in walk(statement)}
            if statement is self.statement or not any(id(item) in inside for item in self._origins()):
                return statement
        return self.statement

    def _origins(self) -> list[ast.stmt]:
        """The statements that lead to the tensors: those that move, and those that bind what these read of the graph."""
        found = list(self.moved)
        for item in [*self.moved, self.statement]:
            for part in walk(item):
                if isinstance(part, ast.Name) and part.id in self.read:
                    found += self.modes.reaching(part.id, self.at(part))
        return found

    def _placed(self, body: list[str], results: Results) -> Written:
        run_statement, self.statement = self.statement, self.anchor
        self.block = self.module.body_of(self.statement)
        made = super()._placed(body, results)
        self.statement = run_statement
        return made

    def _is_definition(self) -> bool:
        return False

    def _function_name(self) -> str:
        if self.steps:
            return self.scope_name("train", "_step", "_batch")
        named = self.results[0] if len(self.results) == 1 else None
        return self.scope_name(f"compute_{named.id}" if isinstance(named, ast.Name) else "compute")

    # -- what stands in the place of the run -----------------------------------------------------------------

    def _site_text(self, name: str) -> str:
        given = [self.source.segment(self.run.feeds[item.node]) for item in self.inputs]
        return f"{name}({', '.join(given)})"

    def _call_edits(self, call: FunctionCall) -> list[Edit]:
        edits: list[Edit] = []
        if call.item is not None and self.made.takes_first:
            edits.append(Edit(self.source.end(call.node), self.source.end(call.item), ""))
        targets = self._targets()
        if targets is None or not self.steps:
            return edits
        kept = [
            target
            for target, fetch in zip(targets.elts, self.run.fetches, strict=True)
            if fetch not in self.steps
        ]
        text = ", ".join(self.source.segment(target) for target in kept)
        if kept:
            return [*edits, Edit(self.source.start(targets), self.source.end(targets), text)]
        return [*edits, Edit(self.source.start(targets), self.source.start(self.run.call), "")]

    def _targets(self) -> ast.Tuple | ast.List | None:
        """What the result is unpacked into."""
        statement = self.module.parent(self.run.call)
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        fits = isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == len(self.run.fetches)
        if not fits or not isinstance(target, (ast.Tuple, ast.List)):
            return None
        return None if any(isinstance(item, ast.Starred) for item in target.elts) else target

    def returned(self) -> Results:
        """What the function gives: what is fetched, without the steps."""
        several = len(self.results) > 1
        if self.steps:
            form = Form.TUPLE if several else Form.ONE if self.results else Form.NOTHING
            return self.arrays(form, self.results)
        if not self.run.is_list or self.made.takes_first:
            return self.arrays(Form.ONE, self.results[:1])
        unpacked = several and self._targets() is not None
        return self.arrays(Form.TUPLE if unpacked else Form.LIST, self.results)

    # -- what goes -------------------------------------------------------------------------------------------

    def _removals(self) -> list[Edit]:
        self.moved = self._unread()
        return super()._removals()

    def _unread(self) -> list[ast.stmt]:
        """The moved statements whose names nothing reads that stays."""
        gone = list(self.moved)
        while True:
            inside = {id(part) for item in [*gone, self.run.call] for part in walk(item)}
            kept = [item for item in gone if not self._is_read(item, inside)]
            if len(kept) == len(gone):
                return kept
            gone = kept

    def _is_read(self, statement: ast.stmt, inside: set[int]) -> bool:
        names = written(statement)
        return any(
            isinstance(node.ctx, ast.Load)
            and id(node) not in inside
            and scope_of(self.module, node) is self.scope
            for name in names
            for node in self.module.names_of(name)
        )


def _is_step(context: Context, run: Run, node: ast.expr) -> bool:
    """Whether something that is fetched is an optimizer's operation."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr in UPDATES
    if not isinstance(node, ast.Name):
        return False
    modes = modes_of(context)
    values = [
        statement.value
        for statement in modes.reaching(node.id, context.module.statement(run.call))
        if isinstance(statement, ast.Assign)
    ]
    return bool(values) and all(isinstance(v, ast.Call) and _is_step(context, run, v) for v in values)


def _function_object(
    context: Context, run: Run, results: Sequence[ast.expr], steps: Sequence[ast.expr]
) -> FunctionObject:
    phases = [key for key in run.feeds if is_phase(context, key)]
    inputs = [key for key in run.feeds if key not in phases]
    if not inputs or len(phases) > 1:
        raise CannotRewriteError("nothing is fed")
    outer = context.module.parent(run.call)
    is_first = isinstance(outer, ast.Subscript) and outer.value is run.call and is_zero(context, outer.slice)
    call = FunctionCall(
        run.call,
        [run.feeds[key] for key in inputs],
        run.feeds[phases[0]] if phases else None,
        outer if is_first and isinstance(outer, ast.Subscript) else None,
    )
    return FunctionObject(
        context,
        run.call,
        inputs=inputs,
        phase=0 if phases else None,
        outputs=ast.List(list(results), ast.Load()),
        updates=ast.List(list(steps), ast.Load()) if steps else None,
        calls=[call],
    )
