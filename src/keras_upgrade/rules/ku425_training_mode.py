"""KU425 training-mode: layers of a functional model that are told by `training=` how to run

In Keras 2, `Dropout(0.5)(x, training=True)` drops in `predict` too, and `base(x, training=False)` stays in inference mode
while the model around it is trained. In Keras 3 the mode of the whole model overrides what the call was given: `predict`
runs every layer in inference mode, `fit` in training mode.

**Since** Keras 3.0.

**Error** SILENT: Monte Carlo dropout gives the same prediction each time; a normalization uses other statistics.

**Fix.** A layer class of its own, whose `call` sets the mode: that of the model does not get through to it.

**Not fixed.** A model inside of the model: `base(x, training=False)`. As long as `base` is frozen, its normalizations are in
inference mode anyway; when it is unfrozen, they are not any more. Layers that are called in both modes. A program that needs
no other change: it may have been written for Keras 3. Left alone: calls in the `call` of a layer, in which the argument counts
as it did.

```python before
import numpy as np
from keras.layers import BatchNormalization, Dense, Input
from keras.models import Model
from keras.optimizers import SGD

x = Input((2,))
h = BatchNormalization(epsilon=1e-6)(x, training=True)
model = Model(x, Dense(1, kernel_initializer='ones')(h))
model.compile(SGD(lr=0.1), 'mse')
result = model.predict(np.array([[0.0, 1.0], [2.0, 5.0]]))
```

```python after
import numpy as np
import keras
from keras.layers import BatchNormalization, Dense, Input
from keras.models import Model
from keras.optimizers import SGD


@keras.saving.register_keras_serializable()
class TrainingBatchNormalization(BatchNormalization):
    def call(self, inputs, mask=None):
        return super().call(inputs, training=True, mask=mask)


x = Input((2,))
h = TrainingBatchNormalization(epsilon=1e-6)(x)
model = Model(x, Dense(1, kernel_initializer='ones')(h))
model.compile(SGD(learning_rate=0.1), 'mse')
result = model.predict(np.array([[0.0, 1.0], [2.0, 5.0]]))
```

```python unchanged
import keras
import numpy as np


class Noisy(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.drop = keras.layers.Dropout(0.5)

    def call(self, x):
        return self.drop(x, training=False)


x = keras.Input((2,))
result = keras.Model(x, Noisy()(x)).predict(np.ones((1, 2)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.freezing import TRAINING
from keras_upgrade.analysis.outputs import is_model
from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import Api, Instance, constant, is_symbolic, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import method_of
from keras_upgrade.syntax.blocks import definition_edit, free_name, insertion_point, paragraph_start
from keras_upgrade.syntax.edits import keyword_of, remove_arguments

CODE = "KU425"
PHASE = STRUCTURE
WORDS = {"training"}

_NOISE = frozenset(
    ["AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise"]
    + [f"SpatialDropout{rank}D" for rank in (1, 2, 3)]
)
_NORMALIZATION = "BatchNormalization"
_INFERENCE = frozenset(
    {"predict", "predict_generator", "predict_on_batch", "predict_classes", "predict_proba"}
    | {"evaluate", "evaluate_generator", "test_on_batch"}
)
"""Methods that run a model in inference mode, as `TRAINING` do in the other one."""


@dataclass(frozen=True)
class _Told:
    """A call that tells a layer its mode.

    Attributes:
        call: the call of the layer.
        layer: the layer.
        mode: what `training` is.
    """

    call: ast.Call
    layer: Instance
    mode: bool


def check(context: Context) -> Iterator[Finding]:
    """Calls of layers on symbolic tensors with a constant `training`."""
    if not context.migrating:
        return
    groups: dict[tuple[str, bool], list[_Told]] = {}
    for told in _told(context):
        if not _matters(context.program, told.mode):
            continue
        if is_model(told.layer):
            if told.layer.api is not None and not told.mode and not _stays_frozen(told.layer):
                yield _advice(context, told)
            continue
        name = told.layer.api.name if told.layer.api is not None else ""
        if name not in _NOISE and name != _NORMALIZATION:
            continue
        if _is_own(context, told):
            groups.setdefault((context.source.segment(_class_of(told)), told.mode), []).append(told)
        else:
            yield _advice(context, told)
    for (_, mode), found in groups.items():
        yield _finding(context, mode, found)


def _told(context: Context) -> Iterator[_Told]:
    for call in context.module.calls:
        keyword = keyword_of(call, "training")
        mode = (
            keyword.value.value if keyword is not None and isinstance(keyword.value, ast.Constant) else None
        )
        if not isinstance(mode, (bool, int)) or not is_symbolic(context.value(call)):
            continue
        if method_of(context, call) is not None and _is_in_call(context, call):
            continue
        for layer in options(context.value(call.func)):
            if isinstance(layer, Instance):
                yield _Told(call, layer, bool(mode))


def _is_in_call(context: Context, call: ast.Call) -> bool:
    place = method_of(context, call)
    return place is not None and place[1].name in ("call", "__call__", "build")


def _matters(program: Program, mode: bool) -> bool:
    """Whether the program runs a model in the other mode, or does not show how it runs its models."""
    names = {event.name for module in program for item in module.instances for event in item.events}
    others, own = (_INFERENCE, TRAINING) if mode else (TRAINING, _INFERENCE)
    return bool(names & others) or not names & own


def _stays_frozen(base: Instance) -> bool:
    """Whether a model is frozen, and never unfrozen: then its normalizations are in inference mode."""
    values = [constant(event.arguments.positional[0]) for event in base.events if event.name == "trainable="]
    return bool(values) and not any(values)


def _is_own(context: Context, told: _Told) -> bool:
    """Whether the layer is made in this module by the name of its class, and called in this mode only."""
    layer = told.layer
    if not isinstance(layer.cls, Api) or layer.call is None or layer.module is not context.module:
        return False
    made = layer.call
    together = all(isinstance(o, Instance) and o.call is made for o in options(context.value(told.call.func)))
    return together and all(_mode(call) is told.mode for call in _calls_of(context, made))


def _calls_of(context: Context, made: ast.Call) -> list[ast.Call]:
    """The calls of the layers that are made at a place."""
    return [
        call
        for call in context.module.calls
        if any(isinstance(o, Instance) and o.call is made for o in options(context.value(call.func)))
    ]


def _mode(call: ast.Call) -> object:
    keyword = keyword_of(call, "training")
    return keyword.value.value if keyword is not None and isinstance(keyword.value, ast.Constant) else None


def _class_of(told: _Told) -> ast.expr:
    """The class, as it is written where the layer is made."""
    assert told.layer.call is not None
    return told.layer.call.func


def _finding(context: Context, mode: bool, found: list[_Told]) -> Finding:
    source, module = context.source, context.module
    written = source.segment(_class_of(found[0]))
    assert found[0].layer.api is not None
    base = found[0].layer.api.name
    name = free_name(f"{'Training' if mode else 'Inference'}{base}", module.names())
    first = min((told.layer.call for told in found if told.layer.call is not None), key=source.start)
    outer = [module.statement(first), *(n for n in module.ancestors(first) if isinstance(n, ast.stmt))]
    limit = module.document.span_of(module.cell_of(first))
    point = paragraph_start(source, module.tree, insertion_point(source, outer[-1], limit), limit)
    edits = [definition_edit(source, point, _definition(context, name, written, base, mode), limit)]
    for node in {id(told.layer.call): _class_of(told) for told in found}.values():
        edits.append(Edit(source.start(node), source.end(node), name))
    for call in {id(told.call): told.call for told in found}.values():
        keyword = keyword_of(call, "training")
        edits += remove_arguments(source, call, [keyword] if keyword is not None else [])
    return Finding(
        CODE,
        context.span(found[0].call),
        f"`training={mode}` is overridden by the mode of the model in Keras 3 (SILENT)",
        Fix(edits, f"`{written}()(x, training={mode})` → `{name}()(x)`", imports=context.needed_imports),
        subject=f"`{base}` layers",
    )


def _definition(context: Context, name: str, written: str, base: str, mode: bool) -> str:
    masked = base == _NORMALIZATION
    return (
        f"@{context.spell('keras.saving.register_keras_serializable')}()\n"
        f"class {name}({written}):\n"
        f"    def call(self, inputs{', mask=None' if masked else ''}):\n"
        f"        return super().call(inputs, training={mode}{', mask=mask' if masked else ''})"
    )


def _advice(context: Context, told: _Told) -> Finding:
    return Finding(
        CODE,
        context.span(told.call),
        f"`training={told.mode}` is overridden by the mode of the model around it in Keras 3 (SILENT): set "
        "`trainable = False` for normalizations that have to stay in inference mode, or call it in the `call` of a layer "
        "of your own, where the argument counts",
        subject="calls with `training`",
    )
