"""KU420 cell-dropout: dropout masks of recurrent cells

Cells of one's own took the dropout masks that are the same at every step of a sequence from `DropoutRNNCellMixin`, or
from `LSTMCell`, `GRUCell` and `SimpleRNNCell`, which derive from it. In Keras 3 that is the class `DropoutRNNCell`. Its
methods do not look at `training`, take no `count`, and want a `seed_generator`.

**Since** Keras 3.0.

**Error**

    AttributeError: 'Cell' object has no attribute 'get_dropout_mask_for_cell'
    AttributeError: 'Cell' object has no attribute 'seed_generator'

**Fix.** `self.get_dropout_mask_for_cell(inputs, training)` becomes `self.get_dropout_mask(inputs) if training else 1.0`,
or `None` where the program asks whether there is a mask. A cell that derives from `DropoutRNNCell` itself gets a
`seed_generator`; with `count=4`, a `dropout_mask_count`.

**Not fixed.** A call whose arguments are hidden behind `*args`.

```python before
import numpy as np
from keras import backend as K
from keras.engine.base_layer import BaseRandomLayer
from keras.layers import RNN
from keras.layers.recurrent import DropoutRNNCellMixin


class Sum(DropoutRNNCellMixin, BaseRandomLayer):
    def __init__(self, units, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.dropout = dropout
        self.recurrent_dropout = 0.0

    def call(self, inputs, states, training=None):
        if self.dropout > 0:
            inputs = inputs * self.get_dropout_mask_for_cell(inputs, training)
        total = states[0] + inputs
        return inputs, [total]


layer = RNN(Sum(50, dropout=0.5), return_sequences=True)
trained = np.array(K.eval(layer(K.ones((2, 3, 50)), training=True)))
result = [np.array(K.eval(layer(K.ones((2, 3, 50))))).sum(), np.unique(trained)]
```

```python after
import numpy as np
import keras
from keras.layers import Layer
from keras.layers import RNN
from keras.src.layers.rnn.dropout_rnn_cell import DropoutRNNCell


class Sum(DropoutRNNCell, Layer):
    def __init__(self, units, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.dropout = dropout
        self.recurrent_dropout = 0.0
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, inputs, states, training=None):
        if self.dropout > 0:
            inputs = inputs * (self.get_dropout_mask(inputs) if training else 1.0)
        total = states[0] + inputs
        return inputs, [total]


layer = RNN(Sum(50, dropout=0.5), return_sequences=True)
trained = np.array(keras.ops.convert_to_numpy(layer(keras.ops.ones((2, 3, 50)), training=True)))
result = [np.array(keras.ops.convert_to_numpy(layer(keras.ops.ones((2, 3, 50))))).sum(), np.unique(trained)]
```

```python unchanged
import keras


class Masks:
    def get_dropout_mask_for_cell(self, inputs, training):
        return keras.ops.ones_like(inputs) if training else None

    def call(self, inputs):
        return self.get_dropout_mask_for_cell(inputs, True)


result = Masks().call(keras.ops.ones((2,)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Class, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    added_to_init,
    attribute_of,
    first_parameter,
    inherited,
    method_of,
)
from keras_upgrade.syntax.walking import walk

CODE = "KU420"
PHASE = STRUCTURE
WORDS = {"class", "get_dropout_mask_for_cell", "get_recurrent_dropout_mask_for_cell"}
ERRORS = (
    r"object has no attribute 'get_(recurrent_)?dropout_mask_for_cell'",
    r"object has no attribute 'seed_generator'",
)

_METHODS = {
    "get_dropout_mask_for_cell": "get_dropout_mask",
    "get_recurrent_dropout_mask_for_cell": "get_recurrent_dropout_mask",
}
_MIXIN = "DropoutRNNCell"
_CELLS = frozenset({"keras.layers.LSTMCell", "keras.layers.GRUCell", "keras.layers.SimpleRNNCell"})


def check(context: Context) -> Iterator[Finding]:
    """Calls of the old methods, and cells without a source of random numbers."""
    for cls in context.module.classes:
        bases = [option for base in cls.bases for option in options(base)]
        derives = any(isinstance(base, Api) and base.name == _MIXIN for base in bases)
        if derives and not _sets(cls, "seed_generator"):
            yield _seeded(context, cls)
    for call in context.module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS:
            cell = _cell_around(context, call)
            if cell is not None:
                yield _mask(context, call, call.func, cell)


def _cell_around(context: Context, call: ast.Call) -> Class | None:
    """The user's cell whose own method is called; None if that is of the user's making."""
    place = method_of(context, call)
    if place is None or not isinstance(call.func, ast.Attribute):
        return None
    node, function = place
    if attribute_of(call.func, first_parameter(function)) != call.func.attr:
        return None
    for cls in context.module.classes:
        if cls.node is node and inherited(cls, call.func.attr) is None and _has_masks(cls):
            return cls
    return None


def _has_masks(cls: Class) -> bool:
    return any(
        isinstance(base, Api) and (base.path in _CELLS or base.name.startswith(_MIXIN))
        for base in cls.ancestors()
    )


def _sets(cls: Class, name: str) -> bool:
    """Whether the class, or one of the user's that it derives from, sets an attribute."""
    own = [base for base in cls.ancestors() if isinstance(base, Class)]
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)
        for base in own
        for node in walk(base.node)
    )


