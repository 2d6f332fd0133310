"""KU204 metric-key: `history['acc']` of a model that is compiled with `'accuracy'`, and `history['lr']`

The keys of `History.history`, of the logs that callbacks see and of `monitor=` are the names that `compile` was given.
Keras before 2.3 shortened `'accuracy'` to `'acc'`, and programs read that. What `ReduceLROnPlateau` and
`LearningRateScheduler` note as `'lr'` in Keras 2 is `'learning_rate'` in Keras 3.

**Since** Keras 2.3 / TensorFlow 2.0; `'learning_rate'` since Keras 3.0.

**Error** `logs.get('lr')` is SILENT: it gives None. Otherwise

    KeyError: 'acc'
    KeyError: 'lr'
    UserWarning: Early stopping conditioned on metric `val_acc` which is not available

**Fix.** The key becomes the name that the model is compiled with; `metrics=['acc']` with `history['acc']` is right.
`'lr'` becomes `'learning_rate'` in a program that has one of the two callbacks and no other one that notes an `'lr'`.

**Not fixed.** Files that `CSVLogger` writes have the column `learning_rate` now.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(1, input_shape=(2,), activation='sigmoid', kernel_initializer='zeros'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
names = 'loss acc'.split()
result = [name for name in names if name in training.history] and len(training.history['loss'])
plotted = lambda: training.history['acc']
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(1, input_shape=(2,), activation='sigmoid', kernel_initializer='zeros'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
names = 'loss acc'.split()
result = [name for name in names if name in training.history] and len(training.history['loss'])
plotted = lambda: training.history['accuracy']
```

```python before
import numpy as np
from keras.callbacks import Callback, LearningRateScheduler
from keras.layers import Dense
from keras.models import Sequential


class Rates(Callback):
    def on_train_begin(self, logs=None):
        self.rates = []

    def on_epoch_end(self, epoch, logs=None):
        self.rates.append(float(logs.get('lr')))


model = Sequential([Dense(1, input_shape=(2,))])
model.compile(optimizer='sgd', loss='mse')
rates = Rates()
schedule = LearningRateScheduler(lambda epoch: 0.5 / (epoch + 1))
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=2, verbose=0, callbacks=[schedule, rates])
result = [[float(rate) for rate in training.history['lr']], rates.rates]
```

```python after
import numpy as np
from keras.callbacks import Callback, LearningRateScheduler
from keras.layers import Dense
from keras.models import Sequential


class Rates(Callback):
    def on_train_begin(self, logs=None):
        self.rates = []

    def on_epoch_end(self, epoch, logs=None):
        self.rates.append(float(logs.get('learning_rate')))


model = Sequential([Dense(1, input_shape=(2,))])
model.compile(optimizer='sgd', loss='mse')
rates = Rates()
schedule = LearningRateScheduler(lambda epoch: 0.5 / (epoch + 1))
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=2, verbose=0, callbacks=[schedule, rates])
result = [[float(rate) for rate in training.history['learning_rate']], rates.rates]
```

```python unchanged
import numpy as np
from keras.callbacks import Callback, ReduceLROnPlateau
from keras.layers import Dense
from keras.models import Sequential


class Rate(Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs['lr'] = float(self.model.optimizer.learning_rate)


model = Sequential([Dense(1, input_shape=(2,))])
model.compile(optimizer='sgd', loss='mse')
slower = ReduceLROnPlateau(monitor='loss')
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0, callbacks=[slower, Rate()])
result = len(training.history['lr'])
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(1, input_shape=(2,), activation='sigmoid', kernel_initializer='zeros'))
model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['acc'])
training = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
result = len(training.history['acc'])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import is_callback, is_callback_class, items_of
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import (
    Const,
    Function,
    Instance,
    Mapping,
    Method,
    Result,
    Seq,
    Value,
    options,
)
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU204"
PHASE = NAMES
ERRORS = (
    r"KeyError: '(val_)?acc(uracy)?'",
    r"KeyError: 'lr'",
    r"conditioned on metric `?(val_)?acc",
    r"monitor=(val_)?acc",
)

_NAMES = ("acc", "accuracy")
_RATE_WRITERS = frozenset({"ReduceLROnPlateau", "LearningRateScheduler"})


def check(context: Context) -> Iterator[Finding]:
    """Keys `acc` and `accuracy` that no model is compiled with, and `lr` where Keras notes the learning rate."""
    yield from _accuracies(context)
    if any(_is_rate(node) for node in context.module.nodes(ast.Constant)) and _keras_notes_rate(context):
        yield from _rates(context)


def _accuracies(context: Context) -> Iterator[Finding]:
    if not any(_is_accuracy(node.value) for node in context.module.nodes(ast.Constant)):
        return
    fitted = _fitted_metrics(context)
    if not fitted:
        return
    for node in context.module.nodes(ast.Subscript):
        if isinstance(node.slice, ast.Constant):
            for option in options(context.value(node.value)):
                if isinstance(option, Result) and option.of.endswith(".history"):
                    yield from _key(context, node.slice, _metrics_of(option.owner) or fitted)
                    break
    for call, callee in context.calls():
        if kind_of(callee.path) is Kind.CALLBACK:
            monitor = keyword_of(call, "monitor")
            if monitor is not None and isinstance(monitor.value, ast.Constant):
                yield from _key(context, monitor.value, fitted)


def _is_accuracy(key: object) -> bool:
    return isinstance(key, str) and key.removeprefix("val_") in _NAMES


def _fitted_metrics(context: Context) -> frozenset[str]:
    """The accuracy names that the models are compiled with; none where a model that is not known is compiled, too."""
    found: set[str] = set()
    for call in context.module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
            if keyword_of(call, "metrics") and not _has_owner(context.value(call.func)):
                return frozenset()
    for module in context.program.together_with(context.module):
        for item in module.instances:
            found |= _metrics_of(item)
    return frozenset(found)


def _has_owner(value: Value) -> bool:
    return any(isinstance(o, Method) and isinstance(o.owner, Instance) for o in options(value))


def _metrics_of(owner: Value | None) -> frozenset[str]:
    if not isinstance(owner, Instance):
        return frozenset()
    found: set[str] = set()
    for event in owner.events:
        if event.name == "compile":
            metrics = event.arguments.get(2, "metrics")
            if metrics is not None:
                found |= _strings(metrics)
    return frozenset(found)


def _strings(value: Value, depth: int = 2) -> set[str]:
    found: set[str] = set()
    for option in options(value):
        if isinstance(option, Const) and option.value in _NAMES:
            found.add(str(option.value))
        elif isinstance(option, Seq) and depth:
            for item in option.items:
                found |= _strings(item, depth - 1)
        elif isinstance(option, Mapping) and depth:
            for item in option.items.values():
                found |= _strings(item, depth - 1)
    return found


def _key(context: Context, node: ast.Constant, metrics: frozenset[str]) -> Iterator[Finding]:
    key = node.value
    if not isinstance(key, str):
        return
    prefix = "val_" if key.startswith("val_") else ""
    name = key.removeprefix("val_")
    if name not in _NAMES or name in metrics or len(metrics) != 1:
        return
    new = prefix + next(iter(metrics))
    source = context.source
    text = source.segment(node)
    start = source.start(node) + text.index(key)
    yield Finding(
        CODE,
        context.span(node),
        f"the model is compiled with `metrics=['{next(iter(metrics))}']`: there is no key `'{key}'`",
        Fix([Edit(start, start + len(key), new)], f"key `'{key}'` → `'{new}'`"),
        subject="`history` keys",
    )


# -- the learning rate -----------------------------------------------------------------------------------------


def _keras_notes_rate(context: Context) -> bool:
    """Whether a callback of Keras writes the learning rate into the logs, and none of the user's writes an `lr`."""
    modules = context.program.together_with(context.module)
    return any(_writes_rate(item) for module in modules for item in module.instances) and not any(
        _is_logs(module, owner) or _is_history(module, owner)
        for module in modules
        for owner in _rate_stores(module)
    )


