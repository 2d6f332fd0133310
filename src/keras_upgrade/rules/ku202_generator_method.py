"""KU202 generator-method: `fit_generator`, `evaluate_generator`, `predict_generator`

`fit`, `evaluate` and `predict` take generators and sequences; the methods of their own are gone. So are the arguments
`max_queue_size`, `workers` and `use_multiprocessing`, which belong to the `PyDataset` now.

**Since** Keras 3.0 (deprecated since TensorFlow 2.1).

**Error**

    AttributeError: 'Sequential' object has no attribute 'fit_generator'
    TypeError: fit() got an unexpected keyword argument 'workers'
    TypeError: 'float' object cannot be interpreted as an integer

**Fix.** The call becomes `fit`, `evaluate` or `predict`; what stood by position behind the generator is given by
keyword, the arguments on queues and workers are dropped. A number of steps written as `a / b` is rounded up, as Keras 2
did; one of NumPy (`np.ceil(a / b)`) becomes an `int`.

The names that Keras 1 had for the arguments become those of today. What it counted in samples (`samples_per_epoch`,
`nb_val_samples`) is divided by the size of the batches, where a flow of an `ImageDataGenerator` says it, as Keras 2 did.

**Not fixed.** Keras 1 arguments counted in samples where the size of a batch is not known: say how many batches.

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

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


def batches():
    while True:
        yield np.ones((4, 2)), np.zeros((4, 1))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
steps = 10 / 4
model.fit(batches(), steps_per_epoch=steps, verbose=0)
model.fit(batches(), steps_per_epoch=np.ceil(10 / 4), verbose=0)
result = model.get_weights()
```

```python after
import numpy as np
import math
from keras.layers import Dense
from keras.models import Sequential


def batches():
    while True:
        yield np.ones((4, 2)), np.zeros((4, 1))


model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
steps = 10 / 4
model.fit(batches(), steps_per_epoch=math.ceil(steps), verbose=0)
model.fit(batches(), steps_per_epoch=int(np.ceil(10 / 4)), verbose=0)
result = model.get_weights()
```

```python before
import numpy as np
from keras.layers import Dense, Flatten
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator

x, y = np.ones((12, 4, 4, 1)), np.zeros((12, 1))
model = Sequential([Flatten(input_shape=(4, 4, 1)), Dense(1, kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.fit_generator(ImageDataGenerator().flow(x, y, batch_size=4), samples_per_epoch=len(x), nb_epoch=2,
                    validation_data=(x, y), nb_val_samples=12, max_q_size=2, verbose=0)
result = int(model.optimizer.iterations)
assert result == 6
```

```python after
import numpy as np
from keras.layers import Dense, Flatten
from keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator

x, y = np.ones((12, 4, 4, 1)), np.zeros((12, 1))
model = Sequential([Flatten(input_shape=(4, 4, 1)), Dense(1, kernel_initializer='ones')])
model.compile('sgd', 'mse')
model.fit(ImageDataGenerator().flow(x, y, batch_size=4), steps_per_epoch=len(x) // 4, epochs=2,
          validation_data=(x, y), verbose=0)
result = int(model.optimizer.iterations)
assert result == 6
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
from keras_upgrade.rules.shared.samples import counted_in_batches, in_words_of_keras1
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.templates import rewrite_call

CODE = "KU202"
PHASE = NAMES
WORDS = {"evaluate", "evaluate_generator", "fit", "fit_generator", "predict", "predict_generator"}
ERRORS = (
    r"object has no attribute '(fit|evaluate|predict)_generator'",
    r"(fit|evaluate|predict)\(\) got an unexpected keyword argument '(workers|max_queue_size|use_multiprocessing)'",
    r"fit_generator\(\) got an unexpected keyword argument '(samples_per_epoch|nb_epoch|nb_val_samples)'",
    r"'(numpy\.)?float(64)?' object cannot be interpreted as an integer",
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
_ROUNDED = frozenset({"numpy.ceil", "numpy.floor", "numpy.round", "numpy.rint", "numpy.around"})


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
            yield from _floats(context, call, call.func)


def _may_be_model(context: Context, node: ast.Attribute) -> bool:
    for option in options(context.value(node)):
        if isinstance(option, Method) and option.function is not None:
            return False
        if isinstance(option, Class) or (isinstance(option, Result) and not _is_of_keras(option)):
            return False
    return True


def _is_of_keras(result: Result) -> bool:
    """Whether a package around Keras gave the object: `keras_contrib.applications.ResNet(...)`."""
    root = result.of.partition(".")[0]
    return "keras" in root and root != "keras"


def _is_model(context: Context, node: ast.Attribute) -> bool:
    return any(
        isinstance(option, Method) and isinstance(option.owner, Instance)
        for option in options(context.value(node))
    )


def _finding(context: Context, call: ast.Call, node: ast.Attribute) -> Finding:
    source = context.source
    old, new = in_words_of_keras1(call, *_ROWS[node.attr])
    divided = counted_in_batches(context, call)
    receiver = source.segment(node.value)
    edits = rewrite_call(source, call, old, new, spell=lambda path: path.replace("self", receiver, 1))
    name = node.attr.removesuffix("_generator")
    message = f"`{node.attr}` is gone; `{name}` takes generators"
    if edits is None or divided is None:
        return Finding(
            CODE,
            context.span(node),
            f"{message}. Its arguments are not those of Keras 2 (or hidden behind `*`): call `{name}` with "
            "`steps_per_epoch=`, `validation_steps=` or `steps=`, counted in batches.",
        )
    edits, imports = _whole_steps(context, call, [*edits, *divided])
    return Finding(
        CODE,
        context.span(node),
        message,
        Fix(
            edits,
            f"`{receiver}.{node.attr}` → `{receiver}.{name}`",
            Safety.SAFE if _is_model(context, node) else Safety.REVIEW,
            imports,
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


def _rounded_up(context: Context, node: ast.BinOp) -> tuple[list[Edit], str, tuple[str, ...]]:
    """A division as Keras 2 took it: it went on while the steps done were fewer. With the new text and its imports."""
    source = context.source
    text = source.segment(node)
    if _comes_out_even(node):
        place = source.text.index("/", source.end(node.left))
        return [Edit(place, place + 1, "//")], text.replace("/", "//"), ()
    start, end = source.start(node), source.end(node)
    return [Edit(start, start, "math.ceil("), Edit(end, end, ")")], f"math.ceil({text})", ("import math",)


def _comes_out_even(node: ast.BinOp) -> bool:
    """Whether two numbers are divided without a rest."""
    numbers = [item.value for item in (node.left, node.right) if isinstance(item, ast.Constant)]
    left, right = (*numbers, None, None)[:2]
    return isinstance(left, int) and isinstance(right, int) and right != 0 and left % right == 0


def _whole_steps(context: Context, call: ast.Call, edits: list[Edit]) -> tuple[list[Edit], tuple[str, ...]]:
    """The edits with those of the divisions, where they do not touch each other."""
    needed: tuple[str, ...] = ()
    for node in _divisions(call):
        more, _, imports = _rounded_up(context, node)
        span = context.source.span(node)
        if not any(other.start <= span.end and span.start <= other.end for other in edits):
            edits, needed = [*edits, *more], (*needed, *imports)
    return edits, needed


def _true_division(context: Context, call: ast.Call, node: ast.Attribute) -> Iterator[Finding]:
    if not _is_model(context, node):
        return
    for value in _divisions(call):
        text = context.source.segment(value)
        edits, new, imports = _rounded_up(context, value)
        yield Finding(
            CODE,
            context.span(value),
            f"`{text}` is no integer, which Keras 3 wants for a number of steps",
            Fix(edits, f"`{text}` → `{new}`", imports=imports),
        )


def _floats(context: Context, call: ast.Call, node: ast.Attribute) -> Iterator[Finding]:
    """Numbers of steps that NumPy rounded, or that a variable holds as a quotient."""
    if not _is_model(context, node):
        return
    for keyword in (keyword_of(call, name) for name in _COUNTS):
        if keyword is None:
            continue
        found = options(context.value(keyword.value))
        given = context.module.assigned(keyword.value) if isinstance(keyword.value, ast.Name) else None
        if all(isinstance(option, Result) and option.of in _ROUNDED for option in found):
            around, needed = "int", ""
        elif isinstance(given, ast.BinOp) and isinstance(given.op, ast.Div):
            around, needed = "math.ceil", "import math"
        else:
            continue
        start, end = context.source.start(keyword.value), context.source.end(keyword.value)
        text = context.source.segment(keyword.value)
        yield Finding(
            CODE,
            context.span(keyword.value),
            f"`{text}` is no integer, which Keras 3 wants for a number of steps",
            Fix(
                [Edit(start, start, f"{around}("), Edit(end, end, ")")],
                f"`{text}` → `{around}({text})`",
                imports=(needed,) if needed else (),
            ),
        )
