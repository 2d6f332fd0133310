"""KU403 layer-name: names with a slash, and names that are assigned

The name of a layer or model may not have a `/` in it. `layer._name = 'x'` was a way around a read-only `name`; today
`name` can be assigned, and `_name` is an attribute like any other (SILENT).

**Since** Keras 3.0.

**Error**

    ValueError: Argument `name` must be a string and cannot contain character `/`. Received: name=conv1/conv

**Fix.** `/` becomes `_`, where the layer gets its name and wherever the program asks for a layer of that name;
`layer._name = ...` becomes `layer.name = ...`.

**Not fixed.** Names that are computed: the slash has to be taken out where they are put together.

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input(shape=(2,))
h = Dense(3, kernel_initializer='ones', name='block1/dense')(x)
model = Model(x, Dense(1, kernel_initializer='ones', name='head')(h))
features = Model(x, model.get_layer('block1/dense').output)
result = features.predict(np.ones((1, 2)))
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input(shape=(2,))
h = Dense(3, kernel_initializer='ones', name='block1_dense')(x)
model = Model(x, Dense(1, kernel_initializer='ones', name='head')(h))
features = Model(x, model.get_layer('block1_dense').output)
result = features.predict(np.ones((1, 2)))
```

```python unchanged
from keras.layers import Dense

path = 'block1/dense'
layer = Dense(1, name='block1_dense')
result = [path, layer.name]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.values import Instance, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU403"
PHASE = NAMES
ERRORS = (r"Argument `?name`? must be a string and cannot contain character",)

_NAMED = (Kind.LAYER, Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION, Kind.INPUT)


def check(context: Context) -> Iterator[Finding]:
    """Names with a slash, their readers, and assignments of `_name`."""
    names = context.program.once(CODE, lambda: _slashed_names(context.program))
    source = context.source
    if names:
        for node in context.module.nodes(ast.Constant):
            if node.value in names and _is_a_layers_name(context, node):
                old = str(node.value)
                start = source.start(node)
                place = source.segment(node).find(old)
                if place < 0:
                    continue
                new = old.replace("/", "_")
                yield Finding(
                    CODE,
                    source.span(node),
                    f"the name `{old}` has a `/` in it, which Keras 3 refuses",
                    Fix([Edit(start + place, start + place + len(old), new)], f"name `{old}` → `{new}`"),
                    subject="layer names",
                )
    for attribute in context.module.nodes(ast.Attribute):
        if (
            attribute.attr == "_name"
            and isinstance(attribute.ctx, ast.Store)
            and _is_layer(context, attribute.value)
        ):
            end = source.end(attribute)
            text = source.segment(attribute)
            yield Finding(
                CODE,
                context.span(attribute),
                f"`{text}` is not the name of the layer any more (SILENT)",
                Fix(
                    [Edit(end - len("_name"), end, "name")], f"`{text}` → `{text.removesuffix('_name')}name`"
                ),
                subject="layer names",
            )


def _slashed_names(program: Program) -> frozenset[object]:
    """The names with a slash that layers and models are given."""
    return frozenset(
        name for module in program for name in _given(module) if isinstance(name, str) and "/" in name
    )


def _given(module: Module) -> Iterator[object]:
    for call in module.calls:
        callee = module.api(call.func)
        name = keyword_of(call, "name")
        if name is not None and isinstance(name.value, ast.Constant):
            if callee is not None and kind_of(callee.path) in _NAMED:
                yield name.value.value


def _is_a_layers_name(context: Context, node: ast.Constant) -> bool:
    """Whether a string is given as the name of a layer, or asked for as one."""
    outer = context.module.parent(node)
    if isinstance(outer, ast.keyword):
        return outer.arg in ("name", "monitor")
    if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute):
        return outer.func.attr == "get_layer"
    return isinstance(outer, (ast.Compare, ast.Dict, ast.Subscript, ast.List, ast.Tuple, ast.Assign))


def _is_layer(context: Context, node: ast.expr) -> bool:
    found = options(context.value(node))
    return all(isinstance(o, Instance) and o.api is not None and kind_of(o.api.path) in _NAMED for o in found)
