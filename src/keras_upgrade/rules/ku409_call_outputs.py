"""KU409 call-outputs: what `call` returns has to be tensors of known shape

When a layer is called on a KerasTensor, Keras 3 runs its `call` to learn the shapes of what it returns. Each output has
to be a tensor, not None, and has to have a shape; `tf.py_function` and `tf.numpy_function` give tensors without one.

**Since** Keras 3.0.

**Error**

    ValueError: All operation outputs must be tensors. Operation <Two name=two> returned a non-tensor. Non-tensor received: None
    AttributeError: Could not automatically infer the output shape / dtype of 'root' (of type Root). as_list() is not defined on an unknown TensorShape.

**Fix.** The layer gets a `compute_output_shape`, where the Python function is shown to work element by element.

**Not fixed.** Other functions: give the layer a method `compute_output_shape(self, input_shape)`, or the tensor its shape
by `x.set_shape(...)`. Outputs that are None: return only the tensors, and take the None out where the outputs are
unpacked.

```python before
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Root(keras.layers.Layer):
    def call(self, inputs):
        return tf.numpy_function(lambda v: np.sqrt(v) + 1, [inputs], tf.float32)


x = keras.Input((2,))
result = keras.Model(x, Root()(x)).predict(np.ones((1, 2)))
```

```python after
import numpy as np
import tensorflow as tf
import keras


class Root(keras.layers.Layer):
    def call(self, inputs):
        return tf.numpy_function(lambda v: np.sqrt(v) + 1, [inputs], tf.float32)

    def compute_output_shape(self, input_shape):
        return input_shape


x = keras.Input((2,))
result = keras.Model(x, Root()(x)).predict(np.ones((1, 2)))
```

```python unchanged
import numpy as np
import tensorflow as tf
import keras


class Rows(keras.layers.Layer):
    def call(self, inputs):
        rows = tf.numpy_function(lambda v: np.sort(v), [inputs], tf.float32)
        rows.set_shape(inputs.shape)
        return rows


class Pair(keras.layers.Layer):
    def call(self, inputs, mask=None):
        return inputs, mask


x = keras.Input((2,))
result = [keras.Model(x, Rows()(x)).predict(np.ones((1, 2))), Pair()(np.ones(2))[0]]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.frames import FunctionNode
from keras_upgrade.analysis.values import Api, Class, Const, Function, Instance, holds_symbolic, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import LAYERS, classes_of, inherited, is_keras3, method
from keras_upgrade.syntax.walking import children, walk

CODE = "KU409"
PHASE = NAMES
WORDS = {"class"}
ERRORS = (
    r"All operation outputs must be tensors",
    r"as_list\(\) is not defined on an unknown TensorShape",
)

_OF_PYTHON = frozenset({"py_function", "numpy_function", "py_func"})
_SHAPED = frozenset({"set_shape", "ensure_shape", "reshape"})
_UFUNCS = frozenset(
    [
        "abs",
        "absolute",
        "ceil",
        "cos",
        "exp",
        "expm1",
        "floor",
        "log",
        "log10",
        "log1p",
        "log2",
        "negative",
        "rint",
        "sign",
        "sin",
        "sqrt",
        "square",
        "tan",
        "tanh",
    ]
)
"""Functions of NumPy that work element by element."""
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def check(context: Context) -> Iterator[Finding]:
    """What layers return from `call`: None, and tensors without a shape."""
    if is_keras3(context):
        return
    for cls in classes_of(context, *LAYERS):
        function = method(cls, "call")
        if function is not None and _is_called_symbolically(context, cls):
            yield from _nones(context, cls, function)
            if not any(inherited(cls, name) for name in ("compute_output_shape", "compute_output_spec")):
                yield from _without_shape(context, cls, function)


def _is_called_symbolically(context: Context, cls: Class) -> bool:
    """Whether a layer of the class is called on a KerasTensor; taken for sure of one that is not called at all."""
    calls = [
        (module, call)
        for module in context.program
        for call in module.calls
        if any(isinstance(o, Instance) and o.cls is cls for o in options(module.value(call.func)))
    ]
    return not calls or any(
        holds_symbolic(module.value(argument))
        for module, call in calls
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
    )


def _own(function: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions in it."""
    pending: list[ast.AST] = list(children(function))
    while pending:
        node = pending.pop(0)
        yield node
        if not isinstance(node, _SCOPES):
            pending += children(node)


