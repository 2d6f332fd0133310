"""KU410 weight-members: names and values of weights

The name of a weight is its own alone: `kernel`. What it was in Keras 2, `first/kernel:0`, is now its `path`, without the
`:0` (and, in a Sequential model, with the name of the model before it). Its value is the property `value`.

**Since** Keras 3.0.

**Error** SILENT for names: what asks for `first/` or for `:0` in a name finds nothing. For values:

    AttributeError: 'Variable' object has no attribute 'read_value'
    TypeError: 'ResourceVariable' object is not callable

**Fix.** `path` where the text that the name is compared with has a `/` or stands for a layer, without `:0`. A comparison by
`==` becomes `path.endswith(...)`. `read_value()` and `value()` become `value`.

**Not fixed.** `startswith` of names in a Sequential model, and names that are cut up (`split('/')`). Texts that are names of
weights, such as `'bias' in w.name`, are right as they are.

```python before
from keras.layers import BatchNormalization, Dense, Input
from keras.models import Model

x = Input((2,))
model = Model(x, Dense(1, name='second')(BatchNormalization(name='norm')(Dense(3, name='first')(x))))
first = [w for w in model.weights if 'first/' in w.name]
kernels = [w.shape[0] for w in model.trainable_weights if w.name.endswith('/kernel:0')]
bias = [w.shape[0] for w in model.weights if w.name == 'second/bias:0']
others = [w for w in model.weights if 'norm' not in w.name and 'bias' not in w.name]
result = [len(first), kernels, bias, len(others)]
```

```python after
from keras.layers import BatchNormalization, Dense, Input
from keras.models import Model

x = Input((2,))
model = Model(x, Dense(1, name='second')(BatchNormalization(name='norm')(Dense(3, name='first')(x))))
first = [w for w in model.weights if 'first/' in w.path]
kernels = [w.shape[0] for w in model.trainable_weights if w.path.endswith('/kernel')]
bias = [w.shape[0] for w in model.weights if w.path.endswith('second/bias')]
others = [w for w in model.weights if 'norm' not in w.path and 'bias' not in w.name]
result = [len(first), kernels, bias, len(others)]
```

```python before
from tensorflow import keras

layer = keras.layers.Dense(2, kernel_initializer='ones')
layer.build((None, 3))
result = [layer.kernel.read_value().numpy(), layer.weights[1].value().numpy()]
```

```python after
import keras

layer = keras.layers.Dense(2, kernel_initializer='ones')
layer.build((None, 3))
result = [layer.kernel.value.numpy(), layer.weights[1].value.numpy()]
```

```python unchanged
import keras

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, name='first')])
paths = [w.path for w in model.weights if 'first/' in w.path and 'kernel' in w.name]
files = [layer.name for layer in model.layers if '/' not in layer.name]
result = [len(paths), files]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Class, Instance, Result, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import LAYERS
from keras_upgrade.syntax.walking import walk

CODE = "KU410"
PHASE = STRUCTURE
WORDS = {"name", "read_value", "value"}
ERRORS = (
    r"'Variable' object has no attribute 'read_value'",
    r"'(ResourceVariable|\w*EagerTensor)' object is not callable",
)

_LISTS = frozenset(
    {
        "weights",
        "trainable_weights",
        "non_trainable_weights",
        "variables",
        "trainable_variables",
        "non_trainable_variables",
    }
)
_WEIGHTS = frozenset(
    {
        "kernel",
        "bias",
        "gamma",
        "beta",
        "moving_mean",
        "moving_variance",
        "embeddings",
        "recurrent_kernel",
        "depthwise_kernel",
        "pointwise_kernel",
        "alpha",
        "mean",
        "variance",
    }
)
"""Attributes of layers that are weights, and the names of these."""
_OTHER = "other weights of the model do not have this text in their paths"


def check(context: Context) -> Iterator[Finding]:
    """What is asked of weights."""
    for node in context.module.nodes(ast.Attribute):
        if node.attr == "name" and isinstance(node.ctx, ast.Load):
            owners = _owners(context, node.value)
            if owners:
                finding = _name(context, node, owners)
                if finding is not None:
                    yield finding
        elif node.attr in ("value", "read_value") and _is_weight(context, node.value):
            call = context.module.parent(node)
            if isinstance(call, ast.Call) and call.func is node and not call.args and not call.keywords:
                yield _value(context, node, call)


# -- what is a weight ----------------------------------------------------------------------------------------


def _is_weight(context: Context, node: ast.expr) -> bool:
    if all(_is_made_weight(option) for option in options(context.value(node))):
        return True
    if isinstance(node, ast.Attribute) and node.attr in _WEIGHTS:
        found = options(context.value(node.value))
        return all(_is_layer(o) and not _has_own(o, node.attr) for o in found)
    return bool(_owners(context, node))


def _is_made_weight(value: Value) -> bool:
    if isinstance(value, Instance):
        return value.api is not None and value.api.path == "keras.Variable"
    return isinstance(value, Result) and value.of.endswith(".add_weight")


def _is_layer(value: Value) -> bool:
    return isinstance(value, Instance) and value.api is not None and kind_of(value.api.path) in LAYERS


def _has_own(value: Value, name: str) -> bool:
    """Whether the user's class says what the attribute is."""
    return isinstance(value, Instance) and (
        name in value.attributes or (isinstance(value.cls, Class) and value.cls.lookup(name) is not None)
    )


