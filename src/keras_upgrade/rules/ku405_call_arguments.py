"""KU405 call-arguments: arguments in the call of a layer that are no tensors

What a layer or model is given by position when it is called has to be tensors. Flags such as `training`, numbers and
other objects are given by keyword. `MultiHeadAttention` takes other masks between its inputs and `attention_mask`. An
argument `training` that has no default is no longer filled in where the call leaves it out.

**Since** Keras 3.0.

**Error**

    ValueError: Only input tensors may be passed as positional arguments. The following argument value should be passed as a keyword argument: 3
    TypeError: missing a required argument: 'training'

SILENT for `attention(query, value, key, mask)`: the mask is taken for the one of the queries.

**Fix.** `layer(x, 3)` becomes `layer(x, factor=3)`, by the name in the layer's `call`. The name `training` is enough of
a sign where the value is not known; arguments that are tensors stay. `training` gets the default `None` where a call
leaves it out.

**Not fixed.** Calls of layers whose `call` is not known.

```python before
import numpy as np
from tensorflow import keras


class Times(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.drop = keras.layers.Dropout(0.5)

    def call(self, inputs, other, factor=1, training=None):
        x = self.drop(inputs, training)
        return x * factor + other


x = keras.Input((2,))
model = keras.Model(x, keras.layers.Dropout(0.5)(Times()(x, x, 3), False))
result = [model.predict(np.ones((1, 2))), np.asarray(model(np.ones((1, 2)), False))]
```

```python after
import numpy as np
import keras


class Times(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.drop = keras.layers.Dropout(0.5)

    def call(self, inputs, other, factor=1, training=None):
        x = self.drop(inputs, training=training)
        return x * factor + other


x = keras.Input((2,))
model = keras.Model(x, keras.layers.Dropout(0.5)(Times()(x, x, factor=3), training=False))
result = [model.predict(np.ones((1, 2))), np.asarray(model(np.ones((1, 2)), training=False))]
```

```python before
import tensorflow as tf


class Twice(tf.keras.layers.Layer):
    def call(self, x, training, mask=None):
        return x if training else 2 * x


twice = Twice()
result = [twice(tf.ones(2)), twice(tf.ones(2), training=True)]
```

```python after
import tensorflow as tf
import keras


class Twice(keras.layers.Layer):
    def call(self, x, training=None, mask=None):
        return x if training else 2 * x


twice = Twice()
result = [twice(tf.ones(2)), twice(tf.ones(2), training=True)]
```

```python before
import numpy as np
import tensorflow as tf

attention = tf.keras.layers.MultiHeadAttention(1, 2, kernel_initializer='ones')
x = tf.constant([[[1.0, 2.0], [3.0, -4.0], [0.5, 6.0]]])
mask = tf.constant([[[True, False, False], [True, True, False], [False, True, True]]])
result = attention(x, x, x, mask).numpy()
```

```python after
import numpy as np
import tensorflow as tf
import keras

attention = keras.layers.MultiHeadAttention(1, 2, kernel_initializer='ones')
x = tf.constant([[[1.0, 2.0], [3.0, -4.0], [0.5, 6.0]]])
mask = tf.constant([[[True, False, False], [True, True, False], [False, True, True]]])
result = attention(x, x, x, attention_mask=mask).numpy()
```

```python unchanged
import numpy as np
import keras


class Sum(keras.layers.Layer):
    def call(self, a, b, mask=None):
        return a + b


def scale(x, factor):
    return x * factor


x = np.ones((1, 2), 'float32')
result = scale(Sum()(x, x, None), 3)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.values import (
    Api,
    Class,
    Const,
    Function,
    Instance,
    Result,
    Seq,
    Tensor,
    Value,
    options,
)
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import kind_of
from keras_upgrade.knowledge.layer_calls import arguments_of, kept_places
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import LAYERS, classes_of, is_keras3, method
from keras_upgrade.syntax.edits import argument_span

CODE = "KU405"
PHASE = STRUCTURE
ERRORS = (
    r"Only input tensors may be passed as positional arguments",
    r"missing a required argument: 'training'",
    r"Layers added to a Sequential model can only have a single required positional argument",
)


@dataclass(frozen=True)
class _Signature:
    """The arguments of a layer's `call` behind the first.

    Attributes:
        names: in order.
        plain: those whose default says that they are no tensors.
        kept: how many of them have the same place in Keras 3.
    """

    names: tuple[str, ...]
    plain: frozenset[str]
    kept: int


def check(context: Context) -> Iterator[Finding]:
    """Calls of layers and models with several arguments by position."""
    if is_keras3(context):
        return
    for call in context.module.calls:
        if len(call.args) < 2 or any(isinstance(argument, ast.Starred) for argument in call.args):
            continue
        signature = _signature(context, context.value(call.func))
        if signature is not None and not _may_be_other(context, call, signature):
            finding = _finding(context, call, signature)
            if finding is not None:
                yield finding
    for cls in classes_of(context, *LAYERS):
        function = method(cls, "call")
        if function is not None and _leaves_out_training(context, cls, function):
            yield _with_default(context, cls, function)


def _signature(context: Context, value: Value) -> _Signature | None:
    """What is called takes, if that is the same for everything that it may be."""
    found: list[_Signature] = []
    for option in options(value):
        if not isinstance(option, Instance) or option.api is None or kind_of(option.api.path) not in LAYERS:
            return None
        signature = _of_layer(context, option)
        if signature is None:
            return None
        found.append(signature)
    return found[0] if all(other == found[0] for other in found) else None


def _may_be_other(context: Context, call: ast.Call, signature: _Signature) -> bool:
    """Whether a name that a function takes from the module stands for something else in another place of it."""
    func = call.func
    around = enclosing_functions(context.module, call)
    if not isinstance(func, ast.Name) or not around or any(func.id in local_names(f) for f in around):
        return False
    definitions = [*context.module.nodes(ast.FunctionDef), *context.module.nodes(ast.ClassDef)]
    if any(getattr(definition, "name", "") == func.id for definition in definitions):
        return True
    return any(
        _signature(context, context.value(node)) != signature
        for node in context.module.names_of(func.id)
        if isinstance(node.ctx, ast.Store)
    )


def _of_layer(context: Context, layer: Instance) -> _Signature | None:
    if isinstance(layer.cls, Class):
        if layer.cls.lookup("__call__") is not None:
            return None
        own = layer.cls.lookup("call")
        if isinstance(own, Function) and not isinstance(own.node, ast.Lambda):
            return _of_function(own.node)
        if own is not None:
            return None
    base = layer.api
    if base is None:
        return None
    names = arguments_of(base.path)
    # In code that is Keras 3 already the places are meant as they are.
    is_old = context.migrating or base.package != "keras"
    kept = kept_places(base.path) if is_old else len(names)
    return _Signature(names, frozenset({"training"}), kept) if names else None


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> _Signature | None:
    parameters = [*node.args.posonlyargs, *node.args.args]
    defaults = dict(zip([p.arg for p in reversed(parameters)], reversed(node.args.defaults), strict=False))
    plain = {
        name
        for name, default in defaults.items()
        if isinstance(default, ast.Constant) and default.value is not None
    }
    names = tuple(parameter.arg for parameter in parameters[2:])
    return _Signature(names, frozenset(plain | {"training"}), len(names))


def _finding(context: Context, call: ast.Call, signature: _Signature) -> Finding | None:
    given = call.args[1:]
    first = next(
        (index for index, node in enumerate(given) if _has_to_move(context, node, index, signature)), None
    )
    if first is None:
        return None
    if len(given) > len(signature.names):
        return None
    names = signature.names[first : len(given)]
    edits = _edits(context, call, given[first:], names)
    done = ", ".join(f"`{name}=`" for name in names)
    text = context.source.segment(call.func)
    moved = first >= signature.kept
    message = (
        f"`{text}` takes another argument in the place of `{names[0]}` in Keras 3 (SILENT)"
        if moved
        else f"`{text}` takes only tensors by position"
    )
    return Finding(
        CODE,
        context.span(call),
        message,
        Fix(edits, f"`{text}(...)`: {done}"),
        subject="calls of layers",
    )


def _has_to_move(context: Context, node: ast.expr, index: int, signature: _Signature) -> bool:
    if index >= len(signature.names):
        return False
    if index >= signature.kept:
        return True
    if isinstance(node, ast.Constant):
        return node.value is not None
    found = options(context.value(node))
    if any(_is_plain(option) for option in found):
        return True
    surely_tensor = any(isinstance(option, Tensor) for option in found)
    return signature.names[index] in signature.plain and not surely_tensor


def _is_plain(value: Value) -> bool:
    """Whether a value is surely no tensor, and not None."""
    if isinstance(value, Const):
        return value.value is not None
    if isinstance(value, Seq):
        return bool(value.items) and all(_is_plain(item) for item in value.items)
    if isinstance(value, Result):
        return value.of.startswith("Tensor.shape")
    if isinstance(value, Instance):
        return value.api is not None and kind_of(value.api.path) in LAYERS
    return isinstance(value, (Api, Class, Function))


def _edits(context: Context, call: ast.Call, given: Sequence[ast.expr], names: Sequence[str]) -> list[Edit]:
    edits = []
    for node, name in zip(given, names, strict=True):
        start = argument_span(context.source, call, node).start
        edits.append(Edit(start, start, f"{name}="))
    return edits


# -- `training` without a default ----------------------------------------------------------------------------


def _required(function: ast.FunctionDef) -> list[ast.arg]:
    """`training` and the parameters behind it, those that have no default."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    required = parameters[2 : len(parameters) - len(function.args.defaults)]
    place = next((i for i, parameter in enumerate(required) if parameter.arg == "training"), None)
    return [] if place is None else required[place:]