def _rate_stores(module: Module) -> Iterator[ast.expr]:
    """What gets an `lr`: `logs['lr'] = rate`, `logs.update(lr=rate)`."""
    for node in module.nodes(ast.Subscript):
        if isinstance(node.ctx, ast.Store) and _is_rate(node.slice):
            yield node.value
    for call in module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "update":
            keys = [key for item in call.args if isinstance(item, ast.Dict) for key in item.keys]
            if keyword_of(call, "lr") or any(key is not None and _is_rate(key) for key in keys):
                yield call.func.value


def _writes_rate(value: Value) -> bool:
    return (
        isinstance(value, Instance)
        and is_callback(value)
        and value.api is not None
        and value.api.name in _RATE_WRITERS
    )


def _rates(context: Context) -> Iterator[Finding]:
    """Reads of the key `lr`: `history['lr']`, `logs.get('lr')`, `'lr' in logs`."""
    module = context.module
    places = [(node.value, node.slice) for node in module.nodes(ast.Subscript)]
    places += [
        (call.func.value, call.args[0])
        for call in module.calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get" and call.args
    ]
    places += [
        (node.comparators[0], node.left)
        for node in module.nodes(ast.Compare)
        if isinstance(node.ops[0], (ast.In, ast.NotIn))
    ]
    for owner, key in places:
        if _is_rate(key) and (_is_history(module, owner) or _is_logs(module, owner)):
            start = context.source.start(key) + context.source.segment(key).index("lr")
            yield Finding(
                CODE,
                context.span(key),
                "Keras notes the learning rate as `'learning_rate'`: there is no key `'lr'`",
                Fix([Edit(start, start + len("lr"), "learning_rate")], "key `'lr'` → `'learning_rate'`"),
                subject="`history` keys",
            )


def _is_rate(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "lr"


def _is_history(module: Module, node: ast.expr) -> bool:
    """Whether a value is the history of a training that a callback of Keras notes the learning rate of."""
    found = [o for o in options(module.value(node)) if isinstance(o, Result) and o.of.endswith(".history")]
    return any(option.arguments is None or _has_writer(option) for option in found)


def _has_writer(history: Result) -> bool:
    """Whether a training had such a callback, as far as its callbacks are known."""
    given = history.arguments.get(5, "callbacks") if history.arguments is not None else None
    known = list(items_of(given))
    return any(_writes_rate(item) or not is_callback(item) for item in known)


def _is_logs(module: Module, node: ast.expr) -> bool:
    """Whether a name is the last parameter, the logs, of a method that Keras calls on callbacks."""
    if not isinstance(node, ast.Name):
        return False
    for outer in module.ancestors(node):
        if isinstance(outer, (ast.FunctionDef, ast.Lambda)):
            parameters = outer.args.args
            if any(parameter.arg == node.id for parameter in parameters):
                return parameters[-1].arg == node.id and outer in _hooks(module)
    return False


def _hooks(module: Module) -> set[ast.AST]:
    """The functions of a module that Keras calls in a training: methods of callbacks, arguments of `LambdaCallback`."""
    found: set[ast.AST] = set()
    for function in module.functions:
        owner = function.owner
        if owner is not None and function.name.startswith("on_") and is_callback_class(owner):
            found.add(function.node)
    for item in module.instances:
        if is_callback(item) and item.api is not None and item.api.name == "LambdaCallback":
            for value in item.arguments.all():
                found.update(option.node for option in options(value) if isinstance(option, Function))
    return found