def _owners(context: Context, node: ast.expr) -> list[Instance]:
    """The layers or models one of whose weights an expression is, by their lists of weights; none if it is not."""
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
        return _listed(context, node.value)
    if not isinstance(node, ast.Name):
        return []
    inner: ast.AST = node
    for outer in context.module.ancestors(node):
        if isinstance(outer, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            for generator in outer.generators:
                if _binds(generator.target, node.id):
                    return _elements(context, generator.target, generator.iter, node.id)
        elif isinstance(outer, ast.For) and inner in outer.body and _binds(outer.target, node.id):
            return _elements(context, outer.target, outer.iter, node.id)
        elif isinstance(outer, ast.Lambda) or (
            isinstance(outer, ast.stmt) and not isinstance(outer, (ast.If, ast.For, ast.With, ast.Try))
        ):
            if isinstance(outer, (ast.Lambda, ast.FunctionDef, ast.ClassDef)):
                return []
        inner = outer
    return []


def _binds(target: ast.expr, name: str) -> bool:
    return any(isinstance(item, ast.Name) and item.id == name for item in walk(target))


def _elements(context: Context, target: ast.expr, iterated: ast.expr, name: str) -> list[Instance]:
    """The owners of what a loop variable runs over, also in `zip` and `enumerate`."""
    if isinstance(target, ast.Name):
        return _listed(context, iterated)
    if (
        isinstance(target, ast.Tuple)
        and isinstance(iterated, ast.Call)
        and isinstance(iterated.func, ast.Name)
    ):
        places = [i for i, item in enumerate(target.elts) if isinstance(item, ast.Name) and item.id == name]
        if iterated.func.id == "zip" and places and places[0] < len(iterated.args):
            return _listed(context, iterated.args[places[0]])
        if iterated.func.id == "enumerate" and places == [1] and iterated.args:
            return _listed(context, iterated.args[0])
    return []


def _listed(context: Context, node: ast.expr) -> list[Instance]:
    """The owners of a list of weights."""
    if not isinstance(node, ast.Attribute) or node.attr not in _LISTS:
        return []
    found = [o for o in options(context.value(node.value)) if isinstance(o, Instance)]
    known = all(_is_layer(option) for option in options(context.value(node.value)))
    return found if known and not any(_has_own(item, node.attr) for item in found) else []


# -- names ---------------------------------------------------------------------------------------------------


def _name(context: Context, node: ast.Attribute, owners: list[Instance]) -> Finding | None:
    outer = context.module.parent(node)
    if isinstance(outer, ast.Compare) and len(outer.ops) == 1:
        return _compared(context, node, outer)
    if isinstance(outer, ast.Attribute):
        call = context.module.parent(outer)
        if isinstance(call, ast.Call) and call.func is outer and len(call.args) == 1:
            return _asked(context, node, outer.attr, call.args[0], owners)
    return None


def _is_full(context: Context, text: str) -> bool:
    """Whether a text is part of a full name (`layer/kernel:0`), and not of the name of a weight alone."""
    if "/" in text:
        return True
    if not context.migrating:
        return False  # the text may be meant for the name of a weight
    plain = text.removesuffix(":0")
    known = _WEIGHTS | context.program.once("names of weights", lambda: _given_names(context))
    return bool(plain) and not any(plain in name for name in known)


def _given_names(context: Context) -> frozenset[str]:
    """The names that the program gives to weights."""
    return frozenset(
        keyword.value.value
        for module in context.program
        for call in module.calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("add_weight", "add_variable")
        for keyword in [*call.keywords, *(ast.keyword("name", item) for item in call.args[:1])]
        if keyword.arg == "name"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    )


def _constant_text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _compared(context: Context, node: ast.Attribute, compare: ast.Compare) -> Finding | None:
    """`'first/' in w.name`, `w.name == 'first/kernel:0'`."""
    other = compare.comparators[0] if compare.left is node else compare.left
    text, operator = _constant_text(other), compare.ops[0]
    if text is None:
        return None
    if isinstance(operator, (ast.In, ast.NotIn)) and other is compare.left:
        if not _is_full(context, text):
            return _without_number(context, node, other, text)
        return _finding(context, node, [_path(context, node), *_plain(context, other, text)], "")
    if isinstance(operator, (ast.Eq, ast.NotEq)):
        if "/" not in text:
            return _without_number(context, node, other, text)
        source = context.source
        shown = source.segment(other).replace(":0", "")
        word = "not " if isinstance(operator, ast.NotEq) else ""
        new = f"{word}{source.segment(node.value)}.path.endswith({shown})"
        return _finding(context, node, [Edit(source.start(compare), source.end(compare), new)], _OTHER)
    return None


def _asked(
    context: Context, node: ast.Attribute, method: str, argument: ast.expr, owners: list[Instance]
) -> Finding | None:
    """`w.name.endswith('/kernel:0')`, `w.name.startswith('first/')`, `w.name.split('/')`."""
    text = _constant_text(argument)
    if text is None:
        return None
    if method == "endswith":
        if "/" not in text:
            return _without_number(context, node, argument, text)
        return _finding(context, node, [_path(context, node), *_plain(context, argument, text)], "")
    if method == "startswith" and _is_full(context, text):
        prefixed = any(o.api is None or kind_of(o.api.path) is Kind.SEQUENTIAL for o in owners)
        if not prefixed:
            return _finding(context, node, [_path(context, node), *_plain(context, argument, text)], "")
    elif method not in ("split", "replace", "rsplit", "partition", "startswith") or text not in (
        "/",
        ":",
        ":0",
    ):
        return None
    shown = context.source.segment(node)
    return Finding(
        CODE,
        context.span(node),
        f"`{shown}` is the name of the weight alone in Keras 3 (SILENT): the name with those of its layers is "
        f"`{context.source.segment(node.value)}.path`, without `:0`; in a Sequential model it begins with the model's name.",
        subject="names of weights",
    )


def _path(context: Context, node: ast.Attribute) -> Edit:
    end = context.source.end(node)
    return Edit(end - len("name"), end, "path")


def _plain(context: Context, node: ast.expr, text: str) -> list[Edit]:
    """The text without `:0`."""
    if not text.endswith(":0"):
        return []
    start, shown = context.source.start(node), context.source.segment(node)
    place = start + shown.rindex(":0")
    return [Edit(place, place + 2, "")]


def _without_number(context: Context, node: ast.Attribute, other: ast.expr, text: str) -> Finding | None:
    """A name of a weight alone that is compared with `:0` behind it."""
    edits = _plain(context, other, text)
    return _finding(context, node, edits, "") if edits else None


def _finding(context: Context, node: ast.Attribute, edits: list[Edit], assumption: str) -> Finding:
    text = context.source.segment(node)
    new = text.removesuffix("name") + "path" if any("path" in edit.text for edit in edits) else "without `:0`"
    return Finding(
        CODE,
        context.span(node),
        f"`{text}` is the name of the weight alone in Keras 3, without those of its layers and `:0` (SILENT)",
        Fix(edits, f"`{text}` → `{new}`", Safety.REVIEW if assumption else Safety.SAFE),
        subject="names of weights",
        assumption=assumption,
    )


# -- values --------------------------------------------------------------------------------------------------


def _value(context: Context, node: ast.Attribute, call: ast.Call) -> Finding:
    source = context.source
    text = source.segment(node)
    end = source.end(node)
    return Finding(
        CODE,
        context.span(node),
        f"`{text}()`: the value of a weight is a property in Keras 3",
        Fix(
            [Edit(end - len(node.attr), source.end(call), "value")],
            f"`{text}()` → `{source.segment(node.value)}.value`",
        ),
        subject="values of weights",
    )
