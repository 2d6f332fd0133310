"""KU208 identifier: losses, metrics, activations and constraints by names that are gone

`compile(loss='kullback_leibler_divergence')`, `kernel_constraint='maxnorm'`: names in texts, of which Keras 3 knows
fewer than Keras 2.

**Since** Keras 3.0.

**Error**

    ValueError: Could not interpret loss identifier: kullback_leibler_divergence
    ValueError: Could not interpret metric identifier: logcosh
    ValueError: Could not interpret activation function identifier: LeakyReLU
    ValueError: Could not interpret constraint identifier: maxnorm

**Fix.** The name of today. A metric becomes an object that keeps the old name, since that is the key of its values in
`history.history`.

**Not fixed.** Texts that reach the call by other ways than as literals.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(2, input_shape=(2,), kernel_initializer='identity', kernel_constraint='maxnorm', activation='softmax'))
model.compile('sgd', loss='kullback_leibler_divergence', metrics=['mae', 'logcosh'])
scores = model.evaluate(np.array([[1.0, 2.0]]), np.array([[0.2, 0.8]]), verbose=0)
result = [float(score) for score in scores]
```

```python after
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(2, input_shape=(2,), kernel_initializer='identity', kernel_constraint='max_norm', activation='softmax'))
model.compile('sgd', loss='kl_divergence', metrics=['mae', keras.metrics.LogCoshError()])
scores = model.evaluate(np.array([[1.0, 2.0]]), np.array([[0.2, 0.8]]), verbose=0)
result = [float(score) for score in scores]
```

```python before
import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import Dense, Input

x = Input((2,))
a = Dense(2, name='a', kernel_initializer='identity', activation='LeakyReLU')(x)
b = Dense(2, name='b', kernel_initializer='identity')(x)
model = keras.Model(x, [a, b])
model.compile('sgd', loss={'a': 'huber_loss', 'b': 'logcosh'})
data = np.array([[-1.0, 2.0]])
result = [float(loss) for loss in model.evaluate(data, [data, 2 * data], verbose=0)]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input

x = Input((2,))
a = Dense(2, name='a', kernel_initializer='identity', activation=keras.layers.LeakyReLU())(x)
b = Dense(2, name='b', kernel_initializer='identity')(x)
model = keras.Model(x, [a, b])
model.compile('sgd', loss={'a': 'huber', 'b': 'log_cosh'})
data = np.array([[-1.0, 2.0]])
result = [float(loss) for loss in model.evaluate(data, [data, 2 * data], verbose=0)]
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

settings = {'loss': 'logcosh'}
model = Sequential([Dense(1, input_shape=(2,), kernel_constraint='max_norm')])
model.compile('sgd', loss='mse', metrics=['mae'])
result = model.count_params() + len(settings)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from keras_upgrade.analysis.values import Instance, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge import identifiers
from keras_upgrade.knowledge.identifiers import Identifier
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU208"
PHASE = NAMES
ERRORS = (
    r"Could not interpret (loss|metric|activation function|initializer|regularizer|constraint) identifier",
)
_COMPILE = (("loss", 1, identifiers.LOSSES), ("metrics", 2, identifiers.METRICS))


def check(context: Context) -> Iterator[Finding]:
    """Texts in `compile` and in the arguments of layers."""
    for call in context.module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
            if _may_be_model(context, call.func.value):
                for name, position, table in _COMPILE:
                    yield from _in_compile(context, call, name, position, table)
    for call, callee in context.calls():
        if kind_of(callee.path) is not Kind.LAYER:
            continue
        for keyword in call.keywords:
            yield from _text(context, keyword.value, identifiers.of_layer_argument(keyword.arg or ""))
        if callee.name == "Activation" and call.args:
            yield from _text(context, call.args[0], identifiers.of_layer_argument("activation"))


def _may_be_model(context: Context, node: ast.expr) -> bool:
    """Whether nothing speaks against a Keras model."""
    found = [option for option in options(context.value(node)) if isinstance(option, Instance)]
    return all(option.api is not None and option.api.path.startswith("keras.") for option in found)


def _in_compile(
    context: Context, call: ast.Call, name: str, position: int, table: Mapping[str, Identifier]
) -> Iterator[Finding]:
    keyword = keyword_of(call, name)
    if keyword is not None:
        yield from _texts(context, keyword.value, table)
    elif len(call.args) > position:
        yield from _texts(context, call.args[position], table)


def _texts(context: Context, node: ast.expr, table: Mapping[str, Identifier]) -> Iterator[Finding]:
    """The texts of an argument: one, or some in lists and dicts."""
    if isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            yield from _texts(context, item, table)
    elif isinstance(node, ast.Dict):
        for item in node.values:
            yield from _texts(context, item, table)
    else:
        yield from _text(context, node, table)


def _text(context: Context, node: ast.expr, table: Mapping[str, Identifier]) -> Iterator[Finding]:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.value not in table:
        return
    entry, source = table[node.value], context.source
    old, new = source.segment(node), entry.new
    imports: tuple[str, ...] = ()
    if new.startswith("keras."):
        path, _, rest = new.partition("(")
        new, imports = f"{context.spell(path)}({rest}", context.needed_imports
    elif old[0] == '"':
        new = new.replace("'", '"')
    yield Finding(
        CODE,
        context.span(node),
        f"Keras 3 does not know the name {old}. {entry.note}".rstrip(),
        Fix([Edit(source.start(node), source.end(node), new)], f"`{old}` → `{new}`", imports=imports),
        subject="names in texts",
    )
