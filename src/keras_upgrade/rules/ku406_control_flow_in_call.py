"""KU406 control-flow-in-call: `if`, `while` and `for` on tensors in `call`, losses and metrics

Keras 2 put the `call` of a layer, losses and metrics through AutoGraph, which makes graph operations of Python's `if`,
`while` and `for` on tensors. Keras 3 runs them as they are, and in a graph (`fit`, functional models) a tensor has no
truth value.

**Since** Keras 3.0.

**Error**

    OperatorNotAllowedInGraphError: Using a symbolic `tf.Tensor` as a Python `bool` is not allowed.
    OperatorNotAllowedInGraphError: Iterating over a symbolic `tf.Tensor` is not allowed.
    TypeError: 'SymbolicTensor' object cannot be interpreted as an integer

**Fix.** AutoGraph is asked for: `@tf.function` on functions and on the `call` of layers without weights,
`@tf.autograph.to_graph` on methods of objects that have weights or parts (what `@tf.function` keeps of its first run, in
which they are not made yet, would be used ever after). Conditions on Python values, such as `if training:` or those on
static shapes, are no such case.

**Not fixed.** Methods that AutoGraph cannot read, since they use names with two underscores (`self.__scale`).

```python before
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Gate(keras.layers.Layer):
    def call(self, inputs, training=None):
        if training:
            inputs = inputs * 3
        if tf.reduce_sum(inputs) > 0:
            return inputs * 2
        return inputs


x = keras.Input((2,))
model = keras.Model(x, Gate()(x))
result = [model.predict(np.ones((1, 2))), model.predict(-np.ones((1, 2)))]
```

```python after
import numpy as np
import tensorflow as tf
import keras


class Gate(keras.layers.Layer):
    @tf.function
    def call(self, inputs, training=None):
        if training:
            inputs = inputs * 3
        if tf.reduce_sum(inputs) > 0:
            return inputs * 2
        return inputs


x = keras.Input((2,))
model = keras.Model(x, Gate()(x))
result = [model.predict(np.ones((1, 2))), model.predict(-np.ones((1, 2)))]
```

```python before
import numpy as np
import tensorflow as tf
from tensorflow import keras


def bounded(y, p):
    loss = tf.reduce_mean(tf.square(y - p))
    return loss if loss < 10.0 else tf.sqrt(loss)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, kernel_initializer='ones')

    def call(self, inputs):
        x = self.dense(inputs)
        for _ in tf.range(tf.shape(inputs)[1]):
            x = x + 0.5
        return x


net = Net()
net.compile('sgd', bounded)
history = net.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=3, verbose=0)
result = [history.history['loss'], net.predict(np.ones((1, 2)))]
```

```python after
import numpy as np
import tensorflow as tf
import keras


@tf.function
def bounded(y, p):
    loss = tf.reduce_mean(tf.square(y - p))
    return loss if loss < 10.0 else tf.sqrt(loss)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, kernel_initializer='ones')

    @tf.autograph.to_graph
    def call(self, inputs):
        x = self.dense(inputs)
        for _ in tf.range(tf.shape(inputs)[1]):
            x = x + 0.5
        return x


net = Net()
net.compile('sgd', bounded)
history = net.fit(np.ones((4, 2)), np.zeros((4, 1)), epochs=3, verbose=0)
result = [history.history['loss'], net.predict(np.ones((1, 2)))]
```

```python unchanged
import tensorflow as tf
import keras


class Pool(keras.layers.Layer):
    def call(self, inputs, mask=None, training=None):
        if mask is not None and training:
            inputs = inputs * tf.cast(mask, inputs.dtype)
        if inputs.shape[1] > 2 or len(inputs.shape) == 4:
            inputs = inputs[:, :2]
        for _ in range(inputs.shape[1]):
            inputs = inputs + 1
        return inputs


result = Pool()(tf.ones((1, 3)), training=True)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.calls import functions_in
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import (
    Api,
    Class,
    Function,
    Instance,
    Mapping,
    Seq,
    Tensor,
    Value,
    options,
)
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    LAYERS,
    attribute_of,
    classes_of,
    first_parameter,
    is_keras3,
    method,
    tensorflow_name,
)
from keras_upgrade.syntax.walking import walk

CODE = "KU406"
PHASE = STRUCTURE
WORDS = {"class", "compile"}
ERRORS = (
    r"Using a symbolic `?tf\.Tensor`? as a Python `bool` is not allowed",
    r"Iterating over a symbolic `?tf\.Tensor`? is not allowed",
    r"'SymbolicTensor' object cannot be interpreted as an integer",
)

_METHODS = {
    **dict.fromkeys(LAYERS, ("call",)),
    Kind.LOSS: ("call",),
    Kind.METRIC: ("update_state", "result"),
}
_LISTS = frozenset({"unstack", "split", "flatten", "meshgrid", "nest", "dynamic_partition"})
"""Functions that give a Python list."""
_MAKES_STATE = frozenset({"add_weight", "add_variable", "add_loss", "add_metric", "Variable"})
_PARTS = (*LAYERS, Kind.METRIC, Kind.LOSS, Kind.OPTIMIZER)
_DEPTH = 12


def check(context: Context) -> Iterator[Finding]:
    """Python control flow on tensors where Keras 2 had AutoGraph."""
    if is_keras3(context):
        return
    for cls in classes_of(context, *_METHODS):
        for name in _METHODS[_kind(cls)]:
            function = method(cls, name)
            if function is not None:
                yield from _of_method(context, cls, function)
    for used in _compiled_functions(context).get(context.module, ()):
        if isinstance(used.node, ast.FunctionDef):
            node = _control_flow(context, [used.node])
            if node is not None and not used.node.decorator_list:
                yield _finding(context, used.node, node, "function")


def _kind(cls: Class) -> Kind:
    base = next(base for base in cls.ancestors() if isinstance(base, Api) and base.path.startswith("keras."))
    return kind_of(base.path)


def _compiled_functions(context: Context) -> dict[Module, list[Function]]:
    """The functions that models are compiled with, each once, by the module in which they stand."""

    def collect() -> dict[Module, list[Function]]:
        found: dict[int, Function] = {}
        for module in context.program:
            for item in module.instances:
                for event in item.events:
                    if event.name == "compile":
                        for value in event.arguments.all():
                            for function in functions_in(value):
                                found.setdefault(id(function.node), function)
        by_module: dict[Module, list[Function]] = {}
        for function in found.values():
            by_module.setdefault(function.module, []).append(function)
        return by_module

    return context.program.once(CODE, collect)


def _of_method(context: Context, cls: Class, function: ast.FunctionDef) -> Iterator[Finding]:
    node = _control_flow(context, _called_methods(cls, function))
    if node is None or any(_is_autograph(context, item) for item in function.decorator_list):
        return
    if any(_is_private(item) for item in walk(function)):
        yield Finding(
            CODE,
            context.source.span(node),
            f"{_message(node, function)}; AutoGraph, which `@tf.autograph.to_graph` asks for, does not take names with two "
            "underscores: use `keras.ops.cond` or `keras.ops.while_loop`, or rename them and decorate the method.",
            subject=f"`{cls.node.name}.{function.name}`",
        )
        return
    yield _finding(context, function, node, "function" if _is_stateless(cls) else "autograph.to_graph")


def _called_methods(cls: Class, function: ast.FunctionDef) -> list[ast.FunctionDef]:
    """A method with those of its class that it calls: AutoGraph goes into them."""
    found = [function]
    for item in found:
        owner = first_parameter(item)
        for node in walk(item):
            name = attribute_of(node, owner)
            called = method(cls, name) if name else None
            if called is not None and called not in found:
                found.append(called)
    return found


def _is_autograph(context: Context, decorator: ast.expr) -> bool:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    api = context.module.api(node)
    return api is not None and (api.path == "tensorflow.function" or ".autograph." in api.path)


def _is_private(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr.startswith("__") and not node.attr.endswith("__")


def _is_stateless(cls: Class) -> bool:
    """Whether nothing that the first run of `call` sees can be another thing later: no weights, no parts."""
    if _kind(cls) is not Kind.LAYER:
        return False
    own = [item for item in cls.ancestors() if isinstance(item, Class)]
    if any(method(item, "build") is not None for item in own):
        return False
    base = next(base for base in cls.ancestors() if isinstance(base, Api))
    if base.name != "Layer" or any(_has_state(item) for item in own):
        return False
    return not any(
        _is_part(value)
        for instance in cls.module.instances
        if instance.cls is cls
        for value in instance.attributes.values()
    )


def _has_state(cls: Class) -> bool:
    for node in walk(cls.node):
        if isinstance(node, ast.Attribute) and node.attr in _MAKES_STATE:
            return True
    function = method(cls, "call")
    if function is None:
        return False
    owner = first_parameter(function)
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and attribute_of(node, owner)
        for node in walk(function)
    ) or any(isinstance(node, ast.Call) and attribute_of(node.func, owner) for node in walk(function))


def _is_part(value: Value) -> bool:
    """Whether an attribute may hold something with weights."""
    for option in options(value):
        if isinstance(option, Instance) and option.api is not None and kind_of(option.api.path) in _PARTS:
            return True
        if isinstance(option, (Tensor, Seq, Mapping)):
            return True
    return False


# -- the control flow ----------------------------------------------------------------------------------------


def _control_flow(
    context: Context, functions: list[ast.FunctionDef]
) -> ast.If | ast.While | ast.IfExp | ast.For | None:
    """The first `if`, `while` or `for` on a tensor."""
    for function in functions:
        for node in walk(function):
            if isinstance(node, (ast.If, ast.While, ast.IfExp)) and _is_condition(context, node.test):
                return node
            if isinstance(node, ast.For) and _is_loop(context, node.iter):
                return node
    return None


def _is_condition(context: Context, node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _is_condition(context, node.operand)
    if isinstance(node, ast.BoolOp):
        return any(_is_condition(context, item) for item in node.values)
    if isinstance(node, ast.Compare):
        if any(isinstance(op, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for op in node.ops):
            return False
        return any(_is_tensor(context.value(item)) for item in (node.left, *node.comparators))
    return _is_tensor(context.value(node))


def _is_loop(context: Context, node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    api = context.module.api(node.func)
    if api is None:
        return False
    if api.path in ("tensorflow.range", "keras.ops.arange", "keras.backend.arange"):
        return True
    if api.path == "builtins.range":
        return any(_is_tensor(context.value(argument)) for argument in node.args)
    return api.path == "builtins.enumerate" and bool(node.args) and _is_loop(context, node.args[0])


def _is_tensor(value: Value) -> bool:
    """Whether a value is shown to be a tensor: what a function of TensorFlow or a layer made, or what came of it."""
    return any(isinstance(option, Tensor) and _is_made(option, _DEPTH) for option in options(value))


def _is_made(tensor: Tensor, depth: int) -> bool:
    maker = tensor.maker
    if isinstance(maker, Api):
        return not _LISTS.intersection(maker.path.split("."))
    if isinstance(maker, Instance):
        return True
    return depth > 0 and any(
        isinstance(option, Tensor) and _is_made(option, depth - 1)
        for parent in tensor.parents
        for option in options(parent)
    )


# -- the fix -------------------------------------------------------------------------------------------------


def _message(node: ast.AST, function: ast.FunctionDef) -> str:
    word = {ast.While: "while", ast.For: "for"}.get(type(node), "if")
    return f"`{word}` on a tensor in `{function.name}`: Keras 3 makes no graph operation of it"


def _finding(
    context: Context, function: ast.FunctionDef, node: ast.If | ast.While | ast.IfExp | ast.For, how: str
) -> Finding:
    source = context.source
    name = tensorflow_name(context)
    start = source.start(function)
    decorator = f"@{name or 'tf'}.{how}"
    return Finding(
        CODE,
        source.span(node),
        _message(node, function),
        Fix(
            [Edit(start, start, f"{decorator}\n{source.indentation(function)}")],
            f"`{decorator}` on `{function.name}`",
            imports=() if name else ("import tensorflow as tf",),
        ),
        subject=f"`{function.name}`",
    )
