"""KU704 saved-in-folder: a model that is saved as a folder which is there already

Keras 2 saved a model as a folder, and programs gave it a new, empty one: that of `tempfile`, or of the fixture `tmp_path` in
their tests. Keras 3 saves a file, whose ending says the format.

**Since** Keras 3.0.

**Error**

    ValueError: Invalid filepath extension for saving. Please add either a `.keras` extension ...
    ValueError: The filename must end in `.weights.h5`. Received: filepath=/tmp/tmp1f3o7yz_

**Fix.** A file in the folder: `model.keras`, or `model.weights.h5` for weights, where it is written and where the same
function reads it.

**Not fixed.** Folders that were made elsewhere, and folders that are only read.

```python before
import tempfile

import numpy as np
from keras.layers import Dense
from keras.models import Sequential, load_model

folder = tempfile.mkdtemp()
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.save(folder)
result = load_model(folder).predict(np.ones((1, 2)))
```

```python after
import tempfile

import numpy as np
import os
from keras.layers import Dense
from keras.models import Sequential, load_model

folder = tempfile.mkdtemp()
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.save(os.path.join(folder, 'model.keras'))
result = load_model(os.path.join(folder, 'model.keras')).predict(np.ones((1, 2)))
```

```python unchanged
import os
import tempfile

import keras

folder = tempfile.mkdtemp()
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.save(os.path.join(folder, 'model.keras'))
result = os.listdir(folder)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import is_model
from keras_upgrade.analysis.values import Method, Result, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU704"
PHASE = NAMES
WORDS = {"save", "save_weights"}
ERRORS = (
    r"The filename must end in `?\.weights\.h5`?",
    r"Invalid filepath extension for saving",
)
_FILES = {"save": "model.keras", "save_weights": "model.weights.h5"}
_READERS = {"load_model": "model.keras", "load_weights": "model.weights.h5"}
_PATHS = frozenset({"pytest.tmp_path"})
"""Folders that are `pathlib.Path`; the others are texts, or are joined like texts."""
_TEXTS = frozenset({"tempfile.mkdtemp", "tempfile.TemporaryDirectory", "pytest.tmpdir"})


def check(context: Context) -> Iterator[Finding]:
    """Models and weights that are saved as a new folder, and read from there."""
    written = {}
    for call in context.module.calls:
        file = _FILES.get(call.func.attr) if isinstance(call.func, ast.Attribute) else None
        if file is not None and call.args and _is_of_model(context, call):
            folder = call.args[0]
            if _join(context, folder, file) is not None:
                written[_place(context, folder), file] = True
                yield _finding(context, folder, file)
    for call in context.module.calls if written else ():
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        file = _READERS.get(name)
        if file is not None and call.args and (_place(context, call.args[0]), file) in written:
            yield _finding(context, call.args[0], file)


def _is_of_model(context: Context, call: ast.Call) -> bool:
    """Whether the method that is called is that of a Keras model."""
    return any(
        isinstance(option, Method) and option.function is None and is_model(option.owner)
        for option in options(context.value(call.func))
    )


def _place(context: Context, folder: ast.expr) -> tuple[ast.AST | None, str]:
    """The function around, and how the folder is written there."""
    functions = (o for o in context.module.ancestors(folder) if isinstance(o, (ast.FunctionDef, ast.Lambda)))
    return next(functions, None), context.source.segment(folder)


def _join(context: Context, folder: ast.expr, file: str) -> tuple[str, tuple[str, ...]] | None:
    """The path of a file in a folder that is new, with the imports that it takes; None for anything else."""
    source = context.source
    quote = '"' if source.original.count('"') > source.original.count("'") else "'"
    is_text = isinstance(folder, ast.Call) and isinstance(folder.func, ast.Name) and folder.func.id == "str"
    inner = folder.args[0] if is_text and isinstance(folder, ast.Call) and len(folder.args) == 1 else folder
    kind, name = _kind(context.value(inner)), f"{quote}{file}{quote}"
    if kind in _PATHS:
        path = f"{source.segment(inner)} / {name}"
        return (path if inner is folder else f"str({path})"), ()
    if kind in _TEXTS:
        return f"os.path.join({source.segment(folder)}, {name})", ("import os",)
    return None


def _kind(value: Value) -> str:
    found = {option.of if isinstance(option, Result) else "" for option in options(value)}
    return found.pop() if len(found) == 1 else ""


def _finding(context: Context, folder: ast.expr, file: str) -> Finding:
    source = context.source
    joined = _join(context, folder, file)
    assert joined is not None
    text, imports = joined
    old = source.segment(folder)
    return Finding(
        CODE,
        context.span(folder),
        f"Keras 3 saves a file, and `{old}` is a folder",
        Fix(
            [Edit(source.start(folder), source.end(folder), text)],
            f"`{old}` → `{text}`",
            Safety.REVIEW,
            imports,
        ),
        subject="file names",
        assumption="nothing outside of this program reads the folder",
    )
