"""KU418 custom-identifier: one's own activations by the names they are registered under

What is in `get_custom_objects()` could be asked for by its name wherever Keras 2 took a name: `Activation('swish2')`. Keras 3
looks for the names of activations among its own alone; what is registered is used for loading.

**Since** Keras 3.0.

**Error** SILENT where Keras has an activation of that name itself. Else

    ValueError: Could not interpret activation function identifier: swish2

**Fix.** The function takes the place of its name; of `Activation(function)` that is registered, the function alone.

**Not fixed.** Names of registered lambdas and other objects that have no name in the program: give the function one.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Activation, Dense
from keras.models import Sequential
from keras.utils import get_custom_objects

def doubled(x):
    return 2 * K.relu(x)

get_custom_objects().update({'doubled': Activation(doubled)})
get_custom_objects()['halved'] = doubled
model = Sequential([Dense(2, activation='halved', kernel_initializer='ones', input_shape=(2,)), Activation('doubled')])
result = model.predict(np.ones((1, 2)))
```

```python after
import numpy as np
import keras
from keras.layers import Activation, Dense
from keras.models import Sequential
from keras.utils import get_custom_objects

def doubled(x):
    return 2 * keras.ops.relu(x)

get_custom_objects().update({'doubled': Activation(doubled)})
get_custom_objects()['halved'] = doubled
model = Sequential([Dense(2, activation=doubled, kernel_initializer='ones', input_shape=(2,)), Activation(doubled)])
result = model.predict(np.ones((1, 2)))
```

```python unchanged
import keras

def doubled(x):
    return 2 * x

keras.saving.get_custom_objects().update({'doubled': doubled})
result = keras.layers.Activation('relu').get_config()['activation']
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Function
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU418"
PHASE = STRUCTURE
WORDS = {"CustomObjectScope", "custom_object_scope", "get_custom_objects"}
ERRORS = (r"Could not interpret activation function identifier: (?P<name>\w+)",)

_OBJECTS = "get_custom_objects"
_SCOPES = frozenset({"CustomObjectScope", "custom_object_scope"})
_PARAMETERS = ("activation", "recurrent_activation")


def check(context: Context) -> Iterator[Finding]:
    """Names of registered functions where layers take activations."""
    registered = dict(_registered(context))
    if not registered:
        return
    for call, callee in context.calls():
        if kind_of(callee.path) is not Kind.LAYER:
            continue
        for node in _activations(call, callee.name):
            if isinstance(node, ast.Constant) and node.value in registered:
                yield _finding(context, node, registered[node.value])


def _activations(call: ast.Call, name: str) -> Iterator[ast.expr]:
    if name == "Activation":
        yield from call.args[:1]
    for parameter in _PARAMETERS:
        keyword = keyword_of(call, parameter)
        if keyword is not None:
            yield keyword.value


def _registered(context: Context) -> Iterator[tuple[object, ast.expr]]:
    """The names that the module registers, with what they stand for."""
    for call in context.module.calls:
        callee = context.module.api(call.func)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "update":
            if _are_objects(context, call.func.value):
                yield from _in_dict(call.args)
        elif callee is not None and callee.name in _SCOPES:
            yield from _in_dict(call.args)
    for node in context.module.nodes(ast.Subscript):
        statement = context.module.statement(node)
        if (
            isinstance(statement, ast.Assign)
            and node in statement.targets
            and _are_objects(context, node.value)
        ):
            if isinstance(node.slice, ast.Constant):
                yield node.slice.value, statement.value


def _are_objects(context: Context, node: ast.expr) -> bool:
    callee = context.module.api(node.func) if isinstance(node, ast.Call) else None
    return callee is not None and callee.path.startswith("keras.") and callee.name == _OBJECTS


def _in_dict(arguments: list[ast.expr]) -> Iterator[tuple[object, ast.expr]]:
    for argument in arguments:
        if isinstance(argument, ast.Dict):
            for key, value in zip(argument.keys, argument.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield key.value, value


def _finding(context: Context, node: ast.Constant, value: ast.expr) -> Finding:
    message = f"Keras 3 does not look for `{context.source.segment(node)}` among the registered objects"
    function = _function(context, value)
    if function is None:
        return Finding(CODE, context.span(node), f"{message}: give the function itself.")
    edit = Edit(context.source.start(node), context.source.end(node), function)
    change = f"`{context.source.segment(node)}` → `{function}`"
    return Finding(CODE, context.span(node), message, Fix([edit], change))


def _function(context: Context, value: ast.expr) -> str | None:
    """The name of the user's function that is registered, alone or as `Activation(function)`."""
    if isinstance(value, ast.Call):
        callee = context.module.api(value.func)
        if callee is None or callee.name != "Activation" or len(value.args) != 1:
            return None
        value = value.args[0]
    known = context.module.frame.names.get(value.id) if isinstance(value, ast.Name) else None
    return value.id if isinstance(known, Function) and isinstance(value, ast.Name) else None
