"""KU505 model-ends: `model.input` and `model.output` of what may be a Sequential model

A Sequential model of Keras 3 has `input` and `output` only once it was called on a tensor, and then those of that call. Its
own are `inputs[0]` and `outputs[0]`, which functional models have too.

**Since** Keras 3.0.

**Error**

    AttributeError: The layer sequential has never been called and thus has no defined output.

**Fix.** `model.output` becomes `model.outputs[0]`; where the program asks whether there are several, or takes it as a list of
them, `model.outputs`. The inputs that another model is made from are `model.inputs`.

**Review.** Of a model that the program does not make itself (a parameter, a loaded model), but uses as a model: `fit`,
`layers`, ... It is taken to have one output.

**Left alone.** Models that are functional beyond doubt, layers, and models that nothing is known of in a program that needs
no other change.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Model, Sequential

base = Sequential()
base.add(Dense(2, input_shape=(3,), kernel_initializer='ones'))
model = Model(base.input, Dense(1, kernel_initializer='ones')(base.output))
result = model.predict(np.ones((1, 3)))
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Model, Sequential

base = Sequential()
base.add(Dense(2, input_shape=(3,), kernel_initializer='ones'))
model = Model(base.inputs[0], Dense(1, kernel_initializer='ones')(base.outputs[0]))
result = model.predict(np.ones((1, 3)))
```

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Model, Sequential


def features(model, name):
    if isinstance(model.output, list) and len(model.output) > 1:
        raise ValueError('one output, please')
    inner = Model(model.input, [model.get_layer(name).output, model.output])
    return inner.predict(np.ones((1, 3))), model.output.shape[-1]


result = features(Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones', name='a')]), 'a')
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Model, Sequential


def features(model, name):
    if len(model.outputs) > 1:
        raise ValueError('one output, please')
    inner = Model(model.inputs[0], [model.get_layer(name).output, model.outputs[0]])
    return inner.predict(np.ones((1, 3))), model.outputs[0].shape[-1]


result = features(Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones', name='a')]), 'a')
```

```python unchanged
import keras
import numpy as np

x = keras.Input((3,))
base = keras.Model(x, keras.layers.Dense(2, kernel_initializer='ones')(x))
model = keras.Model(base.input, keras.layers.Dense(1, kernel_initializer='ones')(base.output))
result = model.predict(np.ones((1, 3)))
```

```python unchanged
import keras
import numpy as np


def features(model):
    inner = keras.Model(model.input, model.get_layer('a').output)
    return inner.predict(np.ones((1, 3)), verbose=0)


x = keras.Input((3,))
result = features(keras.Model(x, keras.layers.Dense(2, kernel_initializer='ones', name='a')(x)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import input_count, is_model, outputs_of
from keras_upgrade.analysis.values import UNKNOWN, Const, Instance, Method, Result, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.duck_typing import is_used_as_model
from keras_upgrade.syntax.walking import walk

CODE = "KU505"
PHASE = STRUCTURE
WORDS = {"input", "output"}
ERRORS = (r"has never been called and thus has no defined (output|input)",)

_LISTS = frozenset({"list", "tuple"})
_TAKE_LISTS = frozenset({"len", "zip", "enumerate", "list", "tuple", "iter", "sorted"})


def check(context: Context) -> Iterator[Finding]:
    """Reads of `input` and `output`."""
    for node in context.module.nodes(ast.Attribute):
        if node.attr in ("input", "output") and isinstance(node.ctx, ast.Load):
            certainty = _certainty(context, node)
            if certainty is not None:
                yield from _finding(context, node, certainty)


def _certainty(context: Context, node: ast.Attribute) -> Safety | None:
    """How sure it is that this may be an end of a Sequential model, and the only one; None if it is not to be changed."""
    found = options(context.value(node.value))
    models = [option for option in found if isinstance(option, Instance) and is_model(option)]
    counts = [_count(model, node.attr) for model in models]
    unmade = [model for model in models if _is_unmade(model)]
    sequential = [m for m in models if m.api is not None and kind_of(m.api.path) is Kind.SEQUENTIAL]
    if len(models) == len(found):
        if sequential and all(count == 1 for count in counts):
            return Safety.SAFE
        return Safety.REVIEW if sequential or (unmade and context.migrating) else None
    unknown = [option for option in found if _says_nothing(option)]
    if len(models) + len(unknown) < len(found):
        return None
    # Code of Keras 3 says the same, where its models are functional.
    guessed = context.migrating and is_used_as_model(context, node.value)
    return Safety.REVIEW if sequential or guessed else None


def _says_nothing(value: Value) -> bool:
    """Whether a value may be anything: unknown, `None`, or of another library, such as a mock."""
    if isinstance(value, Result):
        return not value.of.startswith(("keras.", "model.", "layer.", "Tensor."))
    if isinstance(value, Method):
        return value.function is None  # an attribute that nothing is known of
    return value is UNKNOWN or isinstance(value, Const)


def _count(model: Instance, end: str) -> int | None:
    """The number of a model's inputs or outputs."""
    if end == "input":
        return input_count(model)
    outputs = outputs_of(model)
    return None if outputs is None else len(outputs)


