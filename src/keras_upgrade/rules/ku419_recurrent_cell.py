"""KU419 recurrent-cell: sizes and first states of one's own cells

`RNN` of Keras 3 takes the sizes of the states of a cell as numbers, or as tuples of numbers: a `tf.TensorShape` among them
is left out, and the state with it (SILENT). It asks a cell for its first states by `get_initial_state(batch_size=...)`, and
no more with inputs and a type. `Bidirectional` makes its second layer from the config of the first one, and finds the class
of a cell, or of a recurrent layer of one's own, only if it is registered.

**Since** Keras 3.0.

**Error**

    ValueError: not enough values to unpack (expected 3, got 1)
    TypeError: <class 'keras.src.layers.rnn.rnn.RNN'> could not be deserialized properly.
    TypeError: Could not locate class 'Gated'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`.

**Fix.** `tf.TensorShape([units])` is `units`. `get_initial_state(self, inputs=None, batch_size=None, dtype=None)` is
`get_initial_state(self, batch_size=None)`: what it does when there are inputs goes away, and the type is that of the cell. Cells
and recurrent layers that are given to `Bidirectional` are registered.

**Not fixed.** Methods that do something else with the inputs.

```python before
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, Model

class Gated(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [tf.TensorShape([units]), tf.TensorShape([units])]
        self.output_size = tf.TensorShape([units])

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        if inputs is not None:
            batch_size = tf.shape(inputs)[0]
            dtype = inputs.dtype
        return [tf.zeros([batch_size, self.units], dtype), tf.ones([batch_size, self.units], dtype)]

    def call(self, inputs, states):
        total = states[0] + inputs * states[1]
        return total, [total, states[1]]

    def get_config(self):
        return {**super().get_config(), 'units': self.units}

x = layers.Input((3, 2))
output, total, gate = layers.RNN(Gated(2), return_state=True)(x)
both = layers.Bidirectional(layers.RNN(Gated(2)))(x)
result = Model(x, [output, total, gate, both]).predict(np.ones((1, 3, 2)))
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras import layers, Model

@keras.saving.register_keras_serializable()
class Gated(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]
        self.output_size = units

    def get_initial_state(self, batch_size=None):
        return [tf.zeros([batch_size, self.units], self.compute_dtype), tf.ones([batch_size, self.units], self.compute_dtype)]

    def call(self, inputs, states):
        total = states[0] + inputs * states[1]
        return total, [total, states[1]]

    def get_config(self):
        return {**super().get_config(), 'units': self.units}

x = layers.Input((3, 2))
output, total, gate = layers.RNN(Gated(2), return_state=True)(x)
both = layers.Bidirectional(layers.RNN(Gated(2)))(x)
result = Model(x, [output, total, gate, both]).predict(np.ones((1, 3, 2)))
```

```python unchanged
import keras

class Sum(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.state_size = units

    def get_initial_state(self, batch_size=None):
        return [keras.ops.ones((batch_size, self.state_size))]

    def call(self, inputs, states):
        return inputs + states[0], [inputs + states[0]]

result = keras.layers.RNN(Sum(2))(keras.ops.ones((1, 3, 2)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import Class, Instance, Seq, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import classes_of, first_parameter, method
from keras_upgrade.syntax.edits import remove_statement, statement_lines, statement_start
from keras_upgrade.syntax.walking import walk

CODE = "KU419"
PHASE = STRUCTURE
WORDS = {"class"}
ERRORS = (
    r"not enough values to unpack \(expected \d, got 1\)",
    r"keras\.src\.layers\.rnn\.rnn\.RNN'> could not be deserialized properly",
    r"Could not locate class '\w+'\. Make sure custom classes",
)

_SIZES = frozenset({"state_size", "output_size"})
_STATE = "get_initial_state"


def check(context: Context) -> Iterator[Finding]:
    """Cells of the user's, and classes that `Bidirectional` copies."""
    for cls in classes_of(context, Kind.LAYER):
        if method(cls, "call") is None:
            continue
        yield from _sizes(context, cls)
        if any(_sets_size(node) for node in walk(cls.node)):
            yield from _first_state(context, cls)
    yield from _registered(context)


