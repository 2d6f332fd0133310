"""KU403 layer-name: names with a slash, and names that are assigned

The name of a layer or model may not have a `/` in it. `layer._name = 'x'` was a way around a read-only `name`; today
`name` can be assigned, and `_name` is an attribute like any other (SILENT).

**Since** Keras 3.0.

**Error**

    ValueError: Argument `name` must be a string and cannot contain character `/`. Received: name=conv1/conv

**Fix.** `/` becomes `_`, where the layer gets its name and wherever the program asks for a layer of that name;
`layer._name = ...` becomes `layer.name = ...`.

**Not fixed.** Names that come from outside of the program, such as those in a saved file.

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

```python before
from keras.layers import Dense, Input
from keras.models import Model

def block(x, name):
    return Dense(2, name=name + '/dense')(x)

x = Input(shape=(2,))
y = block(x, 'stage1/block1')
for i in range(2):
    y = Dense(1, name='head%d/dense' % i)(y)
model = Model(x, y)
layers = [model.get_layer('stage1/block1/dense'), model.get_layer(f'head{1}/dense')]
result = [layer.units for layer in layers]
```

```python after
from keras.layers import Dense, Input
from keras.models import Model

def block(x, name):
    return Dense(2, name=name + '_dense')(x)

x = Input(shape=(2,))
y = block(x, 'stage1_block1')
for i in range(2):
    y = Dense(1, name='head%d_dense' % i)(y)
model = Model(x, y)
layers = [model.get_layer('stage1_block1_dense'), model.get_layer(f'head{1}_dense')]
result = [layer.units for layer in layers]
```

```python before
from keras.layers import Dense, Input, concatenate
from keras.models import Model

def block(x, number):
    prefix = 'block' + str(number) + '/'
    y = Dense(2, name=prefix + 'narrow')(x)
    return concatenate([x, y], name=prefix + 'both')

x = Input(shape=(2,))
result = [layer.count_params() for layer in Model(x, block(x, 1)).layers]
```

```python after
from keras.layers import Dense, Input, concatenate
from keras.models import Model

def block(x, number):
    prefix = 'block' + str(number) + '_'
    y = Dense(2, name=prefix + 'narrow')(x)
    return concatenate([x, y], name=prefix + 'both')

x = Input(shape=(2,))
result = [layer.count_params() for layer in Model(x, block(x, 1)).layers]
```

```python before
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(3, input_shape=(2,)), Dense(1)])
model._name = 'encoder'
for number, layer in enumerate(model.layers):
    layer._name = 'part_%d' % number
result = [model.name] + [layer.name for layer in model.layers]
```

```python after
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(3, input_shape=(2,)), Dense(1)])
model.name = 'encoder'
for number, layer in enumerate(model.layers):
    layer.name = 'part_%d' % number
result = [model.name] + [layer.name for layer in model.layers]
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
from keras_upgrade.analysis.values import Class, Function, Instance, constant, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.walking import children, walk

CODE = "KU403"
PHASE = NAMES
ERRORS = (r"Argument `?name`? must be a string and cannot contain character",)

_NAMED = (Kind.LAYER, Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION, Kind.INPUT)
_MERGES = frozenset(
    f"keras.layers.{name}"
    for name in ("add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract")
)
"""Functions that make a layer of the name."""


@dataclass(frozen=True)
class _Slashes:
    """The texts of a program that put slashes into names.

    Attributes:
        names: whole names.
        parts: the texts from which names are put together, by identity.
    """

    names: frozenset[object]
    parts: frozenset[int]


def check(context: Context) -> Iterator[Finding]:
    """Names with a slash, their readers, and assignments of `_name`."""
    slashes = context.program.once(CODE, lambda: _slashes(context.program))
    for node in context.module.nodes(ast.Constant) if slashes.names or slashes.parts else ():
        if id(node) in slashes.parts or (node.value in slashes.names and _is_a_layers_name(context, node)):
            yield from _without_slashes(context, node)
    for attribute in context.module.nodes(ast.Attribute):
        if attribute.attr == "_name" and isinstance(attribute.ctx, ast.Store):
            if _is_layer(context, attribute.value):
                yield _assigned(context, attribute)


def _assigned(context: Context, attribute: ast.Attribute) -> Finding:
    """`layer._name = ...`"""
    end, text = context.source.end(attribute), context.source.segment(attribute)
    return Finding(
        CODE,
        context.span(attribute),
        f"`{text}` is not the name of the layer any more (SILENT)",
        Fix([Edit(end - len("_name"), end, "name")], f"`{text}` → `{text.removesuffix('_name')}name`"),
        subject="layer names",
    )


def _without_slashes(context: Context, node: ast.Constant) -> Iterator[Finding]:
    source, old = context.source, str(node.value)
    start = source.start(node)
    place = source.text[start : source.end(node)].find(old)
    if place < 0:  # with escapes, or in several pieces
        return
    new = old.replace("/", "_")
    yield Finding(
        CODE,
        source.span(node),
        f"the name `{old}` has a `/` in it, which Keras 3 refuses",
        Fix([Edit(start + place, start + place + len(old), new)], f"name `{old}` → `{new}`"),
        subject="layer names",
    )


def _slashes(program: Program) -> _Slashes:
    """The names with a slash that layers and models are given, and what they are made of."""
    names: set[object] = set()
    parts: set[int] = set()
    for module in program:
        for name in _given(module):
            names.update(text for node in _operands(name) for text in _texts(module, node) if "/" in text)
            parts.update(_parts(name))
            parts.update(_parts_of_variables(module, name))
    if names or parts:
        for module in program:
            for call in module.calls:
                if isinstance(call.func, ast.Attribute) and call.func.attr == "get_layer":
                    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
                        parts.update(_parts(argument, whole=True))
    return _Slashes(frozenset(names), frozenset(parts))


def _given(module: Module) -> Iterator[ast.expr]:
    """The expressions that name layers and models."""
    for call in module.calls:
        callee = module.api(call.func)
        name = keyword_of(call, "name")
        if name is None or callee is None:
            continue
        if kind_of(callee.path) in _NAMED or callee.path in _MERGES:
            yield name.value


def _parts(name: ast.expr, *, whole: bool = False) -> Iterator[int]:
    """The texts with a slash in a name that is put together: `'block%d/conv' % i`, `name + '/conv'`.

    Args:
        name: the expression.
        whole: whether to give one that is a text by itself, too.
    """
    is_format = (
        isinstance(name, ast.Call) and isinstance(name.func, ast.Attribute) and name.func.attr == "format"
    )
    if (
        is_format
        or isinstance(name, (ast.BinOp, ast.JoinedStr))
        or (whole and isinstance(name, ast.Constant))
    ):
        for node in _pieces(name):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" in node.value:
                yield id(node)


def _pieces(name: ast.AST) -> Iterator[ast.AST]:
    """What a name is put together from; not what other functions are given: `prefix.replace('/', '_') + 'conv'`."""
    if isinstance(name, ast.Call):
        if isinstance(name.func, ast.Attribute) and name.func.attr == "format":
            for part in (name.func.value, *name.args, *(keyword.value for keyword in name.keywords)):
                yield from _pieces(part)
        return
    yield name
    for child in children(name):
        yield from _pieces(child)


def _parts_of_variables(module: Module, name: ast.expr) -> Iterator[int]:
    """The texts with a slash in a beginning of names that a variable holds: `prefix = 'block' + str(i) + '/'`."""
    for node in _operands(name):
        made = module.assigned(node) if isinstance(node, ast.Name) else None
        if made is not None and isinstance(node, ast.Name) and _is_for_names(module, node.id):
            yield from _parts(made)


def _is_for_names(module: Module, variable: str) -> bool:
    """Whether a variable is used in nothing else than names of layers."""
    inside = {id(node) for name in _given(module) for node in walk(name)}
    return all(id(node) in inside for node in module.names_of(variable) if isinstance(node.ctx, ast.Load))


def _operands(name: ast.expr) -> Iterator[ast.expr]:
    """The name itself, or what it is put together from by `+`."""
    if isinstance(name, ast.BinOp):
        yield from _operands(name.left)
        yield from _operands(name.right)
    elif not isinstance(name, ast.JoinedStr):
        yield name


def _texts(module: Module, node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for option in options(module.value(node)):
        text = constant(option)
        if isinstance(text, str):
            yield text


def _is_a_layers_name(context: Context, node: ast.Constant) -> bool:
    """Whether a string is given as the name of a layer, or asked for as one."""
    outer = context.module.parent(node)
    if isinstance(outer, ast.keyword):
        return outer.arg in ("name", "monitor")
    if isinstance(outer, ast.Call):
        if isinstance(outer.func, ast.Attribute) and outer.func.attr == "get_layer":
            return True
        return any(isinstance(option, (Function, Class)) for option in options(context.value(outer.func)))
    return isinstance(outer, (ast.Compare, ast.Dict, ast.Subscript, ast.List, ast.Tuple, ast.Assign))


def _is_layer(context: Context, node: ast.expr) -> bool:
    found = options(context.value(node))
    return all(isinstance(o, Instance) and o.api is not None and kind_of(o.api.path) in _NAMED for o in found)