def _is_unmade(model: Instance) -> bool:
    """Whether a model was not made by the program: it may be of any class."""
    return (
        model.call is None and not model.attributes.get("outputs") and isinstance(model.cls, type(model.api))
    )


def _finding(context: Context, node: ast.Attribute, certainty: Safety) -> Iterator[Finding]:
    source = context.source
    text, end = source.segment(node), source.end(node)
    owner = source.segment(node.value)
    if _is_branch_of_question(context, node):
        return  # it goes with the whole of `[model.input] if type(model.input) is not list else model.input`
    edits = _whether_several(context, node) or _as_list(context, node, certainty)
    if (
        edits is None
        and certainty is Safety.REVIEW
        and (_is_numbered(context, node) or _may_be_several(context, node))
    ):
        return  # the first of several outputs, or the first sample of one
    new = f"{text}s" if edits else f"{text}s[0]"
    yield Finding(
        CODE,
        context.span(node),
        f"`{text}` of a Sequential model raises in Keras 3 until the model has been called on a tensor",
        Fix(edits or [Edit(end, end, "s[0]")], f"`{text}` → `{new}`", certainty),
        assumption="" if certainty is Safety.SAFE else _assumption(owner, node, plural=edits is not None),
    )


def _assumption(owner: str, node: ast.Attribute, *, plural: bool) -> str:
    return f"`{owner}` is a Keras model" if plural else f"`{owner}` has one {node.attr}"


def _may_be_several(context: Context, node: ast.Attribute) -> bool:
    """Whether a model that this may be is known to have several inputs, or outputs."""
    models = [option for option in options(context.value(node.value)) if isinstance(option, Instance)]
    return any((_count(model, node.attr) or 1) > 1 for model in models if is_model(model))


def _is_numbered(context: Context, node: ast.Attribute) -> bool:
    outer = context.module.parent(node)
    return isinstance(outer, ast.Subscript) and outer.value is node and isinstance(outer.slice, ast.Constant)


# -- one or several? -----------------------------------------------------------------------------------------


def _whether_several(context: Context, node: ast.Attribute) -> list[Edit] | None:
    """Questions for a list, such as `hasattr(model.output, "__len__")`: by the number of outputs then."""
    found = _question(context, node)
    if found is None:
        return None
    asked, several = found
    source = context.source
    outer = context.module.parent(asked)
    plural = f"{source.segment(node)}s"
    if isinstance(outer, ast.IfExp) and _is_wrapped(context, outer, node, several):
        return [Edit(source.start(outer), source.end(outer), plural)]
    negated = isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not)
    whole: ast.AST = outer if negated and outer is not None else asked
    around = context.module.parent(whole)
    if isinstance(around, ast.BoolOp) and isinstance(whole, ast.expr):
        place = around.values.index(whole)
        follower = around.values[place + 1] if place + 1 < len(around.values) else None
        if follower is not None and _compares_length(context, follower, node):
            return [Edit(source.start(whole), source.start(follower), "")]
    relation = "> 1" if several is not negated else "== 1"
    if not isinstance(whole, ast.expr):
        return None
    return [Edit(source.start(whole), source.end(whole), f"len({plural}) {relation}")]