def _nones(context: Context, cls: Class, function: ast.FunctionDef) -> Iterator[Finding]:
    for node in _own(function):
        if not isinstance(node, ast.Return) or not isinstance(node.value, (ast.Tuple, ast.List)):
            continue
        for item in node.value.elts:
            if _is_none(context, item):
                yield Finding(
                    CODE,
                    context.span(item),
                    f"`{cls.node.name}.call` returns None among its outputs, which Keras 3 takes only tensors for when the "
                    "layer is called on a KerasTensor: return the tensors alone, and unpack that many where it is called.",
                    subject=f"`{cls.node.name}.call`",
                )


def _is_none(context: Context, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is None
    return all(isinstance(o, Const) and o.value is None for o in options(context.value(node)))


def _without_shape(context: Context, cls: Class, function: ast.FunctionDef) -> Iterator[Finding]:
    names = {node.attr for node in walk(function) if isinstance(node, ast.Attribute)}
    if names & _SHAPED:
        return
    for node in walk(function):
        api = context.module.api(node.func) if isinstance(node, ast.Call) else None
        if (
            isinstance(node, ast.Call)
            and api is not None
            and api.path.startswith("tensorflow.")
            and api.name in _OF_PYTHON
        ):
            yield _shapeless(context, cls, function, node)


def _shapeless(context: Context, cls: Class, function: ast.FunctionDef, call: ast.Call) -> Finding:
    source = context.source
    text = source.segment(call.func)
    message = f"`{text}` gives a tensor without a shape, and Keras 3 has to know the shape of what `{cls.node.name}` returns"
    subject = f"`{cls.node.name}.call`"
    if not _keeps_shape(context, function, call):
        return Finding(
            CODE,
            context.span(call.func),
            f"{message}: add `def compute_output_shape(self, input_shape)` (`return input_shape` where the shape stays as "
            "it is), or call `set_shape` on the result.",
            subject=subject,
        )
    end, blank = source.end(function), source.indentation(function)
    place = end + len(source.original[end : source.line_end(end)].rstrip("\r\n"))
    lines = f"{blank}def compute_output_shape(self, input_shape):\n{blank}    return input_shape"
    return Finding(
        CODE,
        context.span(call.func),
        message,
        Fix([Edit(place, place, f"\n\n{lines}")], f"`{cls.node.name}`: `compute_output_shape` added"),
        subject=subject,
    )


def _keeps_shape(context: Context, function: ast.FunctionDef, call: ast.Call) -> bool:
    """Whether `call` returns what a function makes of its first input alone, element by element."""
    returns = [node for node in _own(function) if isinstance(node, ast.Return)]
    if len(returns) != 1 or returns[0].value is not call or len(call.args) < 3:
        return False
    inputs, kind = call.args[1], call.args[2]
    parameters = [*function.args.posonlyargs, *function.args.args]
    only_first = (
        isinstance(inputs, (ast.List, ast.Tuple))
        and len(inputs.elts) == 1
        and isinstance(inputs.elts[0], ast.Name)
        and len(parameters) > 1
        and inputs.elts[0].id == parameters[1].arg
    )
    single = not isinstance(kind, (ast.List, ast.Tuple))
    return only_first and single and _is_elementwise(context, call.args[0])


def _is_elementwise(context: Context, node: ast.expr) -> bool:
    api = context.module.api(node)
    if api is not None:
        return _is_ufunc(api)
    found = options(context.value(node))
    return all(isinstance(o, Function) and _works_by_element(context, o.node) for o in found)


def _is_ufunc(api: Api) -> bool:
    return api.path.rpartition(".")[0] == "numpy" and api.name in _UFUNCS


def _works_by_element(context: Context, function: FunctionNode) -> bool:
    parameters = [*function.args.posonlyargs, *function.args.args]
    if len(parameters) != 1:
        return False
    if isinstance(function, ast.Lambda):
        return _is_by_element(context, function.body, parameters[0].arg)
    body = function.body
    last = body[-1]
    return (
        len(body) == 1
        and isinstance(last, ast.Return)
        and last.value is not None
        and _is_by_element(context, last.value, parameters[0].arg)
    )


def _is_by_element(context: Context, node: ast.expr, name: str) -> bool:
    """Whether an expression is made of the variable `name` by functions of single elements."""
    if isinstance(node, ast.Name):
        return node.id == name
    if isinstance(node, ast.UnaryOp):
        return _is_by_element(context, node.operand, name)
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult):
        sides = [side for side in (node.left, node.right) if not isinstance(side, ast.Constant)]
        return bool(sides) and all(_is_by_element(context, side, name) for side in sides)
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        api = context.module.api(node.func)
        return api is not None and _is_ufunc(api) and _is_by_element(context, node.args[0], name)
    return False
