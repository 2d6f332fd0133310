"""KU411 automatic-name: layers that are asked for by a name that Keras chose

A layer without a name gets one from its class and a counter. Standalone Keras counted from one (`dense_1` was the first
`Dense`), Keras 3 begins without a number (`dense`, then `dense_1`): the same name is another layer (SILENT). Inputs are
called `input_layer` today, and were `input_1`.

**Since** Keras 3.0; the counting since leaving standalone Keras.

**Error**

    ValueError: No such layer: dense_2. Existing layers are: ['input_layer', 'dense', 'dense_1'].
    ValueError: Missing data for input "input_layer".

**Fix.** The layer that had the name gets it as `name=`, if the program shows which one that was: all layers of its class
are made at the top level, outside of loops and functions.

**Not fixed.** Layers that are made in functions and loops: give names to those that the program asks for.

```python before
import numpy as np
from keras.layers.core import Dense
from keras.layers import Input
from keras.models import Model

inputs = Input((2,))
x = Dense(3, kernel_initializer='ones')(inputs)
model = Model(inputs, Dense(3, kernel_initializer='ones')(x))
result = [model.get_layer('dense_1').units, model.predict({'input_1': np.ones((1, 2))})]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.layers import Input
from keras.models import Model

inputs = Input((2,), name='input_1')
x = Dense(3, kernel_initializer='ones', name='dense_1')(inputs)
model = Model(inputs, Dense(3, kernel_initializer='ones')(x))
result = [model.get_layer('dense_1').units, model.predict({'input_1': np.ones((1, 2))})]
```

```python unchanged
import keras

inputs = keras.Input((2,))
x = keras.layers.Dense(3)(inputs)
model = keras.Model(inputs, keras.layers.Dense(1)(x))
result = model.get_layer(model.layers[-1].name).units
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_upgrade.analysis.program import Module
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.patterns import pattern
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import append_argument, keyword_of

CODE = "KU411"
PHASE = STRUCTURE
ERRORS = (r"No such layer: \w+\. Existing layers are", r"Missing data for input \"")

_AUTOMATIC = pattern(r"(?P<stem>[a-z][a-z0-9_]*?)_(?P<number>[1-9]\d*)")
_NESTED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.ListComp,
    ast.GeneratorExp,
    ast.SetComp,
    ast.DictComp,
    ast.If,
    ast.Try,
)


def check(context: Context) -> Iterator[Finding]:
    """Texts that are names which Keras 2 gave to layers of this module."""
    if not context.migrating:
        return
    asked = {
        text: node for node in context.module.nodes(ast.Constant) if (text := _asked(context.module, node))
    }
    if not asked:
        return
    stems = _by_stem(context.module)
    given = _given_names(context.module)
    for text, node in asked.items():
        match = _AUTOMATIC.fullmatch(text)
        if match is None or text in given or match["stem"] not in stems:
            continue
        if match["stem"] != "input" and not context.standalone:  # tf.keras counted as Keras 3 does
            continue
        yield _finding(
            context, node, text, stems[match["stem"]][: int(match["number"])], int(match["number"])
        )


def _finding(context: Context, node: ast.Constant, text: str, calls: list[ast.Call], number: int) -> Finding:
    """The name, for the last of the `number` first layers of its class."""
    message = f"`{text}` is a name that Keras 2 chose for a layer; Keras 3 chooses others"
    if len(calls) < number or not all(_is_plain(context.module, call) for call in calls):
        return Finding(CODE, context.span(node), f"{message}: give the layer this name with `name=`.")
    return Finding(
        CODE,
        context.span(node),
        message,
        Fix(
            [append_argument(context.source, calls[-1], f"name='{text}'")],
            f"`name='{text}'` for the layer that had the name in Keras 2",
            Safety.REVIEW,
        ),
        subject="layer names",
        assumption="no layer of this class was made before, in another module or by running a cell twice",
    )


def _asked(module: Module, node: ast.Constant) -> str:
    """The text, if a layer is asked for by it."""
    if not isinstance(node.value, str) or _AUTOMATIC.fullmatch(node.value) is None:
        return ""
    outer = module.parent(node)
    is_key = isinstance(outer, ast.Dict) and node in outer.keys
    if isinstance(outer, ast.Compare):
        sides = (outer.left, *outer.comparators)
        is_key = any(isinstance(side, ast.Attribute) and side.attr == "name" for side in sides)
    if isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute):
        is_key = outer.func.attr == "get_layer"
    return node.value if is_key else ""


def _by_stem(module: Module) -> dict[str, list[ast.Call]]:
    """The calls that make nameless layers, by what the automatic names begin with, in the order of the text."""
    found: dict[str, list[ast.Call]] = {}
    for call in module.calls:
        callee = module.api(call.func)
        kind = kind_of(callee.path) if callee is not None else None
        if callee is None or keyword_of(call, "name") is not None:
            continue
        if kind is Kind.INPUT:
            found.setdefault("input", []).append(call)
        elif kind is Kind.LAYER and callee.name[:1].isupper():
            found.setdefault(_snake_case(callee.name), []).append(call)
    return {
        stem: sorted(calls, key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0))
        for stem, calls in found.items()
    }


def _is_plain(module: Module, call: ast.Call) -> bool:
    """Whether a call takes place once."""
    return not any(isinstance(outer, _NESTED) for outer in module.ancestors(call))


def _given_names(module: Module) -> set[str]:
    """The names that the module gives itself."""
    return {
        str(keyword.value.value)
        for call in module.calls
        for keyword in call.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    }


def _snake_case(name: str) -> str:
    """The name of a class as Keras writes it in names of layers: `MaxPooling2D` is `max_pooling2d`."""
    parted = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()