def _is_branch_of_question(context: Context, node: ast.Attribute) -> bool:
    """Whether the end stands in a branch of a choice that becomes one list."""
    choice = next((outer for outer in context.module.ancestors(node) if isinstance(outer, ast.IfExp)), None)
    if choice is None:
        return False
    text = context.source.segment(node)
    for other in walk(choice.test):
        if other is not node and isinstance(other, ast.Attribute) and context.source.segment(other) == text:
            found = _question(context, other)
            if found is not None and found[0] is choice.test:
                return _is_wrapped(context, choice, other, found[1])
    return False


def _question(context: Context, node: ast.Attribute) -> tuple[ast.expr, bool] | None:
    """The expression that asks whether the end is a list, and whether it is true of a list."""
    call = context.module.parent(node)
    if not isinstance(call, ast.Call) or not call.args or call.args[0] is not node:
        return None
    callee = context.module.api(call.func)
    name = callee.name if callee is not None and callee.package == "builtins" else ""
    if name == "hasattr" and isinstance(call.args[1], ast.Constant) and call.args[1].value == "__len__":
        return call, True
    if name == "isinstance" and _names(call.args[1]) <= _LISTS:
        return call, True
    if name == "type":
        outer = context.module.parent(call)
        if isinstance(outer, ast.Compare) and outer.left is call and _names(outer.comparators[0]) <= _LISTS:
            return outer, isinstance(outer.ops[0], (ast.Is, ast.Eq, ast.In))
    return None


def _names(node: ast.expr) -> set[str]:
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node]
    return {part.id if isinstance(part, ast.Name) else "" for part in parts}


def _is_wrapped(context: Context, choice: ast.IfExp, node: ast.Attribute, several: bool) -> bool:
    """`[model.input] if type(model.input) is not list else model.input`: a list in any case."""
    as_list, one = (choice.body, choice.orelse) if several else (choice.orelse, choice.body)
    text = context.source.segment(node)
    wrapped = isinstance(one, ast.List) and len(one.elts) == 1 and context.source.segment(one.elts[0]) == text
    return wrapped and context.source.segment(as_list) == text


def _compares_length(context: Context, test: ast.expr, node: ast.Attribute) -> bool:
    if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Call) or len(test.left.args) != 1:
        return False
    same = context.source.segment(test.left.args[0]) == context.source.segment(node)
    return same and isinstance(test.left.func, ast.Name) and test.left.func.id == "len"


def _as_list(context: Context, node: ast.Attribute, certainty: Safety) -> list[Edit] | None:
    """Where the program takes the end as a list of tensors: `len(model.output)`, `for tensor in model.input`."""
    source, outer = context.source, context.module.parent(node)
    plural = [Edit(source.end(node), source.end(node), "s")]
    if isinstance(outer, ast.Call) and node in outer.args:
        callee = context.module.api(outer.func)
        if callee is not None and callee.package == "builtins" and callee.name in _TAKE_LISTS:
            return plural
    if isinstance(outer, (ast.For, ast.comprehension)) and outer.iter is node:
        return plural
    if (
        isinstance(outer, ast.Compare)
        and node in outer.comparators
        and isinstance(outer.ops[0], (ast.In, ast.NotIn))
    ):
        return plural
    if isinstance(outer, ast.Attribute) and outer.attr in ("index", "append", "extend"):
        return plural
    if isinstance(outer, ast.BinOp) and any(isinstance(part, ast.List) for part in (outer.left, outer.right)):
        return plural
    if node.attr == "input" and certainty is Safety.REVIEW and _makes_model(context, node):
        return plural
    return None


def _makes_model(context: Context, node: ast.Attribute) -> bool:
    """Whether the inputs are those that a functional model is made from."""
    outer = context.module.parent(node)
    call = context.module.parent(outer) if isinstance(outer, ast.keyword) else outer
    if not isinstance(call, ast.Call):
        return False
    callee = context.module.api(call.func)
    first = bool(call.args) and call.args[0] is node
    named = isinstance(outer, ast.keyword) and outer.arg in ("inputs", "input")
    return callee is not None and kind_of(callee.path) is Kind.MODEL and (first or named)