def _sets_size(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.name == "state_size"
    return isinstance(node, ast.Attribute) and node.attr == "state_size" and isinstance(node.ctx, ast.Store)


# -- sizes ---------------------------------------------------------------------------------------------------


def _sizes(context: Context, cls: Class) -> Iterator[Finding]:
    """`self.state_size = tf.TensorShape([units])`."""
    shapes = [
        node for place in _size_places(cls.node) for node in walk(place) if _is_shape_of_one(context, node)
    ]
    if not shapes:
        return
    edits = []
    for shape in shapes:
        assert isinstance(shape, ast.Call)
        assert isinstance(shape.args[0], (ast.List, ast.Tuple))
        text = context.source.segment(shape.args[0].elts[0])
        edits.append(Edit(context.source.start(shape), context.source.end(shape), text))
    yield Finding(
        CODE,
        edits[0].span,
        f"the sizes of the states of `{cls.node.name}` are numbers in Keras 3",
        Fix(sorted(edits), "`tf.TensorShape([n])` → `n`"),
        subject=f"`{cls.node.name}` cell",
    )


def _size_places(cls: ast.ClassDef) -> Iterator[ast.AST]:
    """What is assigned to the sizes of a cell, or returned as them."""
    for node in walk(cls):
        if isinstance(node, ast.Assign):
            if any(isinstance(target, ast.Attribute) and target.attr in _SIZES for target in node.targets):
                yield node.value
        elif isinstance(node, ast.FunctionDef) and node.name in _SIZES:
            yield node


def _is_shape_of_one(context: Context, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
        return False
    callee = context.module.api(node.func)
    sizes = node.args[0]
    return (
        callee is not None
        and callee.path == "tensorflow.TensorShape"
        and isinstance(sizes, (ast.List, ast.Tuple))
        and len(sizes.elts) == 1
        and not isinstance(sizes.elts[0], ast.Starred)
    )


# -- first states --------------------------------------------------------------------------------------------


def _first_state(context: Context, cls: Class) -> Iterator[Finding]:
    """`get_initial_state(self, inputs=None, batch_size=None, dtype=None)`."""
    function = method(cls, _STATE)
    if function is None:
        return
    names = [parameter.arg for parameter in function.args.args][1:]
    if not {"inputs", "dtype"} & set(names) or "batch_size" not in names:
        return
    asks = [item for item in function.body if isinstance(item, ast.If) and _is_about_inputs(item)]
    edits = _without_inputs(context, function, asks)
    message = f"`RNN` asks `{cls.node.name}` for its first states with `batch_size` alone"
    if edits is None:
        yield Finding(
            CODE,
            context.span(function.body[0]),
            f"{message}: write `{_STATE}(self, batch_size=None)`, with `self.compute_dtype` for the type.",
            subject=f"`{cls.node.name}` cell",
        )
        return
    yield Finding(
        CODE,
        context.span(function.body[0]),
        message,
        Fix(sorted(edits), f"`{_STATE}(self, batch_size=None)`", Safety.REVIEW),
        subject=f"`{cls.node.name}` cell",
        assumption="only `RNN` calls the method",
    )


def _is_about_inputs(statement: ast.If) -> bool:
    """`if inputs is not None:` without an else."""
    test = statement.test
    named = test.left if isinstance(test, ast.Compare) else test
    return isinstance(named, ast.Name) and named.id == "inputs" and not statement.orelse


def _without_inputs(context: Context, function: ast.FunctionDef, asks: list[ast.If]) -> list[Edit] | None:
    source, owner = context.source, first_parameter(function)
    arguments = function.args
    plain = not (arguments.vararg or arguments.kwonlyargs or arguments.posonlyargs)
    gone = {id(node) for statement in asks for node in walk(statement)}
    uses = [
        node
        for item in function.body
        for node in walk(item)
        if isinstance(node, ast.Name) and id(node) not in gone
    ]
    if not plain or not owner or any(use.id == "inputs" for use in uses):
        return None
    if any(use.id == "dtype" and not isinstance(use.ctx, ast.Load) for use in uses):
        return None
    if any(statement_lines(source, statement) is None for statement in asks):
        return None
    last: ast.expr | ast.arg = arguments.defaults[-1] if arguments.defaults else arguments.args[-1]
    rest = f", **{arguments.kwarg.arg}" if arguments.kwarg is not None else ""
    start, end = source.end(arguments.args[0]), source.end(arguments.kwarg or last)
    edits = [Edit(start, end, f", batch_size=None{rest}")]
    limit = context.module.document.span_of(context.module.cell_of(function.body[0]))
    edits += [remove_statement(source, item, sole=len(function.body) == 1, limit=limit) for item in asks]
    edits += [
        Edit(source.start(use), source.end(use), f"{owner}.compute_dtype")
        for use in uses
        if use.id == "dtype"
    ]
    return edits


# -- classes that are copied ---------------------------------------------------------------------------------


def _all_copied(program: Program) -> Iterator[Class]:
    for module in program:
        for layer in module.instances:
            if layer.api is not None and layer.api.name == "Bidirectional":
                yield from _copied(layer.arguments.get(0, "layer"))


def _registered(context: Context) -> Iterator[Finding]:
    """Decorates the classes of this module that `Bidirectional` has to find again."""
    found: dict[ast.ClassDef, Class] = {}
    for cls in context.program.once(CODE, lambda: list(_all_copied(context.program))):
        if cls.module is context.module and not _is_decorated(context, cls):
            found.setdefault(cls.node, cls)
    for cls in found.values():
        start = statement_start(context.source, cls.node)
        blank = context.source.indentation(cls.node)
        text = f"@{context.spell('keras.saving.register_keras_serializable')}()\n{blank}"
        yield Finding(
            CODE,
            context.span(cls.node.body[0]),
            f"`Bidirectional` has to find `{cls.node.name}` among the registered classes",
            Fix([Edit(start, start, text)], f"`{cls.node.name}` registered", imports=context.needed_imports),
            subject=f"`{cls.node.name}`",
        )


def _copied(value: Value | None) -> Iterator[Class]:
    """The classes of the user's that a layer, its cell or its cells are of."""
    for option in options(value) if value is not None else ():
        if isinstance(option, Instance):
            if isinstance(option.cls, Class):
                yield option.cls
            yield from _copied(option.arguments.get(0, "cell"))
        elif isinstance(option, Seq):
            for item in option.items:
                yield from _copied(item)


def _is_decorated(context: Context, cls: Class) -> bool:
    return any(
        "register_keras_serializable" in context.source.segment(decorator)
        for decorator in cls.node.decorator_list
    )
