"""KU907 keras-contrib: packages that know Keras 2 only

`keras_contrib` and `tensorflow_addons` gave Keras 2 what it did not have. They do not work with Keras 3, and are no
longer kept; Keras 3 has some of their layers, optimizers, metrics and activations itself.

**Since** Keras 3.0.

**Error**

    ModuleNotFoundError: No module named 'keras_contrib'
    ModuleNotFoundError: No module named 'tensorflow_addons'

**Fix.** What Keras 3 has takes their place: `InstanceNormalization` is `GroupNormalization(groups=-1)`, the decay of
`AdamW` and `SGDW` is divided by the learning rate, which Keras multiplies it by.

**Not fixed.** CRF, `SigmoidFocalCrossEntropy` and what else has no equal: the advice says what comes close. (The
`InstanceNormalization` of `keras_contrib` adds epsilon to the deviation, not to the variance. Without `axis` it
normalizes all channels together: `GroupNormalization(groups=1)`, but with one scale and one offset for all.)

```python before
import keras
import numpy as np
from keras_contrib.layers.normalization.instancenormalization import InstanceNormalization

x = keras.layers.Input((4, 4, 2))
y = InstanceNormalization(axis=-1)(x)
model = keras.models.Model(x, y)
result = np.abs(model.predict(np.ones((1, 4, 4, 2)))).max()
```

```python after
import keras
import numpy as np

x = keras.layers.Input((4, 4, 2))
y = keras.layers.GroupNormalization(axis=-1, groups=-1, epsilon=1e-06)(x)
model = keras.models.Model(x, y)
result = np.abs(model.predict(np.ones((1, 4, 4, 2)))).max()
```

```python before
from tensorflow import keras
import tensorflow_addons as tfa

optimizer = tfa.optimizers.AdamW(weight_decay=1e-4, learning_rate=1e-3)
metric = tfa.metrics.F1Score(num_classes=3, average='macro')
layer = tfa.layers.SpectralNormalization(keras.layers.Dense(3, activation=tfa.activations.mish))
result = [float(optimizer.learning_rate), metric.average]
```

```python after
import keras

optimizer = keras.optimizers.AdamW(learning_rate=1e-3, weight_decay=0.1)
metric = keras.metrics.F1Score(average='macro')
layer = keras.layers.SpectralNormalization(keras.layers.Dense(3, activation=keras.activations.mish))
result = [float(optimizer.learning_rate), metric.average]
```

```python unchanged
import keras

result = keras.layers.GroupNormalization(groups=-1).axis
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import UNKNOWN, constant
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import contrib
from keras_upgrade.knowledge.backend import Row
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.moved_modules import unused_imports
from keras_upgrade.rules.shared.tensorflow_code import is_for_both_versions, is_spelled_out
from keras_upgrade.syntax.templates import bind, parse_params, parse_row, rewrite_call

CODE = "KU907"
PHASE = NAMES
WORDS = {
    "keras_adamw",
    "keras_applications",
    "keras_contrib",
    "keras_layer_normalization",
    "keras_multi_head",
    "keras_preprocessing",
    "keras_self_attention",
    "keras_tqdm",
    "tensorflow_addons",
}
ERRORS = (
    r"No module named '(keras_contrib|tensorflow_addons|keras_adamw|keras_layer_normalization|keras_multi_head)",
)
_SUBJECT = "packages for Keras 2"

_EPSILON = "epsilon, added to the deviation before, may be added to the variance: the numbers differ a little"
_ONE_PAIR = (
    "each channel may have a scale and an offset of its own, where all had one pair: weights are trained anew"
)
_RATE = "the learning rate stays the same: Keras multiplies the decay by it"


def check(context: Context) -> Iterator[Finding]:
    """Names of packages that know Keras 2 only."""
    seen: set[ast.expr] = set()
    for call, callee in context.calls():
        key = contrib.key_of(callee.path)
        if key is not None and is_spelled_out(context, call.func) and not is_for_both_versions(context, call):
            found = _call(context, call, key)
            if found is not None:
                seen.add(call.func)
                yield found
    for node in context.module.references:
        api = context.module.api(node)
        if api is None or node in seen or not isinstance(node.ctx, ast.Load):
            continue
        key = contrib.key_of(api.path)
        if key is not None and is_spelled_out(context, node) and not is_for_both_versions(context, node):
            yield _reference(context, node, api.path, key)
    yield from unused_imports(context, CODE, _is_gone, _SUBJECT)


def _is_gone(path: str) -> bool:
    return path.partition(".")[0] in contrib.PACKAGES


def _row(context: Context, call: ast.Call, key: str) -> Row | None:
    """The row for a call; for those whose numbers depend on each other, made for it."""
    if key == "keras_contrib.InstanceNormalization":
        return _instance(call)
    if key == "tensorflow_addons.AdamW":
        return _decayed(context, call, contrib.ADAMW, "AdamW", contrib.ADAMW_NEW)
    if key == "tensorflow_addons.SGDW":
        return _decayed(context, call, contrib.SGDW, "SGD", contrib.SGDW_NEW)
    if key == "keras_contrib.Swish" and not call.args and not call.keywords:
        return Row("", 'keras.layers.Activation("swish")')
    return contrib.ROWS.get(key)


def _instance(call: ast.Call) -> Row | None:
    bound = bind(call, parse_params(contrib.INSTANCE))
    if bound is None:
        return None
    axis, epsilon = bound.get("axis"), bound.get("epsilon")
    alone = axis is None or (isinstance(axis, ast.Constant) and axis.value is None)
    value = epsilon.value if isinstance(epsilon, ast.Constant) else 0.001 if epsilon is None else None
    squared = repr(float(f"{value**2:.12g}")) if isinstance(value, (int, float)) else "epsilon**2"
    groups = "groups=1" if alone else "groups=-1, axis=axis"
    return Row(
        contrib.INSTANCE,
        f"keras.layers.GroupNormalization({groups}, epsilon={squared}, {contrib.INSTANCE_NEW})",
        "review",
        assumption=f"{_EPSILON}; {_ONE_PAIR}" if alone else _EPSILON,
    )


def _decayed(context: Context, call: ast.Call, old: str, name: str, rest: str) -> Row | None:
    """An optimizer whose decay Keras multiplies by the learning rate."""
    bound = bind(call, parse_params(old))
    if bound is None:
        return None
    rate, decay = bound.get("learning_rate"), bound["weight_decay"]
    values = [constant(context.value(rate)) if rate is not None else 0.001, constant(context.value(decay))]
    if rate is not None and values[0] is None and context.value(rate) is not UNKNOWN:
        return None  # a schedule
    literals = [node.value if isinstance(node, ast.Constant) else None for node in (rate, decay)]
    if rate is None:
        literals[0] = 0.001
    if all(isinstance(value, (int, float)) and value for value in literals):
        share = f"{float(literals[1]) / float(literals[0]):.12g}"  # type: ignore[arg-type]  # numbers, as just seen
        share = share if "." in share or "e" in share else f"{share}.0"
    elif rate is None:
        share = "weight_decay / 0.001"
    else:
        share = "weight_decay / learning_rate"
    given = "learning_rate=learning_rate, " if rate is not None else ""
    return Row(
        old, f"keras.optimizers.{name}({given}weight_decay={share}, {rest})", "review", assumption=_RATE
    )


def _call(context: Context, call: ast.Call, key: str) -> Finding | None:
    row = _row(context, call, key)
    if row is None:
        return None
    edits = rewrite_call(context.source, call, row.old, row.new, row.variants, context.spell)
    if edits is None:
        return None
    text = context.source.segment(call.func)
    new = context.spell(row.new.partition("(")[0]) if row.new.startswith("keras.") else row.new
    return Finding(
        CODE,
        context.span(call.func),
        f"`{text}` knows Keras 2 only",
        Fix(
            edits,
            f"`{text}` → `{new}`",
            Safety.REVIEW if row.how == "review" else Safety.SAFE,
            context.imports_for(row, edits),
        ),
        _SUBJECT,
        row.assumption,
    )


def _reference(context: Context, node: ast.Name | ast.Attribute, path: str, key: str) -> Finding:
    """A name that is passed on, or has no equal."""
    row = contrib.ROWS.get(key)
    text = context.source.segment(node)
    simple = parse_row(row.old, row.new).simple if row is not None and row.how == "safe" else None
    if row is not None and simple is not None and not simple.constants and not row.variants:
        if not any(slot.always for slot in simple.slots.values()):
            new = context.spell(simple.callee)
            span = context.span(node)
            edits = [Edit(span.start, span.end, new)]
            fix = Fix(edits, f"`{text}` → `{new}`", imports=context.imports_for(row, edits))
            return Finding(CODE, span, f"`{text}` knows Keras 2 only", fix, _SUBJECT)
    return Finding(
        CODE, context.span(node), f"`{text}` knows Keras 2 only: {contrib.advice(path)}", None, _SUBJECT
    )
