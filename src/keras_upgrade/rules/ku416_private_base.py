"""KU416 private-base: layers that derive from `_Merge`

`_Merge`, the class behind `Add`, `Concatenate` and the other merging layers of Keras 2, has no public counterpart. What
derives from it defines how a list of tensors becomes one in `_merge_function`.

**Since** Keras 3.0.

**Error**

    ImportError: cannot import name '_Merge' from 'keras.layers'

**Fix.** The class derives from `Layer`, and `_merge_function` is its `call`. `_Merge` also gave tensors of fewer axes further
ones; that is not done any more.

**Not fixed.** Classes that define `call` as well, and other uses of `_Merge`.

```python before
from keras import backend as K
from keras.layers.merge import _Merge

class Difference(_Merge):
    def _merge_function(self, inputs):
        return K.abs(inputs[0] - inputs[1])

result = K.get_value(Difference()([K.ones((2, 3)), K.zeros((2, 3))]))
```

```python after
import keras

class Difference(keras.layers.Layer):
    def call(self, inputs):
        return keras.ops.abs(inputs[0] - inputs[1])

result = keras.ops.convert_to_numpy(Difference()([keras.ops.ones((2, 3)), keras.ops.zeros((2, 3))]))
```

```python unchanged
from keras.layers import Add

class Difference(Add):
    def _merge_function(self, inputs):
        return inputs[0] - inputs[1]

result = Difference().name
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Import
from keras_upgrade.analysis.values import Api, Class, api
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import method
from keras_upgrade.syntax.imports import remove_aliases

CODE = "KU416"
PHASE = NAMES
ERRORS = (r"cannot import name '_Merge'",)

PATHS = frozenset(
    {"keras.layers.merge._Merge", "keras.layers._Merge", "keras.layers.merging.base_merge._Merge"}
)
_OLD, _NEW, _BASE = "_merge_function", "call", "keras.layers.Layer"


def check(context: Context) -> Iterator[Finding]:
    """Classes that derive from `_Merge`, with its import."""
    uses = [node for node in _loads(context) if (found := context.module.api(node)) and found.path in PATHS]
    if not uses:
        return
    bases = {base: cls for cls in context.module.classes for base in cls.node.bases if base in uses}
    if len(bases) < len(uses) or not all(_is_simple(cls) for cls in bases.values()):
        for use in uses:
            yield _advice(context, use)
        return
    base = _layer(context)
    edits = [Edit(context.source.start(node), context.source.end(node), base) for node in bases]
    for cls in bases.values():
        edits += _renamed(context, cls)
    edits += _without_imports(context)
    yield Finding(
        CODE,
        context.span(uses[0]),
        "`_Merge` is private, and in another place in Keras 3",
        Fix(
            sorted(edits),
            f"`_Merge` → `{base}`, `{_OLD}` → `{_NEW}`",
            Safety.REVIEW,
            () if base == "Layer" else context.needed_imports,
        ),
        assumption="the tensors that are merged have equally many axes",
    )


def _loads(context: Context) -> list[ast.Name | ast.Attribute]:
    found: list[ast.Name | ast.Attribute] = [*context.module.nodes(ast.Name)]
    found += context.module.nodes(ast.Attribute)
    return [node for node in found if isinstance(node.ctx, ast.Load)]


def _is_simple(cls: Class) -> bool:
    return method(cls, _OLD) is not None and method(cls, _NEW) is None


def _layer(context: Context) -> str:
    """How the module writes `keras.layers.Layer`."""
    known = context.module.frame.names.get("Layer")
    named = isinstance(known, Api) and known.path in (_BASE, "keras.engine.topology.Layer")
    return "Layer" if named else context.spell(_BASE)


def _renamed(context: Context, cls: Class) -> Iterator[Edit]:
    definition = method(cls, _OLD)
    assert definition is not None
    start = context.source.text.index(_OLD, context.source.start(definition))
    yield Edit(start, start + len(_OLD), _NEW)
    for node in ast.walk(cls.node):
        if isinstance(node, ast.Attribute) and node.attr == _OLD:
            end = context.source.end(node)
            yield Edit(end - len(_OLD), end, _NEW)


def _without_imports(context: Context) -> Iterator[Edit]:
    """Takes `_Merge` out of the import statements."""
    for item in context.module.imports:
        if is_private_base(item) and isinstance(item.statement, ast.ImportFrom):
            block = context.module.body_of(item.statement)
            limit = context.module.document.span_of(context.module.cell_of(item.statement))
            sole = len(block) == 1 and block is not context.module.tree.body
            yield from remove_aliases(context.source, item.statement, [item.alias], sole=sole, limit=limit)


def is_private_base(item: Import) -> bool:
    """Whether an import is one of those that this rule looks at."""
    return bool(item.target) and api(item.target).path in PATHS


def _advice(context: Context, node: ast.expr) -> Finding:
    return Finding(
        CODE,
        context.span(node),
        "`_Merge` is private, and in another place in Keras 3: derive from `keras.layers.Layer`, and merge in its `call`",
    )
