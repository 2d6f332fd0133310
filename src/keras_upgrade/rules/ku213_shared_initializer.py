"""KU213 shared-initializer: one initializer object for several layers

A random initializer object gave other numbers each time in standalone Keras and in TensorFlow up to 2.9. In Keras 3 it
gives the same ones: layers of one shape that share it start with equal weights. SILENT.

**Since** TensorFlow 2.10.

**Fix.** None: where layers of one shape should differ, give each its own, `kernel_initializer=init.clone()`.

**Not fixed.** Everything: whether it matters depends on the shapes of the layers.

```python before
from keras.initializers import RandomNormal
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam

init = RandomNormal(stddev=0.02)
model = Sequential()
model.add(Dense(3, input_shape=(3,), kernel_initializer=init))
model.add(Dense(3, kernel_initializer=init))
model.compile(Adam(lr=0.1), 'mse')
result = model.count_params()
```

```python after
from keras.initializers import RandomNormal
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam

init = RandomNormal(stddev=0.02)
model = Sequential()
model.add(Dense(3, input_shape=(3,), kernel_initializer=init))
model.add(Dense(3, kernel_initializer=init))
model.compile(Adam(learning_rate=0.1), 'mse')
result = model.count_params()
```

```python unchanged
from keras.initializers import RandomNormal, Zeros
from keras.layers import Dense
from keras.models import Sequential

zeros = Zeros()
model = Sequential()
model.add(Dense(3, input_shape=(3,), kernel_initializer=RandomNormal(), bias_initializer=zeros))
model.add(Dense(3, kernel_initializer=RandomNormal(), bias_initializer=zeros))
result = model.count_params()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Instance, instances
from keras_upgrade.findings import Finding
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context

CODE = "KU213"
PHASE = STRUCTURE
_RANDOM = ("Random", "Truncated", "Glorot", "glorot", "He", "he_", "Lecun", "lecun", "Variance", "Orthogonal")


def check(context: Context) -> Iterator[Finding]:
    """Random initializers without a seed that several layers are given."""
    if not context.migrating or not context.standalone:
        return
    users: dict[int, list[ast.Call]] = {}
    shared: dict[int, Instance] = {}
    for call, callee in context.calls():
        if kind_of(callee.path) is not Kind.LAYER:
            continue
        for keyword in call.keywords:
            for item in instances(context.value(keyword.value)) if _is_initial(keyword) else ():
                users.setdefault(id(item), []).append(call)
                shared[id(item)] = item
    for key, calls in users.items():
        item = shared[key]
        if len(calls) > 1 and item.call is not None and item.module is context.module and _is_random(item):
            yield Finding(
                CODE,
                context.span(item.call),
                f"{len(calls)} layers share this initializer, which gives all of them the same numbers since TensorFlow "
                "2.10 (SILENT): where layers of one shape should differ, give each its own, with `.clone()`",
                subject="initializers",
            )


def _is_initial(keyword: ast.keyword) -> bool:
    return keyword.arg is not None and (keyword.arg.endswith("initializer") or keyword.arg == "init")


def _is_random(item: Instance) -> bool:
    """Whether an initializer draws numbers, from a seed of its own choice."""
    if item.api is None or "initializers." not in item.api.path or not item.arguments.complete:
        return False
    return item.api.name.startswith(_RANDOM) and "seed" not in item.arguments.keywords
