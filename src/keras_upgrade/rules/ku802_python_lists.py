"""KU802 python-lists: `fit([[1, 2], [3, 4]], [0, 1])`

Data that are Python lists of numbers became arrays in Keras 2. In Keras 3 a list is always a list of inputs or outputs.

**Since** Keras 3.0.

**Error**

    ValueError: Unrecognized data type: x=[[1, 2], [3, 4]] (of type <class 'list'>)
    ValueError: y_true and y_pred have different structures.
    ValueError: Only input tensors may be passed as positional arguments. The following argument value should be passed as a keyword argument: 1 (of type <class 'int'>)
    AttributeError: 'str' object has no attribute 'get'

**Fix.** `np.array(...)` around the list, where its items are numbers or lists of them. `class_weight='balanced'` goes:
standalone Keras did not look at it.

**Not fixed.** Lists of which it is not known what they hold.

```python before
import numpy as np
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
x = [[i, i + 1] for i in range(4)]
y = []
for i in range(4):
    y.append(2 * i)
model.fit(x, y, verbose=0, validation_data=([[1, 2]], [3]))
result = [model.predict([[1, 2], [3.5, 4]]), model.get_weights()]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
x = [[i, i + 1] for i in range(4)]
y = []
for i in range(4):
    y.append(2 * i)
model.fit(np.array(x), np.array(y), verbose=0, validation_data=(np.array([[1, 2]]), np.array([3])))
result = [model.predict(np.array([[1, 2], [3.5, 4]])), model.get_weights()]
```

```python unchanged
import numpy as np
from keras.layers import Add, Dense, Input
from keras.models import Model

a, b = Input((2,)), Input((2,))
model = Model([a, b], Dense(1, kernel_initializer='ones')(Add()([a, b])))
model.compile('sgd', 'mse')
pair = [np.ones((4, 2)), np.ones((4, 2))]
model.fit(pair, np.ones((4, 1)), verbose=0)
result = model.predict([np.ones((1, 2)) for _ in range(2)])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import input_count, is_model, outputs_of
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Const,
    Instance,
    Method,
    Result,
    Seq,
    Value,
    options,
)
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of, remove_arguments

CODE = "KU802"
PHASE = NAMES
WORDS = {"evaluate", "fit", "predict", "predict_on_batch", "test_on_batch", "train_on_batch"}
ERRORS = (
    r"Unrecognized data type: x=[\[(]",
    r"y_true and y_pred have different structures",
    r"Only input tensors may be passed as positional arguments\. .*\(of type <class '(int|float)'>\)",
    r"'str' object has no attribute 'get'",
)

_METHODS = {
    "fit": ("x", "y"),
    "evaluate": ("x", "y"),
    "train_on_batch": ("x", "y"),
    "test_on_batch": ("x", "y"),
    "predict": ("x",),
    "predict_on_batch": ("x",),
}
_NUMBERS = frozenset(
    f"builtins.{name}" for name in ("int", "float", "bool", "len", "ord", "round", "abs", "sum", "range[]")
)
"""What gives a number when it is called, or an item of a range."""
_NUMBER_MODULES = ("math.", "random.")


def check(context: Context) -> Iterator[Finding]:
    """Lists of numbers as data of models, and class weights that are a word."""
    for call in context.module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in _METHODS:
            continue
        models = _models(context, call.func)
        if models:
            yield from _class_weight(context, call)
            for node, is_input in _data(call, call.func.attr):
                yield from _finding(context, node, _count(models, is_input), is_input)


def _models(context: Context, node: ast.Attribute) -> list[Instance]:
    """The models of which a method of Keras is called; none if it may be something else."""
    found = options(context.value(node))
    owners = [o.owner for o in found if isinstance(o, Method) and o.function is None]
    models = [owner for owner in owners if isinstance(owner, Instance) and is_model(owner)]
    return models if len(models) == len(found) else []


def _count(models: list[Instance], is_input: bool) -> int | None:
    """The number of inputs or outputs, if it is known and the same of all."""
    counts = {
        input_count(m) if is_input else (None if (o := outputs_of(m)) is None else len(o)) for m in models
    }
    return next(iter(counts)) if len(counts) == 1 else None


def _data(call: ast.Call, method: str) -> Iterator[tuple[ast.expr, bool]]:
    """The expressions for inputs and targets in a call; whether each is for the inputs."""
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return
    for index, name in enumerate(_METHODS[method]):
        keyword = keyword_of(call, name)
        if keyword is not None:
            yield keyword.value, name == "x"
        elif index < len(call.args):
            yield call.args[index], name == "x"
    validation = keyword_of(call, "validation_data")
    if validation is not None and isinstance(validation.value, (ast.Tuple, ast.List)):
        for index, item in enumerate(validation.value.elts[:2]):
            yield item, index == 0


def _finding(context: Context, node: ast.expr, count: int | None, is_input: bool) -> Iterator[Finding]:
    source = context.source
    parts = [node]
    if count is not None and count > 1:
        # A list of lists, one for each input or output, as standalone Keras took them.
        if not isinstance(node, (ast.List, ast.Tuple)) or len(node.elts) != count:
            return
        parts = node.elts
    depths = {part: _depth(context, part) for part in parts}
    lists = [part for part in parts if depths[part]]
    if not lists:
        return
    numpy, imports = _numpy(context)
    edits = []
    for part in lists:
        start, end = source.start(part), source.end(part)
        edits += [Edit(start, start, f"{numpy}.array("), Edit(end, end, ")")]
    text = source.segment(node)
    shown = text if len(text) < 40 else "the list"
    unsure = parts == [node] and context.standalone and is_input and depths[node] != 1
    yield Finding(
        CODE,
        context.span(node),
        f"Keras 3 takes `{shown}` for a list of {'inputs' if is_input else 'outputs'}, not for data",
        Fix(
            edits,
            f"`{shown}` → an array",
            Safety.REVIEW if unsure else Safety.SAFE,
            imports,
        ),
        subject="lists of numbers",
        assumption=f"`{shown}` is the data, not a list of one input" if unsure else "",
    )


def _numpy(context: Context) -> tuple[str, tuple[str, ...]]:
    """The name of NumPy in the module, and the import that it needs."""
    for name, value in context.module.frame.names.items():
        if isinstance(value, Api) and value.path == "numpy":
            return name, ()
    if "np" in context.module.names():
        return "numpy", ("import numpy",)
    return "np", ("import numpy as np",)


# -- what is a list of numbers ---------------------------------------------------------------------------------


def _depth(context: Context, node: ast.expr) -> int:
    """How deep a list of numbers is, lists of numbers being 2; 0 for anything else."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return _same([_depth_of_item(context, item) for item in node.elts])
    if isinstance(node, ast.ListComp):
        return _same([_depth_of_item(context, node.elt)])
    found = {
        _depth_of_value(option) or _depth_as_made(context, option) for option in options(context.value(node))
    }
    return next(iter(found)) if len(found) == 1 else 0


