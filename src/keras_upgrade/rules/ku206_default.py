"""KU206 new-default: arguments whose default is another one

An argument that a program leaves out means what its default says, and some defaults are others in Keras 3. Average
pooling has no default size any more, which raises an error. The others are SILENT: Adadelta and Adagrad of standalone
Keras began with a thousand and ten times the learning rate, so that the programs of old hardly learn now.

**Since** Keras 3.0 (`AveragePooling`, `l1_l2`); TensorFlow 2.0, when leaving standalone Keras (optimizers).

**Error**

    TypeError: AveragePooling2D.__init__() missing 1 required positional argument: 'pool_size'

**Fix.** The old default is written out. An optimizer that is given by its name becomes an object.

**Not fixed.** Optimizers of `tf.keras` programs, which had today's defaults.

```python before
from keras.layers import AveragePooling2D, Flatten
from keras.models import Sequential

model = Sequential()
model.add(AveragePooling2D(input_shape=(4, 4, 1)))
model.add(Flatten())
result = model.output_shape
```

```python after
from keras.layers import AveragePooling2D, Flatten
from keras.models import Sequential

model = Sequential()
model.add(AveragePooling2D(input_shape=(4, 4, 1), pool_size=(2, 2)))
model.add(Flatten())
result = model.output_shape
```

```python before
from keras.layers import AveragePooling1D, Dense, Flatten
from keras.models import Sequential

model = Sequential([AveragePooling1D(input_shape=(4, 1)), Flatten(), Dense(1)])
model.compile(optimizer='adadelta', loss='mse')
model.summary(print_fn=lambda line: None)
result = len(model.layers)
```

```python after
import keras
from keras.layers import AveragePooling1D, Dense, Flatten
from keras.models import Sequential

model = Sequential([AveragePooling1D(input_shape=(4, 1), pool_size=2), Flatten(), Dense(1)])
model.compile(optimizer=keras.optimizers.Adadelta(learning_rate=1.0), loss='mse')
model.summary(print_fn=lambda line: None)
result = len(model.layers)
```

```python before
import numpy as np
from keras.layers.core import Dense
from keras.models import Sequential
from keras.optimizers import Adadelta

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(optimizer=Adadelta(), loss='mse')
model.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))
result = model.get_weights()
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adadelta

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(optimizer=Adadelta(learning_rate=1.0), loss='mse')
model.train_on_batch(np.ones((4, 2)), np.ones((4, 1)))
result = model.get_weights()
```

```python unchanged
from keras.layers import AveragePooling2D, MaxPooling2D
from keras.optimizers import Adadelta

layers = [AveragePooling2D(3), AveragePooling2D(pool_size=(2, 2)), MaxPooling2D()]
result = [len(layers), Adadelta(0.5).name]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import arguments
from keras_upgrade.knowledge.arguments import NewDefault, Renamed
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import append_argument, keyword_of

CODE = "KU206"
PHASE = STRUCTURE
ERRORS = (r"AveragePooling\dD\.__init__\(\) missing 1 required positional argument: 'pool_size'",)

_STANDALONE = "the program was written for standalone Keras up to 2.3, not for `keras` 2.4 to 2.15"
_BY_NAME = {name.lower(): f"keras.optimizers.{name}" for name in ("Adadelta", "Adagrad", "Adamax", "Nadam")}
_OWN_RULE = frozenset({"reset_after"})  # KU402


def check(context: Context) -> Iterator[Finding]:
    """Calls that leave out an argument with another default, and optimizers given by their names."""
    for call, callee in context.calls():
        if callee.path.startswith("keras.") and _is_complete(call):
            yield from _left_out(context, call, callee.path)
    if context.migrating and context.standalone:
        for call in context.module.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
                yield from _by_name(context, call)


def _is_complete(call: ast.Call) -> bool:
    """Whether all arguments are to be seen."""
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    return not starred and all(keyword.arg is not None for keyword in call.keywords)


@cache
def _defaults(path: str) -> dict[str, NewDefault]:
    """The arguments of a class or function whose old default matters."""
    table = arguments.changes(path)
    return {
        name: change
        for name, change in table.items()
        if isinstance(change, NewDefault) and change.matters and name not in _OWN_RULE
    }


def _is_given(call: ast.Call, path: str, name: str, change: NewDefault) -> bool:
    renamed = arguments.changes(path).items()
    names = [name, *(old for old, new in renamed if isinstance(new, Renamed) and new.new == name)]
    return len(call.args) > change.position or any(keyword_of(call, known) for known in names)


def _left_out(context: Context, call: ast.Call, path: str) -> Iterator[Finding]:
    """One finding for all arguments that a call leaves out: they are added at one place."""
    left = {
        name: change
        for name, change in _defaults(path).items()
        if _held(context, change) and not _is_given(call, path, name, change)
    }
    if not left:
        return
    owner = path.rpartition(".")[2]
    text = ", ".join(f"{name}={change.old}" for name, change in left.items())
    were = " and ".join(_was(name, change) for name, change in left.items())
    of_standalone = any("2.15" not in change.until for change in left.values())
    yield Finding(
        CODE,
        context.span(call.func),
        f"`{owner}`: {were}",
        Fix(
            [append_argument(context.source, call, text)],
            f"`{owner}`: `{text}`",
            Safety.REVIEW if of_standalone else Safety.SAFE,
        ),
        subject=f"`{owner}` arguments",
        assumption=_STANDALONE if of_standalone else "",
    )


def _was(name: str, change: NewDefault) -> str:
    today = f"`{change.new}` today (SILENT)" if change.new is not None else "required today"
    return f"`{name}` was `{change.old}` by default, and is {today}"


def _held(context: Context, change: NewDefault) -> bool:
    """Whether the old default was that of the program's Keras."""
    if "2.15" in change.until:
        return change.new is None or context.migrating
    return "keras" in change.until and context.migrating and context.standalone


def _by_name(context: Context, call: ast.Call) -> Iterator[Finding]:
    keyword = keyword_of(call, "optimizer")
    given = keyword.value if keyword is not None else call.args[0] if call.args else None
    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
        return
    path = _BY_NAME.get(given.value.lower())
    if path is None:
        return
    old = ", ".join(f"{name}={change.old}" for name, change in _defaults(path).items())
    text = f"{context.spell(path)}({old})"
    source = context.source
    yield Finding(
        CODE,
        context.span(given),
        f"`{given.value}` of standalone Keras had other defaults: `{old}` (SILENT)",
        Fix(
            [Edit(source.start(given), source.end(given), text)],
            f"`'{given.value}'` → `{text}`",
            Safety.REVIEW,
            context.needed_imports,
        ),
        subject="optimizers by name",
        assumption=_STANDALONE,
    )
