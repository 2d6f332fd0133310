"""KU415 add-update: `add_update` of layers

Layers of Keras 2 handed the changes of their variables to `self.add_update(...)`. In a graph (standalone Keras) they took
place in each step of training, and never in `predict` or `evaluate`; in eager `tf.keras` an assignment takes place where it
is written. Keras 3 has no `add_update`.

**Since** Keras 3.0.

**Error**

    AttributeError: 'Averaged' object has no attribute 'add_update'

**Fix.** The assignments alone, before the `return` where what comes between them reads the variables; in programs of standalone Keras under `if training:`, unless what is around them says so
already. A pair `(variable, value)` is an assignment, too.

**Not fixed.** Updates that are collected in a list of one's own, or that come from another function.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, Layer
from keras.models import Model

class Centered(Layer):
    def build(self, input_shape):
        self.mean = self.add_weight(shape=(input_shape[-1],), initializer='zeros', trainable=False, name='mean')
        self.steps = self.add_weight(shape=(), initializer='zeros', trainable=False, name='steps')
        super(Centered, self).build(input_shape)

    def call(self, inputs):
        centered = inputs - self.mean
        self.add_update([K.moving_average_update(self.mean, K.mean(inputs, axis=0), 0.5),
                         K.update_add(self.steps, 1)])
        return centered

i = Input((2,))
model = Model(i, Dense(1, kernel_initializer='ones')(Centered()(i)))
model.compile('sgd', 'mse')
model.predict(np.ones((4, 2)))
losses = [model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1))) for step in range(2)]
result = [losses, model.layers[1].get_weights()[1]]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input, Layer
from keras.models import Model

class Centered(Layer):
    def build(self, input_shape):
        self.mean = self.add_weight(shape=(input_shape[-1],), initializer='zeros', trainable=False, name='mean')
        self.steps = self.add_weight(shape=(), initializer='zeros', trainable=False, name='steps')
        super(Centered, self).build(input_shape)

    def call(self, inputs, training=None):
        centered = inputs - self.mean
        if training:
            self.mean.assign(self.mean * 0.5 + keras.ops.mean(inputs, axis=0) * (1 - 0.5))
            self.steps.assign_add(1)
        return centered

i = Input((2,))
model = Model(i, Dense(1, kernel_initializer='ones')(Centered()(i)))
model.compile('sgd', 'mse')
model.predict(np.ones((4, 2)))
losses = [model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1))) for step in range(2)]
result = [losses, model.layers[1].get_weights()[1]]
```

```python unchanged
class Feed:
    def __init__(self):
        self.updates = []

    def add_update(self, update):
        self.updates.append(update)

feed = Feed()
feed.add_update((1, 2))
result = feed.updates
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    LAYERS,
    attribute_of,
    classes_of,
    first_parameter,
    method_of,
)
from keras_upgrade.rules.shared.parameters import TRAINING, is_told_of_training, new_training
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import remove_statement, statement_lines
from keras_upgrade.syntax.walking import walk

CODE = "KU415"
PHASE = STRUCTURE
WORDS = {"add_update"}
ERRORS = (r"object has no attribute 'add_update'",)

_ASSIGNING = frozenset({"assign", "assign_add", "assign_sub"})


def check(context: Context) -> Iterator[Finding]:
    """The calls of `self.add_update` in the methods of layers."""
    for cls in classes_of(context, *LAYERS):
        if cls.lookup("add_update") is not None:
            continue
        for call in _calls_in(context, cls.node):
            yield _finding(context, call)


def _calls_in(context: Context, cls: ast.ClassDef) -> list[ast.Call]:
    found = []
    for node in walk(cls):
        if isinstance(node, ast.Call):
            place = method_of(context, node)
            owner = first_parameter(place[1]) if place is not None and place[0] is cls else ""
            if owner and attribute_of(node.func, owner) == "add_update":
                found.append(node)
    return sorted(found, key=lambda node: node.lineno)


def _finding(context: Context, call: ast.Call) -> Finding:
    statement = context.module.statement(call)
    place = method_of(context, call)
    assert place is not None
    lines = _assignments(context, call)
    alone = isinstance(statement, ast.Expr) and statement.value is call
    if not lines or not alone or statement_lines(context.source, statement) is None:
        return _advice(context, call)
    edits: list[Edit] = []
    if context.standalone and not _is_for_training(context, statement, place[1]):
        if not is_told_of_training(context, call):
            parameter = new_training(context, call)
            if parameter is None:
                return _advice(context, call)
            edits.append(parameter)
        lines = [f"if {TRAINING}:", *(f"    {line}" for line in lines)]
    edits += _placed(context, statement, place[1], lines)
    return Finding(
        CODE,
        context.span(call),
        "Keras 3 has no `add_update`: variables change where they are assigned",
        Fix(edits, "`add_update` → the assignments alone", Safety.REVIEW),
        subject=f"`{place[0].name}` layer",
        assumption="what is read from the variables after it may be their new values",
    )


def _placed(
    context: Context, statement: ast.stmt, function: ast.FunctionDef, lines: Sequence[str]
) -> list[Edit]:
    """The lines in place of the statement; before the `return` where the old values are read until then."""
    source, last = context.source, function.body[-1]
    blank = source.indentation(statement)
    text = f"\n{blank}".join(lines)
    here = Edit(source.start(statement), source.end(statement), text)
    if statement not in function.body or not isinstance(last, ast.Return) or last.value is None:
        return [here]
    between = function.body[function.body.index(statement) + 1 :]
    read = _reads(between, _assigned(statement, first_parameter(function)))
    if not read or _stored(between) & _loaded(statement):
        return [here]
    limit = context.module.document.span_of(context.module.cell_of(statement))
    gone = remove_statement(source, statement, sole=False, limit=limit)
    start, end = source.start(last), source.end(last)
    if not _reads([last], _assigned(statement, first_parameter(function))):
        return [gone, Edit(start, start, f"{text}\n{blank}")]
    name = free_name("outputs", {node.id for node in walk(function) if isinstance(node, ast.Name)})
    value = source.segment(last.value)
    if gone.end > start or "\n" in value:
        return [here]
    new = f"{name} = {value}\n{blank}{text}\n{blank}return {name}"
    return [gone, Edit(start, end, new)]


def _assigned(statement: ast.stmt, owner: str) -> set[str]:
    """The attributes of the layer that the updates may change: all that they name as a whole."""
    found = set()
    for node in walk(statement):
        if isinstance(node, ast.Attribute) and node.attr in _ASSIGNING:
            found.add(attribute_of(node.value, owner))
        elif isinstance(node, ast.Tuple) and node.elts:
            found.add(attribute_of(node.elts[0], owner))
    return found - {""}


def _reads(statements: Sequence[ast.stmt], attributes: set[str]) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in attributes
        for statement in statements
        for node in walk(statement)
    )


def _stored(statements: Sequence[ast.stmt]) -> set[str]:
    nodes = [node for statement in statements for node in walk(statement)]
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {
        node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }


def _loaded(statement: ast.stmt) -> set[str]:
    nodes = list(walk(statement))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def _advice(context: Context, call: ast.Call) -> Finding:
    return Finding(
        CODE,
        context.span(call),
        "Keras 3 has no `add_update`: assign the variables where the update is computed, `variable.assign(value)`, under "
        "`if training:` if they are to change in training alone, and leave this call out",
    )


# -- the assignments -----------------------------------------------------------------------------------------


def _assignments(context: Context, call: ast.Call) -> list[str]:
    """The updates as statements; none if one of them is not understood."""
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "updates")]
    if not given or "#" in context.source.segment(call):
        return []
    updates = given[0].elts if isinstance(given[0], ast.List) else [given[0]]
    if isinstance(given[0], ast.Tuple) and not _is_pair(given[0]):
        updates = given[0].elts
    texts = [_assignment(context, update) for update in updates]
    return [text for text in texts if text] if all(texts) else []


def _assignment(context: Context, update: ast.expr) -> str:
    if isinstance(update, ast.Lambda) and not update.args.args:
        update = update.body
    if isinstance(update, ast.Call) and isinstance(update.func, ast.Attribute):
        return context.source.segment(update) if update.func.attr in _ASSIGNING else ""
    if isinstance(update, ast.Tuple) and _is_pair(update):
        variable, value = (context.source.segment(item) for item in update.elts)
        return f"{variable}.assign({value})"
    return ""


def _is_pair(update: ast.Tuple) -> bool:
    """Whether it is `(variable, value)`, not two updates."""
    return len(update.elts) == 2 and isinstance(update.elts[0], (ast.Name, ast.Attribute))


# -- in training alone ---------------------------------------------------------------------------------------


def _is_for_training(context: Context, statement: ast.stmt, function: ast.FunctionDef) -> bool:
    """Whether a statement is carried out in training alone: a condition says so, or the function it stands in."""
    inner: ast.AST = statement
    for outer in context.module.ancestors(statement):
        if isinstance(outer, ast.If) and _asks_for_training(outer.test):
            return True
        if isinstance(inner, ast.stmt) and _follows_a_return(context, inner):
            return True
        if outer is function:
            return False
        if isinstance(outer, ast.FunctionDef) and _is_training_branch(function, outer.name):
            return True
        inner = outer
    return False


def _asks_for_training(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == TRAINING for node in walk(test))


def _follows_a_return(context: Context, statement: ast.stmt) -> bool:
    """Whether `if not training: return ...` stands before it in its block."""
    block = context.module.body_of(statement)
    return any(
        isinstance(before, ast.If)
        and _asks_for_training(before.test)
        and isinstance(before.body[-1], ast.Return)
        for before in block[: block.index(statement)]
    )


def _is_training_branch(function: ast.FunctionDef, name: str) -> bool:
    """Whether an inner function is called in `name() if training else ...` only."""
    uses = [node for node in walk(function) if isinstance(node, ast.Name) and node.id == name]
    branches = [
        node.body.func
        for node in walk(function)
        if isinstance(node, ast.IfExp) and isinstance(node.body, ast.Call) and _asks_for_training(node.test)
    ]
    return bool(uses) and all(use in branches for use in uses)
