"""KU407 late-state: layers made in `call`, and models that are built by their shape

What a layer or model consists of has to be there when it is built: sub-layers made in `call` raise, are not trained or
make new weights each time. In Keras 3 `Dropout` and its kin are such parts too, since they keep the state of their random
numbers. `build(shape)` of a model that has only a `call` does nothing any more (in Keras 2 it ran `call`).

**Since** Keras 3.0.

**Error** SILENT for `model.build(shape)`, but for a warning: the model has no weights then. For layers made in `call`:

    ValueError: You cannot add new elements of state (variables or sub-layers) to a layer that is already built.
    ValueError: tf.function only supports singleton tf.Variables created on the first call.
    UserWarning: `build()` was called on layer 'm', however the layer does not have a `build()` method implemented

**Fix.** The layer is made in `__init__`, where what it is made of is known there. `model.build((None, 3))` becomes
`model(keras.Input(batch_shape=(None, 3)))`, which runs `call` once on a symbolic input. Layers without state, such as
`Flatten` or `Concatenate`, stay in `call`.

**Not fixed.** Layers whose arguments come from the inputs (`Dense(x.shape[-1])`): make them in `build`; and those made in
loops and branches.

```python before
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.dense = None

    def call(self, inputs, training=None):
        if self.dense is None:
            self.dense = layers.Dense(self.units, kernel_initializer='ones')
        x = layers.Dropout(0.5)(self.dense(inputs), training=training)
        return layers.Flatten()(x)


inputs = keras.Input((3,))
model = keras.Model(inputs, Block(2)(inputs))
model.compile('sgd', 'mse')
result = [model.predict(np.ones((1, 3))), len(model.get_weights())]
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.dense = layers.Dense(self.units, kernel_initializer='ones')
        self.dropout = layers.Dropout(0.5)

    def call(self, inputs, training=None):
        x = self.dropout(self.dense(inputs), training=training)
        return layers.Flatten()(x)


inputs = keras.Input((3,))
model = keras.Model(inputs, Block(2)(inputs))
model.compile('sgd', 'mse')
result = [model.predict(np.ones((1, 3))), len(model.get_weights())]
```

```python before
from tensorflow import keras


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)

    def call(self, inputs, training=None):
        return self.dense(inputs)


net = Net()
net.build((None, 3))
result = [weight.shape for weight in net.get_weights()]
```

```python after
import keras


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)

    def call(self, inputs, training=None):
        return self.dense(inputs)


net = Net()
net(keras.Input(batch_shape=(None, 3)))
result = [weight.shape for weight in net.get_weights()]
```

```python unchanged
import keras


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2, kernel_initializer='ones')

    def build(self, input_shape):
        self.dense.build(input_shape)

    def call(self, inputs):
        return keras.layers.Concatenate()([self.dense(inputs), keras.layers.ReLU()(inputs)])


net = Net()
net.build((None, 3))
result = net.count_params()
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.values import Class, Instance, Mapping, Seq, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    LAYERS,
    added_to_init,
    attribute_of,
    classes_of,
    first_parameter,
    inherited,
    is_keras3,
    method,
)
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU407"
PHASE = STRUCTURE
WORDS = {"build", "class"}
ERRORS = (
    r"cannot add new elements of state \(variables or sub-layers\) to a layer that is already built",
    r"`build\(\)` was called on layer '\w+', however the layer does not have a `build\(\)` method",
    r"looks like it has unbuilt state",
)

_STATELESS = pattern(
    r"(Activation|Add|Average|Concatenate|Dot|ELU|Flatten|Identity|InputLayer|Lambda|LeakyReLU|Masking|Maximum|Minimum|"
    r"Multiply|Permute|ReLU|RepeatVector|Rescaling|Reshape|Resizing|CenterCrop|Softmax|Subtract|ThresholdedReLU|"
    r"UnitNormalization|ActivityRegularization|(Average|Max|GlobalAverage|GlobalMax|Avg|GlobalAvg)Pool(ing)?[123]D|"
    r"Cropping[123]D|UpSampling[123]D|ZeroPadding[123]D)"
)
_SEEDED = pattern(r"(\w*Dropout(\dD)?|GaussianNoise|Random\w+)")
_BLOCKS = (
    ast.For,
    ast.While,
    ast.If,
    ast.IfExp,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Lambda,
    ast.FunctionDef,
    ast.Try,
    ast.With,
)


def check(context: Context) -> Iterator[Finding]:
    """Layers made in `call`, and `build(shape)` of models that have no such method."""
    if is_keras3(context):
        return
    for cls in classes_of(context, *LAYERS):
        yield from _of_class(context, cls)
    for call in context.module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "build":
            yield from _built(context, call, call.func)


# -- layers made in `call` -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Made:
    """A layer that `call` makes.

    Attributes:
        node: the call of its class.
        attribute: what it is called in `__init__`.
        edits: what changes in `call` (and where `__init__` had None for it).
        line: the statement for the end of `__init__`; empty if it has a place there.
        seeded: whether it has no weights, only random numbers.
    """

    node: ast.Call
    attribute: str
    edits: tuple[Edit, ...]
    line: str
    seeded: bool


def _of_class(context: Context, cls: Class) -> Iterator[Finding]:
    function = method(cls, "call")
    if function is None:
        return
    made: list[_Made] = []
    for layer in _layers_in(context, function):
        plan = _plan(context, cls, function, layer, [item.attribute for item in made])
        if plan is None:
            yield _advice(context, cls, layer)
        else:
            made.append(plan)
    if not made:
        return
    lines = [item.line for item in made if item.line]
    edit = added_to_init(context, cls, lines) if lines else None
    if lines and edit is None:
        for item in made:
            yield _advice_at(context, cls, item.node)
        return
    edits = [edit for item in made for edit in item.edits] + ([edit] if edit is not None else [])
    names = ", ".join(f"`self.{item.attribute}`" for item in made)
    review = any(not item.seeded for item in made)
    yield Finding(
        CODE,
        context.span(made[0].node),
        f"`{cls.node.name}` makes layers in `call`: Keras 3 wants them made in `__init__`",
        Fix(
            edits, f"`{cls.node.name}`: {names} made in `__init__`", Safety.REVIEW if review else Safety.SAFE
        ),
        subject=f"`{cls.node.name}` layer",
        assumption="the layers are to have one set of weights, not new ones each time" if review else "",
    )


def _layers_in(context: Context, function: ast.FunctionDef) -> list[Instance]:
    """The layers with state that a `call` makes, in the order of the text."""
    found: dict[ast.Call, Instance] = {}
    inside = {node for node in walk(function) if isinstance(node, ast.Call)}
    for item in context.module.instances:
        if item.call is None or item.call not in inside or item.api is None:
            continue
        if kind_of(item.api.path) not in LAYERS or not _has_state(item) or _is_part_of_other(context, item):
            continue
        found[item.call] = item
    return sorted(found.values(), key=lambda item: _place(item.call))


def _place(node: ast.Call | None) -> tuple[int, int]:
    assert node is not None
    return (node.lineno, node.col_offset)


def _is_part_of_other(context: Context, layer: Instance) -> bool:
    """Whether it is an argument of another layer that is made there (`TimeDistributed(Dense(2))`)."""
    node: ast.AST | None = layer.call
    while node is not None and not isinstance(node, ast.stmt):
        outer = context.module.parent(node)
        if isinstance(outer, ast.Call) and node is not outer.func:
            api = context.module.api(outer.func)
            if api is not None and kind_of(api.path) in LAYERS:
                return True
        node = outer
    return False


def _has_state(layer: Instance) -> bool:
    if isinstance(layer.cls, Class):
        # Of the user's own layers only those that surely have weights.
        return any(
            isinstance(node, ast.Attribute) and node.attr in ("add_weight", "add_variable")
            for node in walk(layer.cls.node)
        )
    return _STATELESS.fullmatch(layer.cls.name) is None


def _plan(
    context: Context, cls: Class, function: ast.FunctionDef, layer: Instance, taken: list[str]
) -> _Made | None:
    """How a layer is made in `__init__`; None where that is not to be seen."""
    node, owner = layer.call, first_parameter(function)
    assert node is not None
    if not owner or _depends_on_call(function, node, owner):
        return None
    statement = context.module.statement(node)
    seeded = not isinstance(layer.cls, Class) and _SEEDED.fullmatch(layer.cls.name) is not None
    if isinstance(statement, ast.Assign) and statement.value is node and len(statement.targets) == 1:
        attribute = attribute_of(statement.targets[0], owner)
        if attribute:
            return _moved(context, cls, function, node, attribute, seeded)
    if any(isinstance(outer, _BLOCKS) for outer in _around(context, node, function)):
        return None
    text = context.source.segment(node)
    if "\n" in text:
        return None
    wanted = _name_of(layer, statement, node)
    name = free_name(wanted, [*_attributes(cls), *taken])
    edit = Edit(context.source.start(node), context.source.end(node), f"{owner}.{name}")
    line = f"self.{name} = {_with_self(context, node, owner)}"
    return _Made(node, name, (edit,), line, seeded)


def _around(context: Context, node: ast.AST, function: ast.FunctionDef) -> Iterator[ast.AST]:
    for outer in context.module.ancestors(node):
        if outer is function:
            return
        yield outer


def _depends_on_call(function: ast.FunctionDef, node: ast.Call, owner: str) -> bool:
    """Whether the arguments of a layer are made of what `call` is given or computes."""
    own = local_names(function) - {owner}
    return any(isinstance(part, ast.Name) and part.id in own for part in walk(node))


def _with_self(context: Context, node: ast.Call, owner: str) -> str:
    text = context.source.segment(node)
    return text if owner == "self" else re.sub(rf"\b{owner}\.", "self.", text)


def _attributes(cls: Class) -> set[str]:
    return {node.attr for node in walk(cls.node) if isinstance(node, ast.Attribute)} | set(cls.members)


def _name_of(layer: Instance, statement: ast.stmt, node: ast.Call) -> str:
    """A name for the attribute: that of the variable that holds the layer, or of its class."""
    if isinstance(statement, ast.Assign) and statement.value is node:
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return target.id
    name = layer.cls.node.name if isinstance(layer.cls, Class) else layer.cls.name
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def _moved(
    context: Context, cls: Class, function: ast.FunctionDef, node: ast.Call, attribute: str, seeded: bool
) -> _Made | None:
    """`self.dense = Dense(2)` in `call`, perhaps for the first time only."""
    statement = context.module.statement(node)
    gone: ast.stmt = statement
    outer = context.module.parent(statement)
    owner = first_parameter(function)
    if isinstance(outer, ast.If):
        if outer.body != [statement] or outer.orelse or not _asks_for(outer.test, owner, attribute):
            return None
        gone, outer = outer, context.module.parent(outer)
    if outer is not function or "\n" in context.source.segment(node):
        return None
    limit = context.module.document.span_of(context.module.cell_of(gone))
    edits = [remove_statement(context.source, gone, sole=len(function.body) == 1, limit=limit)]
    text = _with_self(context, node, owner)
    empty = _empty_place(cls, attribute)
    if empty is not None:
        edits.append(Edit(context.source.start(empty), context.source.end(empty), text))
    return _Made(
        node, attribute, tuple(edits), "" if empty is not None else f"self.{attribute} = {text}", seeded
    )


def _asks_for(test: ast.expr, owner: str, attribute: str) -> bool:
    """Whether a condition is that the attribute is not there yet."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = test.operand
        if attribute_of(inner, owner) in (attribute, "built"):
            return True
        return (
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Name)
            and inner.func.id == "hasattr"
            and len(inner.args) == 2
            and isinstance(inner.args[1], ast.Constant)
            and inner.args[1].value == attribute
        )
    return (
        isinstance(test, ast.Compare)
        and attribute_of(test.left, owner) == attribute
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Is)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value is None
    )


