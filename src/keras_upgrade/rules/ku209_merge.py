"""KU209 merge: `merge([a, b], mode='concat')`

The function `merge` and the layer `Merge` of Keras 1 chose by `mode` what there is a layer for each of today.

**Since** Keras 2.0 warned; gone in 2.2.

**Error**

    ImportError: cannot import name 'merge' from 'keras.layers'
    ImportError: cannot import name 'Merge' from 'keras.layers'
    TypeError: 'module' object is not callable

**Fix.** `merge(tensors, mode='concat', concat_axis=1)` becomes `keras.layers.concatenate(tensors, axis=1)`; so do the
modes `sum`, `mul`, `ave`, `max`, `dot` and `cos`. `Merge(mode='sum')(tensors)` becomes `keras.layers.Add()(tensors)`.

A mode that is a function becomes a `Lambda` layer, and that what KU401 makes of it.

**Not fixed.** `Merge([left, right])` inside a Sequential model, which then has two inputs: make it a `keras.Model`.

```python before
import numpy as np
from keras.layers import Dense, Input, merge
from keras.models import Model

left, right = Input((2,)), Input((2,))
joined = merge([left, right], mode='concat', concat_axis=-1)
total = merge([left, right])
angle = merge([left, right], mode='cos', dot_axes=1, name='angle')
model = Model([left, right], [joined, total, angle])
result = model.predict([np.ones((1, 2)), np.ones((1, 2))])
assert [values.tolist() for values in result[:2]] == [[[1.0, 1.0, 1.0, 1.0]], [[2.0, 2.0]]]
assert abs(result[2] - 1) < 1e-6
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Model

left, right = Input((2,)), Input((2,))
joined = keras.layers.concatenate([left, right], axis=-1)
total = keras.layers.add([left, right])
angle = keras.layers.dot([left, right], axes=1, normalize=True, name='angle')
model = Model([left, right], [joined, total, angle])
result = model.predict([np.ones((1, 2)), np.ones((1, 2))])
assert [values.tolist() for values in result[:2]] == [[[1.0, 1.0, 1.0, 1.0]], [[2.0, 2.0]]]
assert abs(result[2] - 1) < 1e-6
```

```python before
import numpy as np
from keras import backend as K
from keras.layers import Input, merge
from keras.models import Model

left, right = Input((2,)), Input((2,))
distance = merge([left, right], mode=lambda pair: K.abs(pair[0] - pair[1]), output_shape=(2,), name='distance')
result = Model([left, right], distance).predict([np.ones((1, 2)), np.zeros((1, 2))])
assert result.tolist() == [[1.0, 1.0]]
```

```python after
import numpy as np
import keras
from keras.layers import Input
from keras.models import Model

left, right = Input((2,)), Input((2,))


@keras.saving.register_keras_serializable()
class Distance(keras.layers.Layer):
    def call(self, pair):
        return keras.ops.abs(pair[0] - pair[1])


distance = Distance(name='distance')([left, right])
result = Model([left, right], distance).predict([np.ones((1, 2)), np.zeros((1, 2))])
assert result.tolist() == [[1.0, 1.0]]
```

```python unchanged
import numpy as np
from keras.layers import Dense, Input, concatenate
from keras.models import Model

a, b = Input((2,)), Input((2,))
model = Model([a, b], concatenate([a, b], axis=-1))
result = model.predict([np.ones((1, 2)), np.zeros((1, 2))])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Function, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.records import dataclass
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of, value_text

CODE = "KU209"
PHASE = NAMES
WORDS = {"Merge", "merge"}
ERRORS = (
    r"cannot import name '[mM]erge' from '(keras|tensorflow\.keras)\.layers'",
    r"'module' object is not callable",
)
FUNCTION = frozenset({"keras.layers.merge", "keras.engine.topology.merge", "keras.engine.merge"})
"""Where the function was; `keras.layers.merge` was later a module, which is not called."""
LAYER = frozenset(
    {"keras.layers.Merge", "keras.engine.topology.Merge", "keras.engine.Merge", "keras.legacy.layers.Merge"}
)


@dataclass(frozen=True, slots=True)
class _Mode:
    """What a mode became.

    Attributes:
        function: in `keras.layers`, for `merge`.
        layer: for `Merge`.
        axis: the old argument that became `axes` or `axis`, if there is one.
        new: how it is called today.
        more: what else the call gets.
    """

    function: str
    layer: str
    axis: str = ""
    new: str = ""
    more: str = ""


_MODES = {
    "ave": _Mode("average", "Average"),
    "concat": _Mode("concatenate", "Concatenate", "concat_axis", "axis"),
    "cos": _Mode("dot", "Dot", "dot_axes", "axes", "normalize=True"),
    "dot": _Mode("dot", "Dot", "dot_axes", "axes"),
    "max": _Mode("maximum", "Maximum"),
    "mul": _Mode("multiply", "Multiply"),
    "sum": _Mode("add", "Add"),
}
_OF_LAMBDA = frozenset({"output_shape", "name", "arguments"})
_ADVICE = (
    "Choose the layer by `mode`: `Add`, `Multiply`, `Concatenate(axis=)`, `Average`, `Maximum`, `Dot(axes=)`; "
    "a model that merges two branches is a `keras.Model(inputs=[...], outputs=...)`."
)


def check(context: Context) -> Iterator[Finding]:
    """Calls of `merge` and of `Merge`."""
    for call, callee in context.calls():
        if callee.path in FUNCTION:
            yield _finding(context, call, is_layer=False)
        elif callee.path in LAYER:
            yield _finding(context, call, is_layer=True)


def _finding(context: Context, call: ast.Call, *, is_layer: bool) -> Finding:
    written = context.source.segment(call.func)
    new = _new(context, call, is_layer=is_layer)
    if new is None:
        return Finding(CODE, context.span(call.func), f"`{written}` was removed. {_ADVICE}")
    start, end = context.source.start(call), context.source.end(call)
    return Finding(
        CODE,
        context.span(call.func),
        f"`{written}` was removed",
        Fix(
            [Edit(start, end, new)], f"`{_one_line(context, call)}` → `{new}`", imports=context.needed_imports
        ),
        subject="`merge` calls",
    )


def _new(context: Context, call: ast.Call, *, is_layer: bool) -> str | None:
    """The call of today; None where the mode, or an argument, has none."""
    arguments = {keyword.arg: keyword for keyword in call.keywords}
    if _is_function(context, call):
        return _lambda(context, call, is_layer=is_layer)
    mode = _mode(call)
    known = {"inputs", "layers", "mode", "name", mode.axis} if mode is not None else set()
    if mode is None or not set(arguments) <= known or len(call.args) > 2 or (is_layer and _inputs(call)):
        return None
    parts = []
    if not is_layer:
        inputs = _inputs(call)
        if inputs is None:
            return None
        parts.append(value_text(context.source, call, inputs))
    axis = arguments.get(mode.axis)
    if axis is not None:
        parts.append(f"{mode.new}={value_text(context.source, call, axis)}")
    elif mode.new == "axes":
        parts.append("axes=-1")
    parts += [mode.more] if mode.more else []
    if "name" in arguments:
        parts.append(f"name={value_text(context.source, call, arguments['name'])}")
    name = mode.layer if is_layer else mode.function
    return f"{context.spell(f'keras.layers.{name}')}({', '.join(parts)})"


def _is_function(context: Context, call: ast.Call) -> bool:
    given = _given_mode(call)
    return given is not None and all(isinstance(o, Function) for o in options(context.value(given)))


def _lambda(context: Context, call: ast.Call, *, is_layer: bool) -> str | None:
    """A `Lambda` layer for a mode that is a function of the list of tensors."""
    keywords = [keyword for keyword in call.keywords if keyword.arg in _OF_LAMBDA]
    inputs, mode = _inputs(call), _given_mode(call)
    others = {keyword.arg for keyword in call.keywords} - _OF_LAMBDA - {"inputs", "layers", "mode"}
    if mode is None or others or len(call.args) > 2 or (inputs is None) is not is_layer:
        return None
    named = [f"{keyword.arg}={value_text(context.source, call, keyword)}" for keyword in keywords]
    text = ", ".join([value_text(context.source, call, mode), *named])
    layer = f"{context.spell('keras.layers.Lambda')}({text})"
    return layer if inputs is None else f"{layer}({value_text(context.source, call, inputs)})"


def _inputs(call: ast.Call) -> ast.expr | None:
    """What is merged."""
    keyword = keyword_of(call, "inputs") or keyword_of(call, "layers")
    if keyword is not None:
        return keyword.value
    return call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None


def _mode(call: ast.Call) -> _Mode | None:
    given = _given_mode(call)
    if given is None:
        return _MODES["sum"]
    return _MODES.get(str(given.value)) if isinstance(given, ast.Constant) else None


def _given_mode(call: ast.Call) -> ast.expr | None:
    keyword = keyword_of(call, "mode")
    return keyword.value if keyword is not None else call.args[1] if len(call.args) > 1 else None


def _one_line(context: Context, call: ast.Call) -> str:
    return " ".join(context.source.segment(call).split())