def _leaves_out_training(context: Context, cls: Class, function: ast.FunctionDef) -> bool:
    """Whether a layer is called without its required `training`, or is part of a Sequential model."""
    if not _required(function):
        return False
    place = [p.arg for p in (*function.args.posonlyargs, *function.args.args)].index("training") - 1
    for module in context.program:
        for item in module.instances:
            if any(_is_of(child, cls) for child in item.children):
                return True
        for call in module.calls:
            if all(_is_of(option, cls) for option in options(module.value(call.func))):
                starred = any(isinstance(argument, ast.Starred) for argument in call.args)
                given = len(call.args) > place or any(k.arg in (None, "training") for k in call.keywords)
                if not starred and not given:
                    return True
    return False


def _is_of(value: Value, cls: Class) -> bool:
    return isinstance(value, Instance) and value.cls is cls


def _with_default(context: Context, cls: Class, function: ast.FunctionDef) -> Finding:
    source = context.source
    parameters = _required(function)
    blank = [" = " if parameter.annotation else "=" for parameter in parameters]
    edits = [
        Edit(source.end(parameter), source.end(parameter), f"{equals}None")
        for parameter, equals in zip(parameters, blank, strict=True)
    ]
    return Finding(
        CODE,
        Span(source.start(function), source.end(parameters[-1])),
        f"`{cls.node.name}` is called without `training`, which its `call` requires: Keras 3 does not fill it in",
        Fix(edits, f"`{cls.node.name}.call`: `training=None`"),
        subject=f"`{cls.node.name}.call`",
    )