def _empty_place(cls: Class, attribute: str) -> ast.expr | None:
    """The None that `__init__` assigns to an attribute."""
    function = method(cls, "__init__")
    if function is None:
        return None
    owner = first_parameter(function)
    for statement in function.body:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            is_none = isinstance(statement.value, ast.Constant) and statement.value.value is None
            if is_none and attribute_of(statement.targets[0], owner) == attribute:
                return statement.value
    return None


def _advice(context: Context, cls: Class, layer: Instance) -> Finding:
    assert layer.call is not None
    return _advice_at(context, cls, layer.call)


def _advice_at(context: Context, cls: Class, node: ast.Call) -> Finding:
    text = context.source.segment(node.func)
    return Finding(
        CODE,
        context.span(node),
        f"`call` of `{cls.node.name}` makes a `{text}`: its weights or random state are not kept. Make it in `__init__` "
        "(or in `build(self, input_shape)` if it depends on the shape of the inputs) as `self....`, and call that here.",
        subject=f"`{cls.node.name}` layer",
    )


# -- `model.build(shape)` ------------------------------------------------------------------------------------


def _built(context: Context, call: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
    models = options(context.value(func.value))
    if not all(isinstance(model, Instance) and _has_only_call(model) for model in models):
        return
    statement = context.module.statement(call)
    shape = call.args[0] if call.args else call.keywords[0].value if call.keywords else None
    if shape is None or len(call.args) + len(call.keywords) != 1:
        return
    text = _inputs(context, shape)
    name = context.source.segment(func.value)
    message = (
        f"`{name}.build(...)` makes no weights in Keras 3, since the model has no method `build` (SILENT)"
    )
    alone = isinstance(statement, ast.Expr) and statement.value is call
    if text is None or not alone:
        yield Finding(
            CODE, context.span(call), f"{message}: call the model once, on `keras.Input(...)` or on data."
        )
        return
    text += _training(models[0])
    known = isinstance(shape, (ast.Tuple, ast.List))
    yield Finding(
        CODE,
        context.span(call),
        message,
        Fix(
            [Edit(context.source.start(call), context.source.end(call), f"{name}({text})")],
            f"`{name}.build(...)` → `{name}({text})`",
            Safety.SAFE if known else Safety.REVIEW,
            context.needed_imports,
        ),
        assumption="" if known else f"`{context.source.segment(shape)}` is the shape of one input",
    )


def _has_only_call(model: Instance) -> bool:
    """Whether a model is a subclass that defines `call`, but not `build`."""
    cls = model.cls
    if not isinstance(cls, Class) or model.api is None or kind_of(model.api.path) is not Kind.MODEL:
        return False
    if "outputs" in model.attributes or inherited(cls, "call") is None or inherited(cls, "build") is not None:
        return False
    return any(_has_unbuilt(value) for value in model.attributes.values())


def _has_unbuilt(value: Value, depth: int = 2) -> bool:
    """Whether an attribute holds a layer that the first call builds; functional models are built as they are made."""
    for option in options(value):
        if isinstance(option, Instance) and option.api is not None:
            kind = kind_of(option.api.path)
            if kind in LAYERS and (isinstance(option.cls, Class) or kind is not Kind.MODEL):
                return True
        elif isinstance(option, Seq) and depth:
            if any(
                _has_unbuilt(item, depth - 1) for item in (*option.items, option.rest) if item is not None
            ):
                return True
        elif isinstance(option, Mapping) and depth:
            if any(_has_unbuilt(item, depth - 1) for item in option.items.values()):
                return True
    return False


def _inputs(context: Context, shape: ast.expr) -> str | None:
    """Symbolic inputs of a shape, or of several."""
    source, new = context.source, context.spell("keras.Input")
    if isinstance(shape, (ast.Tuple, ast.List)) and shape.elts:
        if all(isinstance(item, (ast.Tuple, ast.List)) for item in shape.elts):
            parts = ", ".join(f"{new}(batch_shape={source.segment(item)})" for item in shape.elts)
            return f"[{parts}]"
    if isinstance(shape, (ast.Dict, ast.ListComp, ast.Constant)):
        return None
    return f"{new}(batch_shape={source.segment(shape)})"


def _training(model: object) -> str:
    """`training=False`, where the model requires it."""
    assert isinstance(model, Instance)
    assert isinstance(model.cls, Class)
    function = inherited(model.cls, "call")
    if function is None:
        return ""
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    required = parameters[: len(parameters) - len(function.node.args.defaults)]
    return ", training=False" if any(p.arg == "training" for p in required) else ""
