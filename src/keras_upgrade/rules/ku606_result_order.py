"""KU606 result-order: the order of what `evaluate` returns for several outputs

`evaluate`, `train_on_batch` and `test_on_batch` return the loss, the loss of each output, then the metrics. Keras 2 gave
the metrics output by output, as they stand in `compile`. Keras 3 gives them in the alphabetic order of their names,
`output_metric`. And where only one output has a loss, its loss comes once, not twice.

**Since** Keras 3.0.

**Error** SILENT: the numbers are right, but other ones stand at an index or get a name. With one loss only

    TypeError: 'float' object is not subscriptable
    ValueError: not enough values to unpack (expected 3, got 2)

**Fix.** Where the order is another one, the results are read by their names: `return_dict=True`, `scores["kind_acc"]`.

**Not fixed.** A program that needs no other change: it may have been written for Keras 3. Results that are handed on as a list, or of outputs and metrics whose names are not known from the program:
name the output layers, and read the results by name. Left alone: orders that are the same in both.
Names that Keras makes do not help: `dense_1_acc` comes before `dense_acc`.

```python before
import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import SGD

x = Input((2,))
price = Dense(1, kernel_initializer='ones', name='price')(x)
kind = Dense(1, kernel_initializer='zeros', name='kind')(x)
model = Model(x, [price, kind])
model.compile(SGD(lr=0.1), ['mse', 'mse'], metrics=[['mae'], ['mse', 'mae']])
targets = [np.zeros((4, 1)), np.ones((4, 1))]
loss, price_loss, kind_loss, price_mae, kind_mse, kind_mae = model.evaluate(np.ones((4, 2)), targets, verbose=0)
scores = model.train_on_batch(np.ones((4, 2)), targets)
result = [float(loss), float(price_mae), float(kind_mse), float(scores[0]), float(scores[3])]
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

x = Input((2,))
price = Dense(1, kernel_initializer='ones', name='price')(x)
kind = Dense(1, kernel_initializer='zeros', name='kind')(x)
model = Model(x, [price, kind])
model.compile(SGD(learning_rate=0.1), ['mse', 'mse'], metrics=[['mae'], ['mse', 'mae']])
targets = [np.zeros((4, 1)), np.ones((4, 1))]
results = model.evaluate(np.ones((4, 2)), targets, verbose=0, return_dict=True)
loss, price_loss, kind_loss, price_mae, kind_mse, kind_mae = (
    results[name] for name in ["loss", "price_loss", "kind_loss", "price_mae", "kind_mse", "kind_mae"]
)
scores = model.train_on_batch(np.ones((4, 2)), targets, return_dict=True)
result = [float(loss), float(price_mae), float(kind_mse), float(scores["loss"]), float(scores["price_mae"])]
```

```python unchanged
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
a, b = Dense(1, kernel_initializer='ones', name='a')(x), Dense(1, kernel_initializer='ones', name='b')(x)
model = Model(x, [a, b])
model.compile('sgd', 'mse', metrics=[['mae'], ['mae']])
loss, a_loss, b_loss, a_mae, b_mae = model.evaluate(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
result = [float(a_mae), float(b_mae)]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import (
    Compilation,
    Results,
    compilation,
    compiled_before,
    has_own,
    is_model,
    results,
)
from keras_upgrade.analysis.values import Instance, Method, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.records import replace
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.results import RESULT_METHODS, Uses, uses_of
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import (
    append_argument,
    keyword_of,
    line_content_end,
    statement_lines,
)

CODE = "KU606"
PHASE = STRUCTURE
WORDS = {"evaluate", "evaluate_generator", "test_on_batch", "train_on_batch"}

_SUBJECT = "results of several outputs"


def check(context: Context) -> Iterator[Finding]:
    """Results of several outputs that are taken by their place."""
    if not context.migrating:
        return  # who wrote this for Keras 3 knows its order
    for call in context.module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in RESULT_METHODS:
            compiled = _compilation(context, call, call.func)
            if compiled is not None and len(compiled.outputs or ()) > 1:
                finding = _finding(context, call, compiled)
                if finding is not None:
                    yield finding


def _compilation(context: Context, call: ast.Call, node: ast.Attribute) -> Compilation | None:
    """How the model is compiled when the call is made; None if that is not known, or differs from time to time."""
    found: list[Compilation] = []
    for option in options(context.value(node)):
        model = option.owner if isinstance(option, Method) and option.function is None else None
        if (
            not isinstance(model, Instance)
            or not is_model(model)
            or has_own(model, "train_step", "test_step")
        ):
            return None
        for event in model.events:
            if event.node is call:
                compiled = compiled_before(model, event)
                if compiled is None:
                    return None
                found.append(compilation(model, compiled))
    hidden = any(keyword.arg is None for keyword in call.keywords)
    if not found or hidden or keyword_of(call, "return_dict") is not None:
        return None
    same = len({(item.outputs, results(item)) for item in found}) == 1
    return found[0] if same else None


def _finding(context: Context, call: ast.Call, compiled: Compilation) -> Finding | None:
    names = results(compiled)
    uses = uses_of(context.module, call)
    if uses.zipped and not (names is not None and len(names.keras3) > 1 and _is_named(uses, names)):
        uses = replace(uses, whole=True)
    if names is None:
        known = 1 + len(compiled.outputs or ())
        of_metrics = uses.whole or any(index >= known or index < 0 for index in uses.indices)
        return _advice(context, call) if compiled.has_metrics and of_metrics else None
    if names.keras2 == names.keras3 or not _is_affected(names, uses):
        return None
    count = len(names.keras2)
    wanted = [names.keras2[index] for index in uses.indices if -count <= index < count]
    complete = len(wanted) == len(uses.indices) and set(wanted) <= set(names.keras3)
    if uses.whole or not complete or (uses.unpacked is not None and len(uses.indices) != count):
        return _advice(context, call, names)
    return _by_name(context, call, uses, names)


def _is_named(uses: Uses, names: Results) -> bool:
    """Whether the program takes the results only together with their names, which are in the order of Keras 3 (KU604)."""
    return not uses.indices and all(_has_names(call, names) for call in uses.zipped)


def _has_names(call: ast.Call, names: Results) -> bool:
    for argument in call.args:
        if isinstance(argument, ast.Attribute) and argument.attr == "metrics_names":
            return True
        if isinstance(argument, ast.List):
            given = [item.value if isinstance(item, ast.Constant) else None for item in argument.elts]
            if given == list(names.keras3):
                return True
    return False


def _is_affected(names: Results, uses: Uses) -> bool:
    """Whether one of the results that are used stands elsewhere, or all of them are only a number."""
    if uses.whole or uses.unpacked is not None:
        return True
    places = dict(enumerate(names.keras3))
    places.update({index - len(names.keras3): name for index, name in places.items()})
    count = len(names.keras2)
    return bool(uses.indices) and (
        len(names.keras3) == 1
        or any(
            not -count <= index < count or places.get(index) != names.keras2[index] for index in uses.indices
        )
    )


# -- findings --------------------------------------------------------------------------------------------------


def _by_name(context: Context, call: ast.Call, uses: Uses, names: Results) -> Finding:
    source = context.source
    edits = [append_argument(source, call, "return_dict=True")]
    for node, index in uses.items:
        start, end = source.start(node.slice), source.end(node.slice)
        edits.append(Edit(start, end, f'"{names.keras2[index]}"'))
    if uses.unpacked is not None:
        if statement_lines(source, uses.unpacked) is None:
            return _advice(context, call, names)
        edits += _unpack_by_name(context, uses.unpacked, names)
    return Finding(
        CODE,
        context.span(call),
        _message(names),
        Fix(edits, "results of several outputs by name: `return_dict=True`"),
        subject=_SUBJECT,
    )


def _unpack_by_name(context: Context, statement: ast.Assign, names: Results) -> list[Edit]:
    source = context.source
    target = statement.targets[0]
    results_ = free_name("results", context.module.names())
    blank = source.indentation(statement)
    keys = ", ".join(f'"{name}"' for name in names.keras2)
    text = (
        f"\n{blank}{source.segment(target)} = (\n{blank}    {results_}[name] for name in [{keys}]\n{blank})"
    )
    end = line_content_end(source, statement)
    return [Edit(source.start(target), source.end(target), results_), Edit(end, end, text)]


def _message(names: Results | None) -> str:
    if names is None:
        return (
            "the metrics of several outputs come in the alphabetic order of their names, `output_metric`, in Keras 3 "
            "(SILENT)"
        )
    return f"Keras 3 returns these results in another order (SILENT): {', '.join(names.keras3)}"


def _advice(context: Context, call: ast.Call, names: Results | None = None) -> Finding:
    before = f"; Keras 2: {', '.join(names.keras2)}" if names is not None else ""
    return Finding(
        CODE,
        context.span(call),
        f"{_message(names)}{before}. Read them by name: `return_dict=True`, after giving the output layers names.",
        subject=_SUBJECT,
    )
