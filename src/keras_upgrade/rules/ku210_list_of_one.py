"""KU210 list-of-one: `Model([x], [y])` has lists for its input and output

A model made from a list with one output gave that output itself in Keras 2, as `model.output` and when it was called on
a symbolic tensor. Keras 3 keeps the list.

**Since** Keras 3.0.

**Error**

    ValueError: Cannot convert '((None, 1), 2)' to a shape. Found invalid entry '(None, 1)' of type '<class 'tuple'>'.
    AttributeError: 'list' object has no attribute 'shape'

**Fix.** The brackets go, where the model's `output` (or `input`) is used, or the model is called on a symbolic tensor.
Another model takes the list as its input. Lists of one array are still taken by `fit`, `predict` and their kin.

**Not fixed.** Models that are only trained and asked for predictions: the list makes no difference there.

```python before
import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model

image = Input((2,))
features = Dense(3, kernel_initializer='ones')(image)
encoder = Model(inputs=[image], outputs=[features])

other = Input((2,))
score = Dense(1, kernel_initializer='ones')(encoder(other))
model = Model([other], [score])
probe = Model(encoder.input, Dense(1, kernel_initializer='ones')(encoder.output))
result = [model.predict([np.ones((1, 2))]), probe.predict(np.ones((1, 2)))]
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

image = Input((2,))
features = Dense(3, kernel_initializer='ones')(image)
encoder = Model(inputs=[image], outputs=features)

other = Input((2,))
score = Dense(1, kernel_initializer='ones')(encoder(other))
model = Model([other], [score])
probe = Model(encoder.input, Dense(1, kernel_initializer='ones')(encoder.output))
result = [model.predict([np.ones((1, 2))]), probe.predict(np.ones((1, 2)))]
```

```python unchanged
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

image = Input((2,))
encoder = Model([image], [Dense(3, kernel_initializer='ones')(image)])
model = Model(encoder.inputs, Dense(1, kernel_initializer='ones')(encoder(encoder.inputs)[0]))
result = model.predict(np.ones((1, 2)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.values import Instance, instances, is_symbolic
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of, value_text

CODE = "KU210"
PHASE = NAMES
ERRORS = (
    r"Cannot convert '\(\([\w, ]+\), \d+\)' to a shape",
    r"'list' object has no attribute '(shape|dtype)'",
)
_ARGUMENTS = {"input": (0, ("inputs", "input")), "output": (1, ("outputs", "output"))}
"""The constructor's argument behind each attribute: its position and its names."""


def check(context: Context) -> Iterator[Finding]:
    """Models made from lists of one tensor, that are used as if there were none."""
    used = context.program.once("ends of models used as tensors", lambda: _used(context.program))
    for model in context.module.instances:
        for end in sorted(used.get(id(model), ())):
            argument = _argument(model, end)
            if argument is not None and model.call is not None:
                yield _finding(context, model.call, argument, end)


def _used(program: Program) -> dict[int, set[str]]:
    """Which ends of which models are used as a single tensor somewhere."""
    found: dict[int, set[str]] = {}
    for module in program:
        for node, end, owner in _ends(module):
            if not isinstance(module.parent(node), ast.Subscript):
                for model in instances(module.value(owner)):
                    found.setdefault(id(model), set()).add(end)
    return found


def _ends(module: Module) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    """Expressions that are an end of what may be a model, with the end and the model."""
    for node in module.nodes(ast.Attribute):
        if node.attr in _ARGUMENTS and not _is_input_of_model(module, node):
            yield node, node.attr, node.value
    for call in module.calls:
        if is_symbolic(module.value(call)):
            yield call, "output", call.func


def _is_input_of_model(module: Module, node: ast.Attribute) -> bool:
    """Whether `model.input` is the input of another model, which takes the list as well."""
    call: ast.AST | None = module.parent(node)
    if isinstance(call, ast.keyword):
        given = call.arg in _ARGUMENTS["input"][1]
        call = module.parent(call)
    else:
        given = isinstance(call, ast.Call) and call.args[:1] == [node]
    if node.attr != "input" or not given or not isinstance(call, ast.Call):
        return False
    api = module.api(call.func)
    return api is not None and kind_of(api.path) is Kind.MODEL


def _argument(model: Instance, end: str) -> ast.List | None:
    """The list of one tensor that a functional model was given for an end."""
    if model.call is None or model.api is None or kind_of(model.api.path) is not Kind.MODEL:
        return None
    position, names = _ARGUMENTS[end]
    keyword = next((found for name in names if (found := keyword_of(model.call, name))), None)
    given = model.call.args[position : position + 1]
    value = keyword.value if keyword is not None else given[0] if given else None
    if not isinstance(value, ast.List) or len(value.elts) != 1:
        return None
    is_tensor = is_symbolic(model.module.value(value.elts[0]))
    return value if is_tensor and not isinstance(value.elts[0], ast.Starred) else None


def _finding(context: Context, call: ast.Call, value: ast.List, end: str) -> Finding:
    source = context.source
    start, stop = source.start(value), source.end(value)
    first, last = source.start(value.elts[0]), source.end(value.elts[0])
    text = source.segment(value)
    between = (source.text[start + 1 : first] + source.text[last : stop - 1]).strip(" ,")
    edits = [Edit(start, first, ""), Edit(last, stop, "")]
    if between:  # parentheses, comments or line breaks: they stay
        edits = [Edit(start, start + 1, "("), Edit(stop - 1, stop, ")")]
    return Finding(
        CODE,
        context.span(value),
        f"`{end}` of a model made from `{text}` is a list in Keras 3",
        Fix(edits, f"`{text}` → `{value_text(source, call, value.elts[0])}`"),
        subject="models made from lists",
    )
