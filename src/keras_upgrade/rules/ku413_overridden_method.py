"""KU413 overridden-method: methods that Keras does not call any more

A class that derives from a Keras class defines methods for Keras to call. Keras 1 asked layers for
`get_output_shape_for`; optimizers up to Keras 2 were asked for `get_updates`, or `_resource_apply_dense`. Keras 2 called
`compute_output_shape` after `call`, Keras 3 does before.

**Since** Keras 2.0 for layers, Keras 3.0 for optimizers.

**Error**

    AttributeError: 'Widen' object has no attribute 'get_output_shape_for'
    NotImplementedError: `update_step` must be implemented by optimizer subclasses.

**Fix.** `get_output_shape_for` is `compute_output_shape`; an alias of that name goes away. A `compute_output_shape` that reads
a tensor which `call` has kept (`self.result`), or computes lengths with `conv_utils`, or gives the shapes of all inputs where `call`
makes one tensor of them, is removed: Keras 3 learns the shape from `call`.

**Not fixed.** Optimizers: `build(self, variables)` makes their variables, `update_step(self, gradient, variable,
learning_rate)` changes one, and both have to be written anew.

```python before
from keras.engine.topology import Layer

class Widen(Layer):
    def call(self, x):
        return x

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], 2 * input_shape[1])

    def width(self):
        return self.get_output_shape_for((None, 3))[1]

result = Widen().width()
```

```python after
from keras.layers import Layer

class Widen(Layer):
    def call(self, x):
        return x

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 2 * input_shape[1])

    def width(self):
        return self.compute_output_shape((None, 3))[1]

result = Widen().width()
```

```python before
import numpy as np
from keras import backend as K
from keras.layers import Input, Layer
from keras.models import Model

class Distance(Layer):
    def call(self, inputs):
        self.result = K.sum(K.square(inputs[0] - inputs[1]), axis=1, keepdims=True)
        return self.result

    def compute_output_shape(self, input_shape):
        return K.int_shape(self.result)

a, b = Input((3,)), Input((3,))
result = Model([a, b], Distance()([a, b])).predict([np.ones((2, 3)), np.zeros((2, 3))])
```

```python after
import numpy as np
import keras
from keras.layers import Input, Layer
from keras.models import Model

class Distance(Layer):
    def call(self, inputs):
        self.result = keras.ops.sum(keras.ops.square(inputs[0] - inputs[1]), axis=1, keepdims=True)
        return self.result

a, b = Input((3,)), Input((3,))
result = Model([a, b], Distance()([a, b])).predict([np.ones((2, 3)), np.zeros((2, 3))])
```

```python unchanged
class Shaped:
    def get_output_shape_for(self, input_shape):
        return input_shape

    def get_updates(self):
        return []


result = Shaped().get_output_shape_for((1, 2))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Class, Seq, Tensor, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    LAYERS,
    attribute_of,
    classes_of,
    first_parameter,
    inherited,
    method,
)
from keras_upgrade.syntax.blocks import is_docstring
from keras_upgrade.syntax.edits import name_span, remove_statement, statement_lines
from keras_upgrade.syntax.walking import walk

CODE = "KU413"
PHASE = NAMES
WORDS = {"class"}
ERRORS = (
    r"`update_step` must be implemented by optimizer subclasses",
    r"object has no attribute 'get_output_shape_for'",
    r"Output with path `\d+` is not connected to `inputs`",
)
_OLD_SHAPE, _SHAPE = "get_output_shape_for", "compute_output_shape"
_LENGTHS = frozenset({"conv_output_length", "deconv_length", "conv_input_length", "deconv_output_length"})
_OF_OPTIMIZERS = ("get_updates", "_resource_apply_dense", "_resource_apply_sparse", "_create_slots")


def check(context: Context) -> Iterator[Finding]:
    """The old methods in classes that derive from layers and optimizers."""
    for cls in classes_of(context, *LAYERS):
        old = method(cls, _OLD_SHAPE)
        if old is not None and method(cls, _SHAPE) is None:
            yield _renamed(context, cls, old)
        yield from _shape_of_call(context, cls)
    for cls in classes_of(context, Kind.OPTIMIZER):
        for name in _OF_OPTIMIZERS:
            defined = method(cls, name)
            if defined is not None:
                yield Finding(
                    CODE,
                    name_span(context.source, defined),
                    f"Keras 3 does not call `{name}` of an optimizer: write `build(self, variables)` and "
                    "`update_step(self, gradient, variable, learning_rate)`",
                    subject=f"`{cls.node.name}`",
                )


def _renamed(context: Context, cls: Class, old: ast.FunctionDef) -> Finding:
    span = name_span(context.source, old)
    edits = [Edit(span.start, span.end, _SHAPE)]
    for node in walk(cls.node):
        if isinstance(node, ast.Attribute) and node.attr == _OLD_SHAPE:
            end = context.source.end(node)
            edits.append(Edit(end - len(_OLD_SHAPE), end, _SHAPE))
    edits += [_removed(context, cls, alias) for alias in cls.node.body if _is_alias(alias)]
    return Finding(
        CODE,
        span,
        f"Keras asks a layer for `{_SHAPE}`",
        Fix(edits, f"`{_OLD_SHAPE}` → `{_SHAPE}`"),
        subject=f"`{cls.node.name}`",
    )


def _is_alias(statement: ast.stmt) -> bool:
    """`compute_output_shape = get_output_shape_for`, for Keras 1 and 2 alike."""
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Name)
        and statement.value.id == _OLD_SHAPE
        and all(isinstance(target, ast.Name) and target.id == _SHAPE for target in statement.targets)
    )


def _removed(context: Context, cls: Class, statement: ast.stmt) -> Edit:
    """Takes a member out of its class, with the blank lines before it if it was the last one."""
    body, source = cls.node.body, context.source
    lines = statement_lines(source, statement)
    if statement is body[-1] and len(body) > 1 and lines is not None:
        return Edit(source.line_end(source.end(body[-2])), lines.end, "")
    limit = context.module.document.span_of(context.module.cell_of(statement))
    return remove_statement(source, statement, sole=len(body) == 1, limit=limit)


def _shape_of_call(context: Context, cls: Class) -> Iterator[Finding]:
    """A `compute_output_shape` that Keras 3 cannot run; it learns the shape from `call` where there is none."""
    function = method(cls, _SHAPE)
    if function is None or inherited(cls, "call") is None or _is_asked_for(context):
        return
    if _gives_all_shapes(cls, function):
        message = f"`call` makes one tensor of several, and Keras 3 takes `{_SHAPE}` at its word, which gives all their shapes"
    elif method(cls, "call") is None:
        return
    elif _reads_of_call(cls, function):
        message = f"Keras 3 calls `{_SHAPE}` before `call`, which sets what it reads"
    elif _uses_private_lengths(context, function):
        message = f"`{_SHAPE}` uses a private function of Keras 2 for what Keras 3 finds out itself"
    else:
        return
    if not _is_plain_layer(cls):
        yield Finding(
            CODE,
            name_span(context.source, function),
            f"{message}. Without it, that of the layer above would answer: write the shape out",
            subject=f"`{cls.node.name}`",
        )
        return
    yield Finding(
        CODE,
        name_span(context.source, function),
        message,
        Fix([_removed(context, cls, function)], f"Removed `{_SHAPE}`", Safety.REVIEW),
        subject=f"`{cls.node.name}`",
        assumption="the shape of the output follows from `call`",
    )


def _gives_all_shapes(cls: Class, function: ast.FunctionDef) -> bool:
    """Whether a method gives back the shapes of several inputs of which `call` makes one tensor."""
    last, parameters = function.body[-1], function.args.args
    handed_on = (
        len([item for item in function.body if not is_docstring(item)]) == 1
        and isinstance(last, ast.Return)
        and isinstance(last.value, ast.Name)
        and len(parameters) == 2
        and last.value.id == parameters[1].arg
    )
    call = inherited(cls, "call")
    if not handed_on or call is None or not isinstance(call.node, ast.FunctionDef):
        return False
    if len(call.node.args.args) < 2 or not _unpacks(call.node, call.node.args.args[1].arg):
        return False
    given = [
        node.value for node in walk(call.node) if isinstance(node, ast.Return) and node.value is not None
    ]
    return bool(given) and all(_is_one(call.module.value(value), value) for value in given)


def _unpacks(function: ast.FunctionDef, parameter: str) -> bool:
    """Whether a function takes its parameter apart: `a, b = inputs`."""
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name)
        and node.value.id == parameter
        and any(isinstance(target, (ast.Tuple, ast.List)) for target in node.targets)
        for node in walk(function)
    )


def _is_one(value: Value, node: ast.expr) -> bool:
    """Whether an expression is one tensor, not a list of them."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return False
    return any(isinstance(option, Tensor) for option in options(value)) and not any(
        isinstance(option, Seq) for option in options(value)
    )


