"""KU203 method-or-attribute: `predict_classes`, `predict_proba`, `optimizer.lr`

Methods of models and attributes of optimizers that are gone, or are called otherwise.

**Since** Keras 3.0; `predict_classes` and `predict_proba` since TensorFlow 2.6.

**Error**

    AttributeError: 'Sequential' object has no attribute 'predict_classes'
    AttributeError: 'Adam' object has no attribute 'lr'

**Fix.** `predict_proba` is `predict`; `predict_classes` becomes the comparison or `argmax` that it was, by the number
of outputs of the last layer; `lr` is `learning_rate`. SILENT: setting `optimizer.lr` in Keras 3 only makes an
attribute, the rate stays.

**Not fixed.** `predict_classes` of a model whose last layer is not known.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras import backend as K

model = Sequential([Dense(3, input_shape=(2,), activation='softmax', kernel_initializer='identity')])
model.compile('sgd', 'mse')
x = np.array([[0.0, 2.0], [3.0, 1.0]])
K.set_value(model.optimizer.lr, 0.5)
result = [model.predict_classes(x), model.predict_proba(x), float(K.get_value(model.optimizer.lr))]
```

```python after
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(3, input_shape=(2,), activation='softmax', kernel_initializer='identity')])
model.compile('sgd', 'mse')
x = np.array([[0.0, 2.0], [3.0, 1.0]])
model.optimizer.learning_rate.assign(0.5)
result = [model.predict(x).argmax(axis=-1), model.predict(x), float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))]
```

```python before
import numpy as np
from keras.preprocessing.image import ImageDataGenerator

images = ImageDataGenerator().flow(np.ones((4, 2, 2, 1)), batch_size=2)
result = images.next().shape
```

```python after
import numpy as np
from tensorflow.keras.preprocessing.image import ImageDataGenerator

images = ImageDataGenerator().flow(np.ones((4, 2, 2, 1)), batch_size=2)
result = next(images).shape
```

```python unchanged
class Forest:
    lr = 0.1

    def predict_classes(self, x):
        return [int(v > self.lr) for v in x]


result = Forest().predict_classes([0.05, 0.2])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import (
    UNKNOWN,
    Instance,
    Method,
    Result,
    Value,
    constant,
    options,
)
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU203"
PHASE = NAMES
WORDS = {"lr", "next", "predict_classes", "predict_proba"}
ERRORS = (
    r"object has no attribute 'predict_(classes|proba)'",
    r"object has no attribute 'lr'",
    r"'str' object has no attribute 'name'",
    r"object has no attribute 'next'",
)


_ITERATORS = frozenset({"flow", "flow_from_directory", "flow_from_dataframe"})


def check(context: Context) -> Iterator[Finding]:
    """Old methods of models, and `lr` of optimizers."""
    for call in context.module.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("predict_classes", "predict_proba"):
            if _is_library_method(context.value(call.func)):
                yield _prediction(context, call, call.func)
    for node in context.module.nodes(ast.Attribute):
        if node.attr == "lr":
            yield from _rate(context, node)
        elif node.attr == "next":
            yield from _next(context, node)


def _is_library_method(value: Value) -> bool:
    found = options(value)
    return all(
        option is UNKNOWN
        or (isinstance(option, Method) and option.function is None)
        or (isinstance(option, Result) and option.of.startswith(("keras.", "builtins.")))
        for option in found
    )


def _prediction(context: Context, call: ast.Call, node: ast.Attribute) -> Finding:
    source = context.source
    rename = Edit(source.end(node) - len(node.attr), source.end(node), "predict")
    message = f"`{node.attr}` is gone"
    if node.attr == "predict_proba":
        return Finding(CODE, context.span(node), message, Fix([rename], "`predict_proba` → `predict`"))
    owner = next((o.owner for o in options(context.value(node)) if isinstance(o, Method)), None)
    units = _outputs(owner)
    if units is None:
        return Finding(
            CODE,
            context.span(node),
            f"{message}: `model.predict(x).argmax(axis=-1)` for several classes, "
            "`(model.predict(x) > 0.5).astype('int32')` for one output with a sigmoid.",
        )
    end = source.end(call)
    if units > 1:
        edits, new = [rename, Edit(end, end, ".argmax(axis=-1)")], "predict(...).argmax(axis=-1)"
    else:
        start = source.start(call)
        edits = [Edit(start, start, "("), rename, Edit(end, end, ' > 0.5).astype("int32")')]
        new = '(predict(...) > 0.5).astype("int32")'
    return Finding(CODE, context.span(node), message, Fix(edits, f"`predict_classes` → `{new}`"))


def _outputs(owner: Value | None) -> int | None:
    """The number of outputs of a Sequential model's last layer."""
    if not isinstance(owner, Instance):
        return None
    for layer in reversed(owner.children):
        if not isinstance(layer, Instance) or layer.api is None:
            return None
        if layer.api.name in ("Activation", "Dropout", "Softmax"):
            if constant(layer.arguments.get(0, "activation")) == "softmax" or layer.api.name == "Softmax":
                return 2
            continue
        units = constant(layer.arguments.get(0, "units", "output_dim"))
        if isinstance(units, int):
            return units
        return 2 if constant(layer.arguments.get(1, "activation")) == "softmax" else None
    return None


def _rate(context: Context, node: ast.Attribute) -> Iterator[Finding]:
    certainty = _optimizer(context, node.value)
    if certainty is None:
        return
    source = context.source
    end = source.end(node)
    assigned = isinstance(node.ctx, ast.Store)
    yield Finding(
        CODE,
        context.span(node),
        "`lr` of an optimizer is `learning_rate`"
        + (": setting `lr` changes nothing in Keras 3" if assigned else ""),
        Fix([Edit(end - 2, end, "learning_rate")], "`optimizer.lr` → `optimizer.learning_rate`", certainty),
        assumption="" if certainty is Safety.SAFE else f"`{source.segment(node.value)}` is a Keras optimizer",
    )


def _optimizer(context: Context, node: ast.expr) -> Safety | None:
    """How sure it is that an expression is an optimizer; None if it is something else."""
    for option in options(context.value(node)):
        if isinstance(option, Result) and option.of.endswith(".optimizer"):
            return Safety.SAFE
        if (
            isinstance(option, Instance)
            and option.api is not None
            and kind_of(option.api.path) is Kind.OPTIMIZER
        ):
            return Safety.SAFE
    unknown = all(not isinstance(option, (Instance, Result)) for option in options(context.value(node)))
    named = isinstance(node, ast.Attribute) and node.attr == "optimizer"
    return Safety.REVIEW if unknown and named else None


def _next(context: Context, node: ast.Attribute) -> Iterator[Finding]:
    """`flow.next()` of an iterator over images."""
    call = context.module.parent(node)
    found = options(context.value(node.value))
    if not isinstance(call, ast.Call) or call.func is not node or call.args or call.keywords:
        return
    if not all(isinstance(o, Result) and o.of.rpartition(".")[2] in _ITERATORS for o in found):
        return
    source = context.source
    text = source.segment(node.value)
    yield Finding(
        CODE,
        context.span(node),
        f"`{text}` has no method `next`",
        Fix(
            [Edit(source.start(call), source.end(call), f"next({text})")], f"`{text}.next()` → `next({text})`"
        ),
    )