def _seeded(context: Context, cls: Class) -> Finding:
    line = f"self.seed_generator = {context.keras_name}.random.SeedGenerator()"
    edit = added_to_init(context, cls, [line])
    message = f"`{cls.node.name}` draws its dropout masks with `self.seed_generator`, which it has to make"
    span = context.source.span(cls.node)
    if edit is None:
        return Finding(CODE, span, f"{message}: put `{line}` into its constructor.")
    fix = Fix([edit], f"`{cls.node.name}` makes a `seed_generator`", imports=context.needed_imports)
    return Finding(CODE, span, message, fix, subject=f"`{cls.node.name}`")


def _mask(context: Context, call: ast.Call, function: ast.Attribute, cls: Class) -> Finding:
    source = context.source
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    given.update(zip(("inputs", "training", "count"), call.args, strict=False))
    old, new = function.attr, _METHODS[function.attr]
    message = f"`{old}` is `{new}` in Keras 3, which does not look at `training`"
    if None in given or not {"inputs", "training"} <= given.keys():
        return Finding(CODE, context.span(call), f"{message}: call it only `if training`, without a `count`.")
    inputs, training = source.segment(given["inputs"]), source.segment(given["training"])
    count = source.segment(given["count"]) if "count" in given else ""
    text = f"{source.segment(function.value)}.{new}({inputs}) if {training} else {_without(context, call, count)}"
    if isinstance(context.module.parent(call), (ast.BinOp, ast.Subscript, ast.Attribute, ast.Call)):
        text = f"({text})"
    edits = [Edit(source.start(call), source.end(call), text)]
    counted = f"self.dropout_mask_count = {count}"
    if count and not _sets(cls, "dropout_mask_count"):
        edit = added_to_init(context, cls, [counted])
        if edit is None:
            return Finding(CODE, context.span(call), f"{message}: put `{counted}` into the constructor.")
        edits.append(edit)
    return Finding(
        CODE,
        context.span(call),
        message,
        Fix(edits, f"`{old}` → `{new}`", Safety.REVIEW),
        assumption="the mask is asked for inputs of the cell, or its first state: Keras makes it for these before the loop",
    )


def _without(context: Context, call: ast.Call, count: str) -> str:
    """What stands for the mask when there is no training."""
    if count:
        return f"[1.0] * {count}"
    statement = context.module.statement(call)
    targets = statement.targets if isinstance(statement, ast.Assign) and statement.value is call else []
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    asked = any(
        isinstance(node.left, ast.Name)
        and node.left.id in names
        and any(isinstance(other, ast.Constant) and other.value is None for other in node.comparators)
        for node in context.module.nodes(ast.Compare)
    )
    return "None" if asked else "1.0"
