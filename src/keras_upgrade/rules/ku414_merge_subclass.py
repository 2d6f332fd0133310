"""KU414 merge-subclass: layers that derive from `_Merge`

`_Merge` was the private base of `Add`, `Concatenate` and their like. Programs derived layers of two inputs from it, to
write no more than `_merge_function`. Keras 3 does not offer it.

**Since** Keras 3.0.

**Error**

    ModuleNotFoundError: No module named 'keras.layers.merge'
    ImportError: cannot import name '_Merge' from 'keras.layers'

**Fix.** The class derives from `Layer`, and `_merge_function` is its `call`. `_Merge` also gave inputs with fewer axes
than the others further ones, and passed masks on; a layer that rests on that has to do it itself.

**Not fixed.** Classes that have a `call` of their own, or ask `_Merge` for more.

```python before
import numpy as np
from keras.layers import Input
from keras.layers.merge import _Merge
from keras.models import Model


class WeightedAverage(_Merge):
    def _merge_function(self, inputs):
        return 0.25 * inputs[0] + 0.75 * inputs[1]


a, b = Input((2,)), Input((2,))
model = Model([a, b], WeightedAverage()([a, b]))
result = model.predict([np.ones((1, 2)), np.zeros((1, 2))])
```

```python after
import numpy as np
import keras
from keras.layers import Input
from keras.models import Model


class WeightedAverage(keras.layers.Layer):
    def call(self, inputs):
        return 0.25 * inputs[0] + 0.75 * inputs[1]


a, b = Input((2,)), Input((2,))
model = Model([a, b], WeightedAverage()([a, b]))
result = model.predict([np.ones((1, 2)), np.zeros((1, 2))])
```

```python unchanged
class _Merge:
    def __call__(self, inputs):
        return self._merge_function(inputs)


class Longest(_Merge):
    def _merge_function(self, inputs):
        return max(inputs, key=len)


result = Longest()(['a', 'bc'])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Class
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import method
from keras_upgrade.syntax.edits import name_span
from keras_upgrade.syntax.walking import walk

CODE = "KU414"
PHASE = NAMES
WORDS = {"class"}
ERRORS = (
    r"cannot import name '_?Merge' from '[\w.]*keras[\w.]*layers",
    r"No module named '[\w.]*keras\.layers\.(merge|merging)",
)
_FUNCTION = "_merge_function"
_SAME_AXES = "the inputs of the layer have the same number of axes, and no masks"


def check(context: Context) -> Iterator[Finding]:
    """The user's classes whose base is `_Merge`."""
    for cls in context.module.classes:
        for base in cls.node.bases:
            api = context.module.api(base)
            if api is not None and is_merge(api):
                yield _finding(context, cls, base)


def is_merge(api: Api) -> bool:
    """Whether a name is that of the base class of the merging layers."""
    return api.path.startswith("keras.layers.") and api.path.endswith(("._Merge", "base_merge.Merge"))


def _finding(context: Context, cls: Class, base: ast.expr) -> Finding:
    written, new = context.source.segment(base), context.spell("keras.layers.Layer")
    span = context.span(base)
    message = f"`{written}`, the base of merging layers, is gone"
    function = method(cls, _FUNCTION)
    if function is None or method(cls, "call") is not None or _rests_on_merge(cls):
        advice = f"{message}: derive from `{new}`, with what the layer computes in `call(self, inputs)`"
        return Finding(CODE, span, advice, subject=f"`{cls.node.name}`")
    name = name_span(context.source, function)
    edits = [Edit(span.start, span.end, new), Edit(name.start, name.end, "call")]
    change = f"`{cls.node.name}({written})` → `{cls.node.name}({new})`, `{_FUNCTION}` → `call`"
    fix = Fix(edits, change, Safety.REVIEW, context.needed_imports)
    return Finding(CODE, span, message, fix, f"`{cls.node.name}`", _SAME_AXES)


def _rests_on_merge(cls: Class) -> bool:
    """Whether the class reads what `_Merge` keeps, or calls its methods, but for the constructor."""
    for node in walk(cls.node):
        if isinstance(node, ast.Attribute) and node.attr in ("_reshape_required", _FUNCTION):
            return True
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call) and node.attr != "__init__":
            if isinstance(node.value.func, ast.Name) and node.value.func.id == "super":
                return True
    return False
