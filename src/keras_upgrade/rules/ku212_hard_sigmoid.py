"""KU212 hard-sigmoid: `'hard_sigmoid'` is another function

`hard_sigmoid` was 0.2 x + 0.5, cut at 0 and 1; it is x / 6 + 0.5 in Keras 3. SILENT: weights that were trained with the
one predict otherwise with the other. `ConvLSTM2D` and its kin had it as the default of `recurrent_activation`, which is
`'sigmoid'` today.

**Since** Keras 3.0.

**Fix.** The old function, written out, in place of the name, and in place of the default.

**Not fixed.** Programs that Keras 3 runs as they are: nothing tells whether they were written for it.

```python before
import numpy as np
from keras.layers import Activation
from keras.layers.recurrent import LSTM
from keras.models import Sequential

model = Sequential()
model.add(LSTM(2, input_shape=(3, 1), recurrent_activation='hard_sigmoid', kernel_initializer='ones'))
model.add(Activation('hard_sigmoid'))
result = model.predict(np.array([[[0.1], [0.2], [-0.3]]]))
```

```python after
import numpy as np
import keras
from keras.layers import Activation
from keras.layers import LSTM
from keras.models import Sequential


@keras.saving.register_keras_serializable()
def hard_sigmoid(x):
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


model = Sequential()
model.add(LSTM(2, input_shape=(3, 1), recurrent_activation=hard_sigmoid, kernel_initializer='ones'))
model.add(Activation(hard_sigmoid))
result = model.predict(np.array([[[0.1], [0.2], [-0.3]]]))
```

```python unchanged
import keras
import numpy as np

model = keras.Sequential([keras.Input((3,)), keras.layers.Activation('hard_sigmoid')])
result = model.predict(np.zeros((1, 3)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import definition_edit, free_name, insertion_point, paragraph_start
from keras_upgrade.syntax.edits import append_argument, keyword_of

CODE = "KU212"
PHASE = STRUCTURE
WORDS = {"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "hard_sigmoid"}
_NAME = "hard_sigmoid"
_DEFAULT = frozenset({"ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"})


def check(context: Context) -> Iterator[Finding]:
    """Layers with the activation, all in one finding: they share the function."""
    if not context.migrating:
        return
    name = free_name(_NAME, context.module.names(), "_of_keras2")
    edits: list[Edit] = []
    calls = []
    for call, callee in context.calls():
        if kind_of(callee.path) is Kind.LAYER:
            found = _edits(context, call, callee.name, name)
            edits += found
            calls += [call] if found else []
    if calls:
        yield _finding(context, min(calls, key=lambda call: call.lineno), name, edits)


def _edits(context: Context, call: ast.Call, layer: str, name: str) -> list[Edit]:
    """The function for each text, and for a default that was left out."""
    source = context.source
    given = [keyword.value for keyword in call.keywords if (keyword.arg or "").endswith("activation")]
    given += call.args[:1] if layer == "Activation" else []
    edits = [
        Edit(source.start(node), source.end(node), name)
        for node in given
        if isinstance(node, ast.Constant) and node.value == _NAME
    ]
    known = all(keyword.arg is not None for keyword in call.keywords)
    if layer in _DEFAULT and known and keyword_of(call, "recurrent_activation") is None:
        edits.append(append_argument(source, call, f"recurrent_activation={name}"))
    return edits


def _finding(context: Context, first: ast.Call, name: str, edits: list[Edit]) -> Finding:
    module = context.module
    outer = [module.statement(first), *(n for n in module.ancestors(first) if isinstance(n, ast.stmt))]
    limit = module.document.span_of(module.cell_of(first))
    point = paragraph_start(
        context.source, module.tree, insertion_point(context.source, outer[-1], limit), limit
    )
    definition = (
        f"@{context.spell('keras.saving.register_keras_serializable')}()\n"
        f"def {name}(x):\n"
        f"    return {context.spell('keras.ops.clip')}(0.2 * x + 0.5, 0.0, 1.0)"
    )
    edits = [definition_edit(context.source, point, definition, limit), *edits]
    return Finding(
        CODE,
        context.span(first.func),
        "`hard_sigmoid` of Keras 2 was 0.2 x + 0.5, and is x / 6 + 0.5 (SILENT)",
        Fix(edits, f"`'{_NAME}'` → `{name}()` of Keras 2", Safety.REVIEW, context.needed_imports),
        subject="activations",
        assumption="the numbers of Keras 2 are wanted, as for weights that were trained with them; else the name will do",
    )
