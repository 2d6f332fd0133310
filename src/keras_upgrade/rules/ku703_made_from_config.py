"""KU703 made-from-config: a copy of a model by its class and its config

Programs copied models by hand: a dict of `model.__class__.__name__` and `model.get_config()`, given to `model_from_config`. That
function is gone, and a dict without the module of the class is no longer enough to find it.

**Since** Keras 3.0.

**Error**

    ImportError: cannot import name 'model_from_config' from 'keras.models'
    TypeError: Could not locate class 'Sequential'. Make sure custom classes and functions are decorated with ...

**Fix.** `model.__class__.from_config(model.get_config())`. The dict goes if nothing else reads it.

**Not fixed.** A dict that comes from elsewhere, from a file for instance: it is of another Keras.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential, model_from_config


def copy(model, custom_objects={}):
    config = {
        'class_name': model.__class__.__name__,
        'config': model.get_config(),
    }
    clone = model_from_config(config, custom_objects=custom_objects)
    clone.set_weights(model.get_weights())
    return clone


result = copy(Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])).predict(np.ones((1, 3)))
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def copy(model, custom_objects={}):
    clone = model.__class__.from_config(model.get_config(), custom_objects=custom_objects)
    clone.set_weights(model.get_weights())
    return clone


result = copy(Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])).predict(np.ones((1, 3)))
```

```python unchanged
import keras

optimizer = keras.optimizers.SGD(0.5)
config = {'class_name': optimizer.__class__.__name__, 'config': optimizer.get_config()}
result = float(keras.optimizers.deserialize(config).learning_rate.numpy())
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU703"
PHASE = NAMES
WORDS = {"model_from_config"}
ERRORS = (
    r"cannot import name 'model_from_config'",
    r"Could not locate class '(Sequential|Functional|Model)'",
)
_READER = "model_from_config"


def check(context: Context) -> Iterator[Finding]:
    """Calls of `model_from_config` with a dict that the program writes itself."""
    for call, callee in context.calls():
        if callee.name == _READER and callee.path.startswith("keras."):
            copied = _copied_by(context, call)
            if copied is not None:
                yield _finding(context, call, copied)


def has_all_calls(context: Context, name: str) -> bool:
    """Whether each use of a name that stands for the function becomes another call, so that its import can go."""
    uses = [node for node in context.module.references if isinstance(node, ast.Name) and node.id == name]
    calls = [context.module.parent(node) for node in uses]
    named = [api.name for node in uses for api in context.module.apis(node)]
    return set(named) <= {_READER} and all(
        isinstance(call, ast.Call) and _copied_by(context, call) is not None for call in calls
    )


def _copied_by(context: Context, call: ast.Call) -> tuple[str, str] | None:
    written = _written(context, call.args[0]) if call.args else None
    return None if written is None else _copied(context, written)


def _written(context: Context, node: ast.expr) -> ast.Dict | None:
    """The dict itself, or that of the one assignment to a variable."""
    value = _assigned(context, node) if isinstance(node, ast.Name) else node
    return value if isinstance(value, ast.Dict) else None


def _assigned(context: Context, name: ast.Name) -> ast.expr | None:
    """What the statements before, in the same block, assign to a variable last."""
    block = context.module.body_of(context.module.statement(name))
    before = block[: block.index(context.module.statement(name))]
    for statement in reversed(before):
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name.id for target in statement.targets
        ):
            return statement.value
    return None


def _copied(context: Context, written: ast.Dict) -> tuple[str, str] | None:
    """The class and the config of the model that a dict describes, as they are spelled."""
    parts = {
        key.value: value
        for key, value in zip(written.keys, written.values, strict=True)
        if isinstance(key, ast.Constant)
    }
    name, config = parts.get("class_name"), parts.get("config")
    if len(parts) != len(written.keys) or len(parts) != 2 or name is None or config is None:
        return None
    source = context.source
    if not isinstance(name, ast.Attribute) or name.attr != "__name__":
        return None
    cls, text = source.segment(name.value), source.segment(config)
    model = text.removesuffix(".get_config()")
    return (cls, text) if cls in (f"{model}.__class__", f"type({model})") and model != text else None


def _finding(context: Context, call: ast.Call, copied: tuple[str, str]) -> Finding:
    source = context.source
    cls, config = copied
    first = call.args[0]
    edits = [
        Edit(source.start(call.func), source.end(call.func), f"{cls}.from_config"),
        Edit(source.start(first), source.end(first), config),
    ]
    if isinstance(first, ast.Name) and _is_only_use(context, first):
        edits.append(_without_dict(context, first))
    return Finding(
        CODE,
        context.span(call),
        f"`{_READER}` is gone",
        Fix(edits, f"`{_READER}({source.segment(first)})` → `{cls}.from_config({config})`"),
    )


def _is_only_use(context: Context, name: ast.Name) -> bool:
    """Whether a variable is assigned once and read once in its scope."""
    around = next(
        (o for o in context.module.ancestors(name) if isinstance(o, (ast.FunctionDef, ast.AsyncFunctionDef))),
        context.module.tree,
    )
    uses = [node for node in walk(around) if isinstance(node, ast.Name) and node.id == name.id]
    return len(uses) == 2


def _without_dict(context: Context, name: ast.Name) -> Edit:
    value = _assigned(context, name)
    assert value is not None
    statement = context.module.statement(value)
    limit = context.module.document.span_of(context.module.cell_of(statement))
    return remove_statement(context.source, statement, sole=False, limit=limit)
