"""KU610 outputs-of-one-layer: a model whose outputs come from the same layer

Where a model has several outputs, each is named after the layer (or model) that made it. A critic that judges real and
generated images made two of them, both with its name. Keras 2 told them apart by a number, or by their places; Keras 3
keeps the results by name, so that of outputs with one name the last takes the place of the others in all that is reported.
Training itself is right.

**Since** Keras 3.0.

**Error** SILENT: the losses of several outputs that `train_on_batch` or `evaluate` report are one and the same.

**Fix.** Each of these outputs goes through an `Identity` layer that has the name of its variable. That is also what results
are called now.

**Not fixed.** Models that are not compiled, or whose outputs are not written as a list.

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
critic = Model(x, Dense(1, kernel_initializer='ones')(x))
a, b = Input((2,)), Input((2,))
valid = critic(a)
fake = critic(b)
trainer = Model([a, b], [valid, fake])
trainer.compile('sgd', loss=['mse', 'mse'])
result = trainer.train_on_batch([np.ones((4, 2)), np.zeros((4, 2))], [np.zeros((4, 1)), np.ones((4, 1))])
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
critic = Model(x, Dense(1, kernel_initializer='ones')(x))
a, b = Input((2,)), Input((2,))
valid = critic(a)
fake = critic(b)
trainer = Model([a, b], [keras.layers.Identity(name="valid")(valid), keras.layers.Identity(name="fake")(fake)])
trainer.compile('sgd', loss=['mse', 'mse'])
result = trainer.train_on_batch([np.ones((4, 2)), np.zeros((4, 2))], [np.zeros((4, 1)), np.ones((4, 1))])
```

```python unchanged
import numpy as np
import keras

x = keras.Input((2,))
critic = keras.Model(x, keras.layers.Dense(1, kernel_initializer='ones')(x))
a, b = keras.Input((2,)), keras.Input((2,))
pair = keras.Model([a, b], [critic(a), critic(b)])
result = [y.tolist() for y in pair.predict([np.ones((1, 2)), np.zeros((1, 2))])]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.models import is_layer
from keras_upgrade.analysis.values import Instance, Tensor, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.losses.penalties import penalties
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import keyword_of

CODE = "KU610"
PHASE = STRUCTURE
_BY_NAME = "nothing reads these results by their names, which are others now"


def check(context: Context) -> Iterator[Finding]:
    """Compiled models several of whose outputs one layer made."""
    if any(True for _ in penalties(context)):
        return  # a layer around the critic will make one of the outputs
    seen: set[ast.Call] = set()
    for made in context.module.instances:
        call = made.call
        if call is None or call in seen or made.api is None or kind_of(made.api.path) is not Kind.MODEL:
            continue
        seen.add(call)
        if any(event.name == "compile" for event in made.events):
            items = _of_one_layer(context, _outputs(call))
            if items:
                yield _finding(context, call, items)


def _outputs(call: ast.Call) -> Sequence[ast.expr]:
    keyword = keyword_of(call, "outputs") or keyword_of(call, "output")
    given = keyword.value if keyword is not None else call.args[1] if len(call.args) > 1 else None
    return given.elts if isinstance(given, (ast.List, ast.Tuple)) else []


def _of_one_layer(context: Context, outputs: Sequence[ast.expr]) -> list[ast.expr]:
    """The outputs whose layer makes another one of them too."""
    makers = [_maker(context, item) for item in outputs]
    if len({ast.unparse(item) for item in outputs}) != len(outputs):
        return []
    return [
        item
        for item, maker in zip(outputs, makers, strict=True)
        if maker is not None and sum(other is maker for other in makers) > 1
    ]


def _maker(context: Context, node: ast.expr) -> Instance | None:
    """The layer that an output comes from in any case."""
    found = [option for option in options(context.value(node)) if isinstance(option, Tensor)]
    makers = [tensor.maker for tensor in found if isinstance(tensor.maker, Instance) and tensor.index is None]
    if (
        not makers
        or len(makers) != len(options(context.value(node)))
        or not isinstance(node, (ast.Name, ast.Call))
    ):
        return None
    return makers[0] if is_layer(makers[0]) else None


def _finding(context: Context, call: ast.Call, items: list[ast.expr]) -> Finding:
    source = context.source
    layer = context.spell("keras.layers.Identity")
    names: list[str] = []
    edits: list[Edit] = []
    for item in items:
        wanted = item.id if isinstance(item, ast.Name) else "output"
        names.append(free_name(wanted, names))
        start, end = source.start(item), source.end(item)
        edits += [Edit(start, start, f'{layer}(name="{names[-1]}")('), Edit(end, end, ")")]
    listed = ", ".join(f"`{name}`" for name in names)
    return Finding(
        CODE,
        context.span(call.func),
        "several outputs come from one layer and have its name: of their results, the last is reported for all",
        Fix(edits, f"Outputs {listed} have names", Safety.REVIEW, context.needed_imports),
        subject="`outputs`",
        assumption=_BY_NAME,
    )
