"""KU408 return-state: recurrent layers return a tuple

A recurrent layer with `return_state=True` gives its output and its states as a tuple; it was a list in Keras 2. The
same holds for what `predict` of a model gives whose outputs are such a tuple.

**Since** Keras 3.0.

**Error**

    TypeError: can only concatenate list (not "tuple") to list
    TypeError: can only concatenate tuple (not "list") to tuple
    TypeError: 'tuple' object does not support item assignment
    AttributeError: 'tuple' object has no attribute 'append'

**Fix.** `list(...)` around the tuple, where it is added to a list; where it is changed in place (`append`, `states[0] =
...`), around what its name is assigned. As `initial_state`, as inputs or outputs, and between tuples, a tuple is as good
as a list.

**Not fixed.** Changes in place where the tuple comes from elsewhere.

```python before
import numpy as np
from tensorflow.keras.layers import LSTM, Input
from tensorflow.keras.models import Model

x = Input((3, 2))
outputs = LSTM(2, return_state=True, kernel_initializer='ones', recurrent_initializer='ones')(x)
again = LSTM(2, kernel_initializer='ones', recurrent_initializer='ones')(x, initial_state=outputs[1:])
states = outputs[1:]
states.append(again)
model = Model(x, [outputs[0]] + outputs[1:])
result = [model.predict(np.ones((1, 3, 2))), Model(x, states).predict(np.ones((1, 3, 2)))]
```

```python after
import numpy as np
from keras.layers import LSTM, Input
from keras.models import Model

x = Input((3, 2))
outputs = LSTM(2, return_state=True, kernel_initializer='ones', recurrent_initializer='ones')(x)
again = LSTM(2, kernel_initializer='ones', recurrent_initializer='ones')(x, initial_state=outputs[1:])
states = list(outputs[1:])
states.append(again)
model = Model(x, [outputs[0]] + list(outputs[1:]))
result = [model.predict(np.ones((1, 3, 2))), Model(x, states).predict(np.ones((1, 3, 2)))]
```

```python unchanged
import numpy as np
from keras.layers import LSTM, Input
from keras.models import Model

x = Input((3, 2))
outputs, *states = LSTM(2, return_state=True, kernel_initializer='ones')(x)
model = Model(x, [outputs] + states)
result = model.predict(np.ones((1, 3, 2)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Instance, Result, Seq, Tensor, Value, constant, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context

CODE = "KU408"
PHASE = STRUCTURE
ERRORS = (
    r"can only concatenate list \(not \"tuple\"\) to list",
    r"can only concatenate tuple \(not \"list\"\) to tuple",
    r"'tuple' object does not support item assignment",
    r"'tuple' object has no attribute '(append|extend|insert|pop|remove|reverse|sort)'",
)

_CHANGES = frozenset({"append", "extend", "insert", "pop", "remove", "reverse", "sort"})
_PREDICTS = ("model.predict", "model.predict_on_batch")
_DEPTH = 6


def check(context: Context) -> Iterator[Finding]:
    """Lists that the outputs of a recurrent layer are added to, or taken for."""
    for node in context.module.nodes(ast.BinOp):
        if isinstance(node.op, ast.Add):
            for part, other in ((node.left, node.right), (node.right, node.left)):
                if _is_tuple(context.value(part)) and _is_list(context.value(other)):
                    yield _finding(context, _place(context, part))
    for attribute in context.module.nodes(ast.Attribute):
        if attribute.attr in _CHANGES and _is_tuple(context.value(attribute.value)):
            yield from _changed(context, attribute.value)
    for item in context.module.nodes(ast.Subscript):
        if not isinstance(item.ctx, ast.Load) and _is_tuple(context.value(item.value)):
            yield from _changed(context, item.value)


def _is_list(value: Value) -> bool:
    return all(isinstance(option, Seq) and option.kind == "list" for option in options(value))


def _is_tuple(value: Value) -> bool:
    """Whether a value is the outputs of a recurrent layer with its states, or a part of them."""
    return all(_is_outputs(option, _DEPTH) for option in options(value))


def _is_outputs(value: Value, depth: int) -> bool:
    if isinstance(value, Result) and value.of in _PREDICTS and isinstance(value.owner, Instance):
        outputs = value.owner.attributes.get("outputs")
        return outputs is not None and _is_tuple(outputs)
    if not isinstance(value, Tensor) or not depth:
        return False
    if isinstance(value.maker, Instance):
        return value.index is None and _returns_state(value.maker)
    is_slice = isinstance(value.node, ast.Subscript) and isinstance(value.node.slice, ast.Slice)
    return is_slice and bool(value.parents) and _is_outputs(value.parents[0], depth - 1)


def _returns_state(layer: Instance) -> bool:
    if layer.api is None:
        return False
    if constant(layer.arguments.keywords.get("return_state")) is True:
        return True
    inner = layer.arguments.get(0, "layer") if layer.api.name == "Bidirectional" else None
    return isinstance(inner, Instance) and _returns_state(inner)


def _place(context: Context, node: ast.expr) -> ast.expr:
    """Where the list is made: at the assignment of a name that stands for nothing else, or here."""
    return _assigned(context, node) or node


def _assigned(context: Context, node: ast.expr) -> ast.expr | None:
    """What a name is assigned, where there is one assignment to it."""
    if not isinstance(node, ast.Name):
        return None
    found = [
        statement.value
        for statement in context.module.nodes(ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == node.id for target in statement.targets)
    ]
    stores = [n for n in context.module.names_of(node.id) if isinstance(n.ctx, ast.Store)]
    single = len(found) == 1 and len(stores) == 1 and _is_tuple(context.value(found[0]))
    return found[0] if single else None


def _changed(context: Context, node: ast.expr) -> Iterator[Finding]:
    place = _assigned(context, node)
    if place is not None:
        yield _finding(context, place)
        return
    text = context.source.segment(node)
    yield Finding(
        CODE,
        context.span(node),
        f"`{text}` is a tuple in Keras 3, and cannot be changed: make a list of it first, by `list(...)`.",
        subject="recurrent layers",
    )


def _finding(context: Context, node: ast.expr) -> Finding:
    source = context.source
    start, end = source.start(node), source.end(node)
    text = source.segment(node)
    return Finding(
        CODE,
        context.span(node),
        f"`{text}` is a tuple in Keras 3, not a list",
        Fix([Edit(start, start, "list("), Edit(end, end, ")")], f"`{text}` → `list({text})`"),
        subject="recurrent layers",
    )
