"""KU506 train-step: `compiled_loss` and `compiled_metrics` in a `train_step` of one's own

The loss and the metrics of `compile` were objects of the model. `self.compiled_loss(...)` computed the loss and kept its
mean, `self.compiled_metrics.update_state(...)` updated the metrics. Keras 3 has `self.compute_loss(...)`, and the metrics
are updated one by one: that of the loss with the loss, `compile_metrics` with the labels and the predictions.

**Since** Keras 3.0.

**Error** SILENT: with the old names the reported loss is the mean of the predictions. Only warnings:

    UserWarning: `model.compiled_loss()` is deprecated.
    UserWarning: `model.compiled_metrics()` is deprecated.

**Fix.** `self.compute_loss(x=x, y=y, y_pred=y_pred)`, and a loop over `self.metrics`. `regularization_losses=self.losses`
goes: `compute_loss` adds the losses of regularizers and of `add_loss` by itself. The mean of the loss is over the samples,
as it was (`sample_weight=tf.shape(y)[0]`).

**Not fixed.** Steps that add `self.losses` on their own, and models with a `metrics` property that lists
`compiled_metrics.metrics`. A step with a loss function and metrics of its own is right as it is.

```python before
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Net(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compiled_loss(y, y_pred, regularization_losses=self.losses)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        self.compiled_metrics.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        self.compiled_loss(y, y_pred, regularization_losses=self.losses)
        self.compiled_metrics.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


inputs = keras.Input((2,))
net = Net(inputs, keras.layers.Dense(1, kernel_initializer='ones', kernel_regularizer='l2')(inputs))
net.compile(optimizer='sgd', loss='mse', metrics=['mae'])
x, y = np.arange(20.0).reshape(10, 2) / 10, np.ones((10, 1))
history = net.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0).history
result = [history['loss'], history['mae'], net.evaluate(x, y, batch_size=4, verbose=0)]
```

```python after
import numpy as np
import tensorflow as tf
import keras


class Net(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=tf.shape(y)[0])
            elif metric.name == "compile_metrics":
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=tf.shape(y)[0])
            elif metric.name == "compile_metrics":
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


inputs = keras.Input((2,))
net = Net(inputs, keras.layers.Dense(1, kernel_initializer='ones', kernel_regularizer='l2')(inputs))
net.compile(optimizer='sgd', loss='mse', metrics=['mae'])
x, y = np.arange(20.0).reshape(10, 2) / 10, np.ones((10, 1))
history = net.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0).history
result = [history['loss'], history['mae'], net.evaluate(x, y, batch_size=4, verbose=0)]
```

```python unchanged
import numpy as np
import tensorflow as tf
import keras


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, kernel_initializer='ones')
        self.tracker = keras.metrics.Mean(name='loss')

    def call(self, x):
        return self.dense(x)

    @property
    def metrics(self):
        return [self.tracker]

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(self(x) - y))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        self.tracker.update_state(loss)
        return {'loss': self.tracker.result()}


net = Net()
net.compile('sgd')
result = net.fit(np.ones((4, 2)), np.zeros((4, 1)), verbose=0).history['loss']
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from keras_upgrade.analysis.values import Class, Event, Mapping, Result, Seq, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import method_of, tensorflow_name
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import keyword_of, remove_statement, statement_lines
from keras_upgrade.syntax.templates import bind, parse_params
from keras_upgrade.syntax.walking import walk

CODE = "KU506"
PHASE = STRUCTURE
WORDS = {"compiled_loss", "compiled_metrics", "minimize"}
ERRORS = (
    r"`model\.compiled_loss\(\)` is deprecated",
    r"`model\.compiled_metrics\(\)` is deprecated",
)

_LOSS = "y_true, y_pred, sample_weight=None, regularization_losses=None"
_METRICS = "y_true, y_pred, sample_weight=None"
_REPORTS = frozenset({"metrics", "get_metrics_result", "compute_metrics"})
_NO_OTHERS = "the model has no losses of regularizers or `add_loss`, which `compute_loss` adds (Keras 2 left them out here)"


def check(context: Context) -> Iterator[Finding]:
    """Functions that use the compiled loss and metrics of a model."""
    steps: dict[ast.FunctionDef, list[ast.Attribute]] = {}
    for node in context.module.nodes(ast.Attribute):
        if node.attr in ("compiled_loss", "compiled_metrics") and isinstance(node.ctx, ast.Load):
            function = next(
                (f for f in context.module.ancestors(node) if isinstance(f, ast.FunctionDef)), None
            )
            if function is None:
                yield _advice(context, node)
            else:
                steps.setdefault(function, []).append(node)
    for function, nodes in steps.items():
        yield from _Step(context, function, sorted(nodes, key=context.source.start)).findings()
    for call in context.module.calls:
        finding = _minimized(context, call)
        if finding is not None:
            yield finding


def _advice(context: Context, node: ast.Attribute, reason: str = "") -> Finding:
    owner = context.source.segment(node.value)
    what = (
        f"`{owner}.compute_loss(x=..., y=..., y_pred=...)` computes the loss, with the losses in `{owner}.losses`"
        if node.attr == "compiled_loss"
        else f"update those of `{owner}.metrics` one by one, with the loss (`loss`) or the labels and predictions "
        "(`compile_metrics`)"
    )
    return Finding(
        CODE,
        context.span(node),
        f"`{context.source.segment(node)}` is another thing in Keras 3 (SILENT): {what}{reason}.",
        subject="training steps",
    )


class _CannotRewriteError(Exception):
    """Says why, in words for the end of a sentence."""


class _Step:
    """One function that uses the compiled loss and metrics."""

    def __init__(self, context: Context, function: ast.FunctionDef, nodes: Sequence[ast.Attribute]) -> None:
        self.context = context
        self.module = context.module
        self.source = context.source
        self.function = function
        self.nodes = nodes
        self.owner = self.source.segment(nodes[0].value)
        self.safety = Safety.SAFE
        place = method_of(context, function.body[0])
        self.cls = (
            None if place is None else next((c for c in self.module.classes if c.node is place[0]), None)
        )

    def findings(self) -> Iterator[Finding]:
        """The rewrite of the whole function, or an advice for each place."""
        try:
            edits = self._edits()
        except _CannotRewriteError as problem:
            for node in self.nodes:
                yield _advice(self.context, node, f" (not done: {problem})")
            return
        imports = () if tensorflow_name(self.context) else ("import tensorflow as tf",)
        yield Finding(
            CODE,
            self.context.span(self.nodes[0]),
            f"`{self.function.name}` uses the compiled loss and metrics, which are other things in Keras 3 (SILENT)",
            Fix(
                edits,
                f"`{self.function.name}`: `{self.owner}.compute_loss(...)` and a loop over `{self.owner}.metrics`",
                self.safety,
                imports if any("tf.shape" in edit.text for edit in edits) else (),
            ),
            subject=f"`{self.function.name}`",
            assumption=_NO_OTHERS if self.safety is Safety.REVIEW else "",
        )

    # -- what there is ---------------------------------------------------------------------------------------

    @cached_property
    def losses(self) -> list[ast.Call]:
        """The calls of `compiled_loss`."""
        found = []
        for node in self.nodes:
            call = self.module.parent(node)
            if node.attr == "compiled_loss":
                if not isinstance(call, ast.Call) or call.func is not node:
                    raise _CannotRewriteError("it is not called here")
                found.append(call)
        return found

    @cached_property
    def updates(self) -> list[tuple[ast.Expr, ast.Call]]:
        """The statements that update the compiled metrics."""
        found = []
        for node in self.nodes:
            if node.attr != "compiled_metrics":
                continue
            method = self.module.parent(node)
            call = self.module.parent(method) if method is not None else None
            statement = self.module.statement(node)
            if (
                not isinstance(method, ast.Attribute)
                or method.attr != "update_state"
                or not isinstance(call, ast.Call)
                or not isinstance(statement, ast.Expr)
                or statement.value is not call
            ):
                raise _CannotRewriteError("more is asked of the compiled metrics than an update")
            found.append((statement, call))
        return found

    @cached_property
    def metrics_property(self) -> ast.FunctionDef | None:
        """The `metrics` that the class has of its own."""
        if self.cls is None or self.owner != "self":
            return None
        found = [n for n in self.cls.node.body if isinstance(n, ast.FunctionDef) and n.name == "metrics"]
        return found[-1] if found else None

    @cached_property
    def are_listed(self) -> bool:
        """Whether `self.metrics` has the metrics of `compile`."""
        own = self.metrics_property
        if own is None:
            return True
        names = {node.attr for node in walk(own) if isinstance(node, ast.Attribute)}
        if names & {"compiled_metrics", "compiled_loss"}:
            raise _CannotRewriteError(
                "the property `metrics` lists the compiled ones: it wants `super().metrics`"
            )
        return any(
            isinstance(node, ast.Attribute)
            and node.attr == "metrics"
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Name)
            and node.value.func.id == "super"
            for node in walk(own)
        )

    @cached_property
    def reports(self) -> bool:
        """Whether the function reports the mean of the loss: it reads the model's metrics, and they have it."""
        reads = any(
            isinstance(node, ast.Attribute)
            and node.attr in _REPORTS
            and self.source.segment(node.value) == self.owner
            for node in walk(self.function)
        )
        return reads and self.are_listed

    # -- the edits -------------------------------------------------------------------------------------------

    def _edits(self) -> list[Edit]:
        if any(self.source.segment(node.value) != self.owner for node in self.nodes):
            raise _CannotRewriteError("there are several models")
        self._check_losses()
        one = self.losses[0] if len(self.losses) == 1 else None
        if one is not None and len(self.updates) == 1 and self.reports and self._fit_together(one):
            return self._together(one)
        edits = [edit for call in self.losses for edit in self._loss(call)]
        for statement, call in self.updates:
            edits.append(self._update(statement, call))
        return edits

    def _check_losses(self) -> None:
        """Sees to it that the losses of regularizers are neither lost nor counted twice."""
        handed = {
            id(b["regularization_losses"])
            for b in map(self._bound, self.losses)
            if "regularization_losses" in b
        }
        for node in walk(self.function):
            if (
                self.losses
                and isinstance(node, ast.Attribute)
                and node.attr == "losses"
                and self.source.segment(node.value) == self.owner
                and id(node) not in handed
            ):
                raise _CannotRewriteError(f"`{self.owner}.losses` would count twice")
        if (
            any("regularization_losses" not in self._bound(call) for call in self.losses)
            and self._may_have_losses()
        ):
            self.safety = Safety.REVIEW

    def _may_have_losses(self) -> bool:
        """Whether something in the program adds losses to layers."""
        return any(
            (keyword.arg or "").endswith("_regularizer")
            for module in self.context.program
            for keyword in module.nodes(ast.keyword)
        ) or any(
            node.attr in ("add_loss", "ActivityRegularization")
            for module in self.context.program
            for node in module.nodes(ast.Attribute)
        )

    def _bound(self, call: ast.Call) -> dict[str, ast.expr]:
        bound = bind(call, parse_params(_LOSS))
        if bound is None:
            raise _CannotRewriteError("the arguments are not plain")
        return bound

    def _fit_together(self, call: ast.Call) -> bool:
        """Whether the loss is still in its variable where the metrics are updated."""
        statement, (update, _) = self.module.statement(call), self.updates[0]
        block = self.module.body_of(update)
        outer: ast.AST | None = statement
        while outer is not None and outer not in block:
            if isinstance(outer, (ast.If, ast.For, ast.While, ast.Try)):
                return False
            outer = self.module.parent(outer)
        if outer is None or isinstance(outer, (ast.If, ast.For, ast.While, ast.Try)):
            return False
        name = self._name(call)
        return update.lineno > statement.lineno and (name is None or self._stores(name) == 1)

    def _name(self, call: ast.Call) -> str | None:
        """The variable that the loss is assigned to."""
        statement = self.module.statement(call)
        if isinstance(statement, ast.Assign) and statement.value is call and len(statement.targets) == 1:
            target = statement.targets[0]
            return target.id if isinstance(target, ast.Name) else None
        return None

    def _stores(self, name: str) -> int:
        return sum(
            isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
            for node in walk(self.function)
        )

    def _free(self, wanted: str) -> str:
        names = {node.id for node in walk(self.function) if isinstance(node, ast.Name)}
        return free_name(wanted, names, "_value")

    def _together(self, call: ast.Call) -> list[Edit]:
        """One loop that updates the mean of the loss and the metrics, where the metrics were updated."""
        edits, name, _ = self._assigned(call)
        statement, update = self.updates[0]
        lines = self._loop(self._tracked(call, name), self._updated(update))
        return [*edits, self._in_place_of(statement, lines)]

    def _loss(self, call: ast.Call) -> list[Edit]:
        """The loss, with its mean updated at once if that is reported."""
        if not self.reports:
            return [self._in_place(call)]
        statement = self.module.statement(call)
        if statement_lines(self.source, statement) is None:
            raise _CannotRewriteError("the statement shares its line with another one")
        edits, name, is_before = self._assigned(call)
        lines = self._loop(self._tracked(call, name), None)
        blank = self.source.indentation(statement)
        if is_before:
            first = edits[0]
            text = "".join(f"{line}\n{blank}" for line in lines)
            return [Edit(first.start, first.end, first.text + text), *edits[1:]]
        end = self._line_end(statement)
        return [*edits, Edit(end, end, "".join(f"\n{blank}{line}" for line in lines))]

    def _line_end(self, statement: ast.stmt) -> int:
        end = self.source.end(statement)
        return end + len(self.source.original[end : self.source.line_end(end)].rstrip("\r\n"))

    def _assigned(self, call: ast.Call) -> tuple[list[Edit], str, bool]:
        """The loss in a variable, and whether it has got a statement of its own before the one that it is part of."""
        statement, name = self.module.statement(call), self._name(call)
        if name is not None:
            return [self._in_place(call)], name, False
        start = self.source.start(statement)
        if isinstance(statement, ast.Expr) and statement.value is call:
            name = self._free("loss")
            return [Edit(start, self.source.end(statement), f"{name} = {self._call(call)}")], name, False
        if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)):
            raise _CannotRewriteError("the loss is part of another statement")
        name, blank = self._free("compiled_loss"), self.source.indentation(statement)
        return (
            [
                Edit(start, start, f"{name} = {self._call(call)}\n{blank}"),
                Edit(self.source.start(call), self.source.end(call), name),
            ],
            name,
            True,
        )

    def _in_place(self, call: ast.Call) -> Edit:
        return Edit(self.source.start(call), self.source.end(call), self._call(call))

    def _call(self, call: ast.Call) -> str:
        bound = self._bound(call)
        x = self._inputs(bound["y_true"])
        arguments = [f"x={x}"] if x else []
        arguments += [f"y={self._text(bound['y_true'])}", f"y_pred={self._text(bound['y_pred'])}"]
        if "sample_weight" in bound:
            arguments.append(f"sample_weight={self._text(bound['sample_weight'])}")
        return f"{self._receiver()}.compute_loss({', '.join(arguments)})"

    def _receiver(self) -> str:
        """`super()` where the class has a `compute_loss` of its own, which `compiled_loss` knew nothing of."""
        own = self.cls is not None and any(
            isinstance(item, ast.FunctionDef) and item.name == "compute_loss" for item in self.cls.node.body
        )
        return "super()" if own and self.owner == "self" else self.owner

    def _inputs(self, labels: ast.expr) -> str:
        """What the batch was unpacked to together with the labels."""
        for statement in walk(self.function):
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
                names = [getattr(item, "id", "") for item in statement.targets[0].elts]
                if isinstance(labels, ast.Name) and len(names) > 1 and names[1] == labels.id:
                    return names[0]
        return ""

    def _text(self, node: ast.expr) -> str:
        return self.source.segment(node)

    def _tracked(self, call: ast.Call, name: str) -> str:
        """The update of the mean of the loss, over the samples."""
        tensorflow = tensorflow_name(self.context) or "tf"
        labels = self._text(self._bound(call)["y_true"])
        if self._has_several_outputs():
            labels = f"{tensorflow}.nest.flatten({labels})[0]"
        return f"update_state({name}, sample_weight={tensorflow}.shape({labels})[0])"

    def _has_several_outputs(self) -> bool:
        for event in self._compiles():
            loss = event.arguments.get(1, "loss")
            if loss is not None and any(isinstance(option, (Seq, Mapping)) for option in options(loss)):
                return True
        return False

    def _compiles(self) -> Iterator[Event]:
        for module in self.context.program:
            for item in module.instances:
                if self.cls is not None and isinstance(item.cls, Class) and self.cls in item.cls.ancestors():
                    yield from (event for event in item.events if event.name == "compile")

    def _updated(self, call: ast.Call) -> str:
        if bind(call, parse_params(_METRICS)) is None:
            raise _CannotRewriteError("the arguments are not plain")
        start, end = self.source.end(call.func), self.source.end(call)
        return "update_state" + self.source.original[start:end]

    def _update(self, statement: ast.Expr, call: ast.Call) -> Edit:
        """The metrics of `compile` alone."""
        if not self.are_listed:
            # Nobody reads them: the property `metrics` lists others.
            block = self.module.body_of(statement)
            limit = self.module.document.span_of(self.module.cell_of(statement))
            return remove_statement(self.source, statement, sole=len(block) == 1, limit=limit)
        return self._in_place_of(statement, self._loop(None, self._updated(call)))

    def _loop(self, loss: str | None, metrics: str | None) -> list[str]:
        name = self._free("metric")
        lines = [f"for {name} in {self.owner}.metrics:"]
        word = "if"
        for wanted, update in (("loss", loss), ("compile_metrics", metrics)):
            if update is not None:
                lines += [f'    {word} {name}.name == "{wanted}":', f"        {name}.{update}"]
                word = "elif"
        return lines

    def _in_place_of(self, statement: ast.stmt, lines: Sequence[str]) -> Edit:
        if statement_lines(self.source, statement) is None:
            raise _CannotRewriteError("the statement shares its line with another one")
        blank = self.source.indentation(statement)
        text = f"\n{blank}".join(lines)
        return Edit(self.source.start(statement), self.source.end(statement), text)


def _minimized(context: Context, call: ast.Call) -> Finding | None:
    """`self.optimizer.minimize(loss, variables, tape=tape)`."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr != "minimize" or len(call.args) != 2:
        return None
    tape = keyword_of(call, "tape")
    if tape is None or len(call.keywords) != 1:
        return None
    if not all(
        isinstance(o, Result) and o.of.endswith(".optimizer") for o in options(context.value(func.value))
    ):
        return None
    source = context.source
    loss, variables = (source.segment(argument) for argument in call.args)
    gradients = f"{source.segment(tape.value)}.gradient({loss}, {variables})"
    text = f"{source.segment(func.value)}.apply_gradients(zip({gradients}, {variables}))"
    return Finding(
        CODE,
        context.span(func),
        f"`{source.segment(func)}` is gone",
        Fix([Edit(source.start(call), source.end(call), text)], "`minimize` → `apply_gradients`"),
        subject="training steps",
    )