def _is_plain_layer(cls: Class) -> bool:
    """Whether no class of Keras above has a `compute_output_shape` of its own (as that of a convolution)."""
    above = [base for base in cls.ancestors() if isinstance(base, Api)]
    return all(base.name in ("Layer", "Model") for base in above if base.path.startswith("keras."))


def _is_asked_for(context: Context) -> bool:
    """Whether the program itself calls the method of some layer."""
    return any(node.attr == _SHAPE for module in context.program for node in module.nodes(ast.Attribute))


def _reads_of_call(cls: Class, function: ast.FunctionDef) -> bool:
    """Whether a method only hands on what `call` alone has set."""
    call = method(cls, "call")
    assert call is not None
    kept = _attributes(call, ast.Store) - _set_elsewhere(cls)
    return len(function.body) == 1 and bool(_attributes(function, ast.Load) & kept)


def _uses_private_lengths(context: Context, function: ast.FunctionDef) -> bool:
    calls = [node for node in walk(function) if isinstance(node, ast.Call)]
    found = [context.module.api(node.func) for node in calls]
    return any(api is not None and api.path.startswith("keras.") and api.name in _LENGTHS for api in found)


def _set_elsewhere(cls: Class) -> set[str]:
    """The attributes that other methods than `call`, or the class itself, set."""
    found = set(cls.members)
    for item in cls.node.body:
        if isinstance(item, ast.FunctionDef) and item.name != "call":
            found |= _attributes(item, ast.Store)
    return found


def _attributes(function: ast.FunctionDef, use: type[ast.expr_context]) -> set[str]:
    """The attributes of its object that a method reads or sets."""
    owner = first_parameter(function)
    return {
        node.attr
        for node in walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, use) and attribute_of(node, owner)
    }