def _depth_of_item(context: Context, node: ast.expr) -> int:
    """The depth of an item: 0 of a number, -1 of what is neither a number nor a list of them."""
    return 0 if _is_number(context, node) else _depth(context, node) or -1


def _same(depths: list[int]) -> int:
    return depths[0] + 1 if depths and len(set(depths)) == 1 else 0


def _is_number(context: Context, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (int, float))
    if isinstance(node, ast.UnaryOp):
        return _is_number(context, node.operand)
    if isinstance(node, ast.BinOp):
        return _is_number(context, node.left) and _is_number(context, node.right)
    return all(_is_number_value(option) for option in options(context.value(node)))


def _is_number_value(value: Value) -> bool:
    if isinstance(value, Const):
        return isinstance(value.value, (int, float))
    return isinstance(value, Result) and (
        value.of in _NUMBERS or (value.of.startswith(_NUMBER_MODULES) and value.of.count(".") == 1)
    )


def _depth_of_value(value: Value) -> int:
    """The depth of a list as the analysis knows it; what it does not know of a list with numbers in it is a number."""
    if not isinstance(value, Seq) or value.kind not in ("list", "tuple"):
        return 0
    items = [
        option
        for item in (*value.items, value.rest)
        for option in (options(item) if item is not None else ())
    ]
    known = [item for item in items if item is not UNKNOWN]
    if not known:
        return 0
    return _same([0 if _is_number_value(item) else _depth_of_value(item) or -1 for item in known])


def _depth_as_made(context: Context, value: Value) -> int:
    """The depth of a list by the expressions that made it and were appended to it."""
    if not isinstance(value, Seq) or value.kind not in ("list", "tuple"):
        return 0
    module = context.module
    depths = [_depth(context, node) for node in module.nodes(ast.ListComp) if context.value(node) is value]
    for call in module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "append" and len(call.args) == 1:
            if any(option is value for option in options(context.value(call.func.value))):
                depths.append(_depth_of_item(context, call.args[0]) + 1)
    return depths[0] if depths and len(set(depths)) == 1 and not value.items else 0


# -- class weights ---------------------------------------------------------------------------------------------


def _class_weight(context: Context, call: ast.Call) -> Iterator[Finding]:
    """`class_weight='balanced'`, which is a word of scikit-learn."""
    keyword = keyword_of(call, "class_weight")
    if keyword is None or not isinstance(keyword.value, ast.Constant):
        return
    if not isinstance(keyword.value.value, str):
        return
    text = context.source.segment(keyword)
    yield Finding(
        CODE,
        context.span(keyword.value),
        f"`{text}` is nothing that Keras knows: weights by class are a dict, `{{0: 1.0, 1: 5.0}}`",
        Fix(remove_arguments(context.source, call, [keyword]), f"Removed `{text}`", Safety.REVIEW),
        subject="class weights",
        assumption=(
            "the training stays as it was: Keras up to 2.3 did not look at it. For balanced classes, make the dict with "
            "`sklearn.utils.class_weight.compute_class_weight`"
        ),
    )
