"""KU702 loading: what is loaded, and what `load_weights` gives

Keras 3 loads a model with a Python lambda in a `Lambda` layer only when it is told that the file is to be trusted.
`load_weights` gives nothing, where it gave a status to call `expect_partial()` on. Folders in the SavedModel format and
TensorFlow checkpoints are not loaded.

**Since** Keras 3.0.

**Error**

    ValueError: Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda.
    AttributeError: 'NoneType' object has no attribute 'expect_partial'
    ValueError: File format not supported: filepath=saved_model. Keras 3 only supports V3 `.keras` files and legacy H5 format files (`.h5` extension).

**Fix.** `safe_mode=False` for `load_model`, in a program whose models have lambdas; the call behind `load_weights` goes.

**Not fixed.** `load_model` of a folder that the program does not write: `keras.layers.TFSMLayer` runs it, but cannot train
it; or build the model in code, and load its weights from an `.h5` file that Keras 2 has written.

```python before
import numpy as np
from keras.layers import Dense, Lambda
from keras.models import Sequential, load_model

model = Sequential()
model.add(Dense(1, input_shape=(2,), kernel_initializer='ones'))
model.add(Lambda(lambda x: 2 * x))
model.save('model.h5')
result = load_model('model.h5').predict(np.ones((1, 2)))
```

```python after
import numpy as np
from keras.layers import Dense, Lambda
from keras.models import Sequential, load_model

model = Sequential()
model.add(Dense(1, input_shape=(2,), kernel_initializer='ones'))
model.add(Lambda(lambda x: 2 * x))
model.save('model.h5')
result = load_model('model.h5', safe_mode=False).predict(np.ones((1, 2)))
```

```python before
import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.save_weights('weights')
model.load_weights('weights').expect_partial()
result = model.predict(np.ones((1, 2)))
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.save_weights('weights.weights.h5')
model.load_weights('weights.weights.h5')
result = model.predict(np.ones((1, 2)))
```

```python unchanged
import numpy as np
from keras.layers import Dense, Input
from keras.models import Sequential, load_model

model = Sequential([Input((2,)), Dense(1, kernel_initializer='ones')])
model.save('model.keras')
result = load_model('model.keras').predict(np.ones((1, 2)))
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import Function, Instance, Method, constant, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.patterns import pattern
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import append_argument, keyword_of

CODE = "KU702"
PHASE = NAMES
WORDS = {"assert_consumed", "assert_existing_objects_matched", "expect_partial", "load_model"}
ERRORS = (
    r"Requested the deserialization of a `?Lambda`? layer",
    r"'NoneType' object has no attribute '(expect_partial|assert_consumed|assert_existing_objects_matched)'",
    r"File format not supported: filepath=",
)
_STATUS = frozenset({"expect_partial", "assert_consumed", "assert_existing_objects_matched"})
_LOADERS = frozenset({"keras.models.load_model", "keras.saving.load_model"})
_FILE = pattern(r"\.(keras|h5|hdf5|hdf|zip|model)$", re.IGNORECASE)


def check(context: Context) -> Iterator[Finding]:
    """Calls of `load_model`, and what is called on the result of `load_weights`."""
    for call, callee in context.calls():
        if callee.path in _LOADERS:
            yield from _load_model(context, call)
    for call in context.module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _STATUS:
            yield from _status(context, call, call.func)


def _load_model(context: Context, call: ast.Call) -> Iterator[Finding]:
    keyword = keyword_of(call, "filepath")
    path = keyword.value if keyword is not None else call.args[0] if call.args else None
    name = constant(context.value(path)) if path is not None else None
    if isinstance(path, ast.Constant):
        name = path.value
    if isinstance(name, str) and not _FILE.search(name) and not _writes(context, name):
        yield Finding(
            CODE,
            context.span(call),
            f"Keras 3 does not load the folder `{name}` (SavedModel): `keras.layers.TFSMLayer('{name}', "
            "call_endpoint='serving_default')` runs it, or build the model in code and load its weights from an "
            "`.h5` file that Keras 2 has written",
            subject="loading",
        )
    has_lambdas = context.program.once(f"{CODE} lambdas", lambda: _has_lambdas(context.program))
    whole = all(item.arg is not None for item in call.keywords)
    if has_lambdas and whole and keyword_of(call, "safe_mode") is None:
        yield Finding(
            CODE,
            context.span(call.func),
            "Keras 3 loads Python lambdas of `Lambda` layers only with `safe_mode=False`",
            Fix(
                [append_argument(context.source, call, "safe_mode=False")],
                "`load_model`: `safe_mode=False`",
                Safety.REVIEW,
            ),
            subject="loading",
            assumption="the file comes from a source that you trust: it holds code, which loading it runs",
        )


def _writes(context: Context, name: str) -> bool:
    """Whether the program has the name in another place too, where it may be written, and is renamed by KU701."""
    places = [node for module in context.program for node in module.nodes(ast.Constant) if node.value == name]
    return len(places) > 1


def _has_lambdas(program: Program) -> bool:
    """Whether a `Lambda` layer of the program has a Python lambda, and no line allows to load it."""
    if any(
        found.path == "keras.config.enable_unsafe_deserialization"
        for module in program
        for node in module.references
        for found in module.apis(node)
    ):
        return False
    return any(
        isinstance(option, Function) and isinstance(option.node, ast.Lambda)
        for module in program
        for item in module.instances
        if item.api is not None and item.api.path == "keras.layers.Lambda"
        for option in options(item.arguments.get(0, "function") or item)
    )


def _status(context: Context, call: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
    """`model.load_weights(path).expect_partial()`."""
    inner = func.value
    if not isinstance(inner, ast.Call) or not isinstance(inner.func, ast.Attribute):
        return
    if inner.func.attr != "load_weights" or not _is_model(context, inner.func):
        return
    source = context.source
    yield Finding(
        CODE,
        context.span(func),
        "`load_weights` gives nothing in Keras 3",
        Fix([Edit(source.end(inner), source.end(call), "")], f"removed `.{func.attr}()`"),
        subject="loading",
    )


def _is_model(context: Context, node: ast.Attribute) -> bool:
    """Whether a method is that of a Keras model, or of an object that nothing is known of."""
    owners = [
        option.owner
        for option in options(context.value(node))
        if isinstance(option, Method) and isinstance(option.owner, Instance)
    ]
    return all(
        owner.api is not None and kind_of(owner.api.path) in (Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)
        for owner in owners
    )
