"""KU303 tensorflow-on-symbolic: `tf.*` functions on KerasTensors

In Keras 3 the tensors of a functional model under construction (`Input(...)`, what layers give for it) are
KerasTensors. TensorFlow functions do not take them; `keras.ops`, `keras.random` and layers do. TensorFlow on real
tensors (in `tf.data`, in `call`, in losses and training loops) is as right as ever and stays.

**Since** Keras 3.0.

**Error**

    ValueError: A KerasTensor cannot be used as input to a TensorFlow function.

**Fix.** The call becomes the function of `keras.ops` that gives the same numbers; so does a function that is called under
another name: an argument, an entry of a dict.

**Not fixed.** Functions without an equal (`tf.gather_nd`, `tf.strided_slice`, ...): wrap the call in the `call` of a
layer.

```python before
import numpy as np
import tensorflow as tf
from tensorflow import keras

x = keras.Input(shape=(3,))
y = tf.concat([tf.exp(x), tf.reduce_mean(x, axis=1, keepdims=True)], axis=-1)
model = keras.Model(x, y)
result = model.predict(tf.ones((2, 3)) * 2.0)
```

```python after
import numpy as np
import tensorflow as tf
import keras

x = keras.Input(shape=(3,))
y = keras.ops.concatenate([keras.ops.exp(x), keras.ops.mean(x, axis=1, keepdims=True)], axis=-1)
model = keras.Model(x, y)
result = model.predict(tf.ones((2, 3)) * 2.0)
```

```python before
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model

ACTIVATIONS = {'tanh': tf.tanh, 'none': None}


def block(x, name):
    function = ACTIVATIONS[name]
    return x if function is None else function(x)


x = Input((3,))
result = Model(x, block(x, 'tanh')).predict(np.ones((2, 3)))
```

```python after
import numpy as np
import keras
from keras import Input, Model

ACTIVATIONS = {'tanh': keras.ops.tanh, 'none': None}


def block(x, name):
    function = ACTIVATIONS[name]
    return x if function is None else function(x)


x = Input((3,))
result = Model(x, block(x, 'tanh')).predict(np.ones((2, 3)))
```

```python unchanged
import tensorflow as tf

data = tf.data.Dataset.from_tensor_slices(tf.range(4)).map(lambda x: tf.square(x))
result = [int(x) for x in data]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, holds_symbolic, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.knowledge.tensorflow import ROWS
from keras_upgrade.records import replace
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import is_keras3
from keras_upgrade.rules.shared.references import takes_the_same
from keras_upgrade.syntax.templates import parse_row, rewrite_call

CODE = "KU303"
PHASE = NAMES
WORDS = {"tensorflow", "tf"}
ERRORS = (r"A KerasTensor cannot be used as input to a TensorFlow function",)


def check(context: Context) -> Iterator[Finding]:
    """TensorFlow functions whose arguments hold a KerasTensor, or make what one is computed from."""
    passed = context.program.once(
        "functions called on KerasTensors under other names", lambda: _passed(context)
    )
    called = {call.func for call in context.module.calls}
    for call, callee in context.calls():
        if _is_tensor_function(callee) and _takes_symbolic(context, call):
            if context.spelled_here(call.func) or not _can_be_passed(callee):
                yield _finding(context, call, callee)
    for node in context.module.references:
        api = context.module.api(node)
        if api is not None and api.path in passed and node not in called and context.spelled_here(node):
            yield _reference(context, node, api)


def _is_tensor_function(callee: Api) -> bool:
    return callee.path.startswith("tensorflow.") and kind_of(callee.path) is Kind.TENSOR_FUNCTION


def _passed(context: Context) -> frozenset[str]:
    """The functions that are called on KerasTensors through a variable, a parameter or a container."""
    found: set[str] = set()
    for module in context.program:
        there = replace(context, module=module)
        for call in module.calls:
            callees = [
                api for api in module.apis(call.func) if _is_tensor_function(api) and _can_be_passed(api)
            ]
            if callees and not there.spelled_here(call.func) and _takes_symbolic(there, call):
                found.update(api.path for api in callees)
    return frozenset(found)


def _can_be_passed(callee: Api) -> bool:
    """Whether the function of today takes the same arguments, so that it can stand for the old one anywhere."""
    row = ROWS.get(callee.path.removeprefix("tensorflow."))
    return row is not None and row.how == "safe" and not row.variants and takes_the_same(row.old, row.new)


def _reference(context: Context, node: ast.Name | ast.Attribute, api: Api) -> Finding:
    row = ROWS[api.path.removeprefix("tensorflow.")]
    simple = parse_row(row.old, row.new).simple
    assert simple is not None
    written, new, span = context.source.segment(node), context.spell(simple.callee), context.span(node)
    edits = [Edit(span.start, span.end, new)]
    return Finding(
        CODE,
        span,
        f"`{written}` is called on a KerasTensor, which only `keras.ops` and layers take",
        Fix(edits, f"`{written}` → `{new}`", imports=context.imports_for(row, edits)),
        subject="`tf.*` on KerasTensors",
    )


def _takes_symbolic(context: Context, call: ast.Call) -> bool:
    values = [context.value(value) for value in (*call.args, *(keyword.value for keyword in call.keywords))]
    if is_keras3(context):  # what may be a real tensor is one: the program is right
        return any(all(holds_symbolic(option) for option in options(value)) for value in values)
    return any(holds_symbolic(value) for value in values)


def _finding(context: Context, call: ast.Call, callee: Api) -> Finding:
    written = context.source.segment(call.func)
    row = ROWS.get(callee.path.removeprefix("tensorflow."))
    edits = None
    if row is not None and row.how != "advise" and context.spelled_here(call.func):
        edits = rewrite_call(context.source, call, row.old, row.new, row.variants, context.spell)
    message = f"`{written}` is called on a KerasTensor, which only `keras.ops` and layers take"
    if row is None or edits is None:
        advice = (
            row.note
            if row is not None and row.note
            else "put the call into the `call` of a layer of your own."
        )
        return Finding(
            CODE, context.span(call.func), f"{message}: {advice}", subject="`tf.*` on KerasTensors"
        )
    parsed = parse_row(row.old, row.new)
    new = context.spell(parsed.simple.callee) if parsed.simple is not None else row.new
    safety = Safety.REVIEW if row.how == "review" else Safety.SAFE
    return Finding(
        CODE,
        context.span(call.func),
        message,
        Fix(edits, f"`{written}` → `{new}`", safety, context.imports_for(row, edits)),
        assumption=row.assumption,
        subject="`tf.*` on KerasTensors",
    )
