"""KU202 generator-method: `fit_generator`, `evaluate_generator`, `predict_generator`

`fit`, `evaluate` and `predict` take generators and sequences; the methods of their own are gone. So are the arguments
`max_queue_size`, `workers` and `use_multiprocessing`, which belong to the `PyDataset` now.

**Since** Keras 3.0 (deprecated since TensorFlow 2.1).

**Error**

    AttributeError: 'Sequential' object has no attribute 'fit_generator'
    TypeError: fit() got an unexpected keyword argument 'workers'

**Fix.** The call becomes `fit`, `evaluate` or `predict`; what stood by position behind the generator is given by
keyword, the arguments on queues and workers are dropped. A number of steps written as `a / b` becomes `a // b`.

**Not fixed.** Keras 1 arguments counted in samples (`samples_per_epoch`, `nb_val_samples`): say how many batches.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def batches():
    while True:
        yield np.ones((4, 3)), np.ones((4, 1))


model = Sequential([Dense(1, input_shape=(3,), kernel_initializer='zeros')])
model.compile('sgd', 'mse')
history = model.fit_generator(batches(), 2, epochs=3,
                              verbose=0, workers=1)
result = [len(history.history['loss']), model.predict_generator(batches(), steps=1).shape]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def batches():
    while True:
        yield np.ones((4, 3)), np.ones((4, 1))


model = Sequential([Dense(1, input_shape=(3,), kernel_initializer='zeros')])
model.compile('sgd', 'mse')
history = model.fit(batches(), steps_per_epoch=2, epochs=3,
                    verbose=0)
result = [len(history.history['loss']), model.predict(batches(), steps=1).shape]
```

```python unchanged
import keras


class Trainer:
    def fit_generator(self, generator, steps):
        return [next(generator) for _ in range(steps)]


result = Trainer().fit_generator(iter(range(9)), 2)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Class, Instance, Method, Result, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.templates import rewrite_call

CODE = "KU202"
PHASE = NAMES
ERRORS = (
    r"object has no attribute '(fit|evaluate|predict)_generator'",
    r"(fit|evaluate|predict)\(\) got an unexpected keyword argument '(workers|max_queue_size|use_multiprocessing)'",
)

_QUEUE = "max_queue_size=10, workers=1, use_multiprocessing=False"
_FIT = (
    "steps_per_epoch epochs verbose callbacks validation_data validation_steps validation_freq class_weight"
)
_ROWS = {
    "fit_generator": (
        "generator, steps_per_epoch=None, epochs=1, verbose=1, callbacks=None, validation_data=None, "
        f"validation_steps=None, validation_freq=1, class_weight=None, {_QUEUE}, shuffle=True, initial_epoch=0",
        "self.fit(x := generator, "
        + ", ".join(f"{n}={n}" for n in (*_FIT.split(), "shuffle", "initial_epoch"))
        + ")",
    ),
    "evaluate_generator": (
        f"generator, steps=None, callbacks=None, {_QUEUE}, verbose=0",
        "self.evaluate(x := generator, steps=steps, callbacks=callbacks, verbose=verbose)",
    ),
    "predict_generator": (
        f"generator, steps=None, callbacks=None, {_QUEUE}, verbose=0",
        "self.predict(x := generator, steps=steps, callbacks=callbacks, verbose=verbose)",
    ),
}
_COUNTS = ("steps_per_epoch", "validation_steps", "steps")


def check(context: Context) -> Iterator[Finding]:
    """Calls of the three methods on models, and on objects that may be models."""
    for call in context.module.calls:
        if (
            isinstance(call.func, ast.Attribute)
            and call.func.attr in _ROWS
            and _may_be_model(context, call.func)
        ):
            yield _finding(context, call, call.func)
        elif isinstance(call.func, ast.Attribute) and call.func.attr in ("fit", "evaluate", "predict"):
            yield from _true_division(context, call, call.func)


def _may_be_model(context: Context, node: ast.Attribute) -> bool:
    for option in options(context.value(node)):
        if isinstance(option, Method) and option.function is not None:
            return False
        if isinstance(option, (Class, Result)):
            return False
    return True


def _is_model(context: Context, node: ast.Attribute) -> bool:
    return any(
        isinstance(option, Method) and isinstance(option.owner, Instance)
        for option in options(context.value(node))
    )


def _finding(context: Context, call: ast.Call, node: ast.Attribute) -> Finding:
    source = context.source
    old, new = _ROWS[node.attr]
    receiver = source.segment(node.value)
    edits = rewrite_call(source, call, old, new, spell=lambda path: path.replace("self", receiver, 1))
    name = node.attr.removesuffix("_generator")
    message = f"`{node.attr}` is gone; `{name}` takes generators"
    if edits is None:
        return Finding(
            CODE,
            context.span(node),
            f"{message}. Its arguments are not those of Keras 2 (or hidden behind `*`): call `{name}` with "
            "`steps_per_epoch=`, `validation_steps=` or `steps=`, counted in batches.",
        )
    edits = _whole_steps(context, call, edits)
    return Finding(
        CODE,
        context.span(node),
        message,
        Fix(
            edits,
            f"`{receiver}.{node.attr}` → `{receiver}.{name}`",
            Safety.SAFE if _is_model(context, node) else Safety.REVIEW,
        ),
        subject=f"`{node.attr}`",
        assumption="" if _is_model(context, node) else f"`{receiver}` is a Keras model",
    )


def _divisions(call: ast.Call) -> list[ast.BinOp]:
    """Numbers of steps that are written as a true division, of which Keras 3 wants an integer."""
    found = []
    positional = call.args[1:2] if isinstance(call.func, ast.Attribute) and call.func.attr in _ROWS else []
    for value in (*positional, *(k.value for name in _COUNTS if (k := keyword_of(call, name)) is not None)):
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Div):
            found.append(value)
    return found


def _division_edit(context: Context, node: ast.BinOp) -> Edit:
    source = context.source
    place = source.text.index("/", source.end(node.left))
    return Edit(place, place + 1, "//")


def _whole_steps(context: Context, call: ast.Call, edits: list[Edit]) -> list[Edit]:
    for node in _divisions(call):
        edit = _division_edit(context, node)
        if not any(other.start <= edit.start < other.end for other in edits):
            edits = [*edits, edit]
    return edits


def _true_division(context: Context, call: ast.Call, node: ast.Attribute) -> Iterator[Finding]:
    if not _is_model(context, node):
        return
    for value in _divisions(call):
        text = context.source.segment(value)
        yield Finding(
            CODE,
            context.span(value),
            f"`{text}` is no integer, which Keras 3 wants for a number of steps",
            Fix([_division_edit(context, value)], f"`{text}` → floor division `//`", Safety.REVIEW),
            assumption="the number of samples is a multiple of the batch size, or the rest may be left out",
        )
