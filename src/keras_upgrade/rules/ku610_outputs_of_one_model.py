"""KU610 outputs-of-one-model: several outputs that one layer or model makes

Keras 3 names an output after the layer or model that makes it, and keeps losses and metrics by these names. Where one
discriminator gives two outputs, or one generator is called twice, the outputs of the combined model have one name, and
the last of them overwrites the others: their losses are right in the sum, but all are shown as the last one. Keras 2
numbered the names (`model_loss`, `model_1_loss`).

**Since** Keras 3.0.

**Error** SILENT: `g_loss[0]` is right, `g_loss[1]` is the loss of another output.

**Fix.** Where these numbers are used, an `Identity` layer names each such output, after its variable or after what makes it.

**Not fixed.** A program that needs no other change: it may have been written for Keras 3. Outputs for which the program
has no name, such as the items of lists.
Left alone: programs that use the total loss only.

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

image = Input((2,))
valid = Dense(1, kernel_initializer='ones')(image)
label = Dense(1, kernel_initializer='zeros')(image)
discriminator = Model(image, [valid, label])
noise = Input((3,))
valid, label = discriminator(Dense(2, kernel_initializer='ones')(noise))
combined = Model(noise, [valid, label])
combined.compile(SGD(lr=0.1), ['mse', 'mse'])
g_loss = combined.train_on_batch(np.ones((4, 3)), [np.ones((4, 1)), np.ones((4, 1))])
result = [float(g_loss[1]), float(g_loss[2])]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

image = Input((2,))
valid = Dense(1, kernel_initializer='ones')(image)
label = Dense(1, kernel_initializer='zeros')(image)
discriminator = Model(image, [valid, label])
noise = Input((3,))
valid, label = discriminator(Dense(2, kernel_initializer='ones')(noise))
valid = keras.layers.Identity(name="valid")(valid)
label = keras.layers.Identity(name="label")(label)
combined = Model(noise, [valid, label])
combined.compile(SGD(learning_rate=0.1), ['mse', 'mse'])
g_loss = combined.train_on_batch(np.ones((4, 3)), [np.ones((4, 1)), np.ones((4, 1))])
result = [float(g_loss[1]), float(g_loss[2])]
```

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

image = Input((2,))
critic = Model(image, Dense(1, kernel_initializer='ones')(image))
real, fake = Input((2,)), Input((2,))
trainer = Model(inputs=[real, fake], outputs=[critic(real), critic(fake)])
trainer.compile(SGD(lr=0.1), ['mse', 'mae'])
loss, on_real, on_fake = trainer.train_on_batch([np.ones((4, 2)), np.zeros((4, 2))], [np.ones((4, 1)), np.ones((4, 1))])
result = [float(on_real), float(on_fake)]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Model
from keras.optimizers import SGD

image = Input((2,))
critic = Model(image, Dense(1, kernel_initializer='ones')(image))
real, fake = Input((2,)), Input((2,))
trainer = Model(inputs=[real, fake], outputs=[keras.layers.Identity(name="critic_real")(critic(real)), keras.layers.Identity(name="critic_fake")(critic(fake))])
trainer.compile(SGD(learning_rate=0.1), ['mse', 'mae'])
loss, on_real, on_fake = trainer.train_on_batch([np.ones((4, 2)), np.zeros((4, 2))], [np.ones((4, 1)), np.ones((4, 1))])
result = [float(on_real), float(on_fake)]
```

```python unchanged
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
shared = Dense(1, kernel_initializer='ones')
model = Model(x, [shared(x), shared(Dense(2, kernel_initializer='zeros')(x))])
model.compile('sgd', ['mse', 'mse'])
loss = model.train_on_batch(np.ones((4, 2)), [np.ones((4, 1)), np.ones((4, 1))])
result = float(loss[0])
```
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.outputs import MODELS
from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Event, Instance, Seq, Tensor
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.losses.penalties import penalties
from keras_upgrade.rules.shared.results import RESULT_METHODS, uses_of
from keras_upgrade.syntax.edits import keyword_of, statement_lines

CODE = "KU610"
PHASE = STRUCTURE
WORDS = {"evaluate", "evaluate_generator", "test_on_batch", "train_on_batch"}


def check(context: Context) -> Iterator[Finding]:
    """Models some of whose outputs have one name, and whose results are used one by one."""
    if not context.migrating:
        return  # who wrote this for Keras 3 has seen its names
    seen: set[ast.Call] = set()
    wrapped = {penalty.critic for penalty in penalties(context)}  # by a layer that has a name of its own
    for model in context.module.instances:
        places = _alike(model, wrapped)
        if not places or model.call is None or model.call in seen or not _has_losses(model):
            continue
        seen.add(model.call)
        if any(_uses_parts(event) for event in model.events):
            yield _finding(context, model.call, places)


def _alike(model: Instance, wrapped: Collection[ast.expr]) -> list[int]:
    """The places of the outputs that share their maker with another one; calls that get a layer around them do not count."""
    outputs = model.attributes.get("outputs")
    if (
        model.api is None
        or kind_of(model.api.path) not in MODELS
        or not isinstance(outputs, Seq)
        or outputs.rest
    ):
        return []
    makers = [
        item.maker if isinstance(item, Tensor) and item.node not in wrapped else None
        for item in outputs.items
    ]
    known = [maker for maker in makers if isinstance(maker, Instance)]
    return [at for at, maker in enumerate(makers) if isinstance(maker, Instance) and known.count(maker) > 1]


def _has_losses(model: Instance) -> bool:
    """Whether the outputs have losses or metrics of their own, or may have; a loss that the model adds itself has no name."""
    compiled = [event.arguments for event in model.events if event.name == "compile"]
    return not compiled or any(
        not given.complete
        or len(given.positional) > 1
        or given.keywords.keys() - {"optimizer", "run_eagerly"}
        for given in compiled
    )


def _uses_parts(event: Event) -> bool:
    """Whether the program uses more than the total loss that a call returns."""
    if event.name not in RESULT_METHODS or not isinstance(event.node, ast.Call):
        return False
    uses = uses_of(event.module, event.node)
    taken = set(uses.indices)
    if uses.unpacked is not None:
        target = uses.unpacked.targets[0]
        assert isinstance(target, (ast.Tuple, ast.List))
        taken -= {at for at, item in enumerate(target.elts) if isinstance(item, ast.Name) and item.id == "_"}
    return uses.whole or bool(uses.zipped) or bool(taken - {0})


def _finding(context: Context, call: ast.Call, places: list[int]) -> Finding:
    message = (
        "some outputs of this model come from one layer or model, by which Keras 3 names them: it shows the loss of the "
        "last one for all of them (SILENT)"
    )
    subject = "outputs of a model"
    names = _names(context, call, places)
    if names is None:
        told = f"{message}. Give each a name, by an `Identity(name=...)` layer around it"
        return Finding(CODE, context.span(call), told, subject=subject)
    change = f"names for the outputs {', '.join(f'`{name}`' for name in names)}"
    fix = Fix(list(_edits(context, call, names)), change, imports=context.needed_imports)
    return Finding(CODE, context.span(call), message, fix, subject=subject)


def _edits(context: Context, call: ast.Call, names: dict[str, ast.expr]) -> Iterator[Edit]:
    """Variables get their layer in a line before the model; what is made in the list of outputs gets it there."""
    source, statement = context.source, context.module.statement(call)
    start, blank = source.start(statement), source.indentation(statement)
    identity = context.spell("keras.layers.Identity")
    lines = ""
    for name, node in names.items():
        if isinstance(node, ast.Name):
            lines += f'{name} = {identity}(name="{name}")({name})\n{blank}'
        else:
            begin, end = source.start(node), source.end(node)
            yield Edit(begin, begin, f'{identity}(name="{name}")(')
            yield Edit(end, end, ")")
    if lines:
        yield Edit(start, start, lines)


def _names(context: Context, call: ast.Call, places: list[int]) -> dict[str, ast.expr] | None:
    """A name for each of these outputs, fit for a layer; None unless each has one of its own."""
    outputs = _outputs(call)
    statement = context.module.statement(call)
    if outputs is None or statement_lines(context.source, statement) is None:
        return None
    nodes = [outputs.elts[at] for at in places]
    named = {_name(node): node for node in nodes}
    around = enclosing_functions(context.module, call)
    local = set(local_names(around[0])) if around else set(context.module.frame.names)
    variables = {node.id for node in nodes if isinstance(node, ast.Name)}
    fit = len(named) == len(places) and "" not in named and variables <= local
    return named if fit and not named.keys() & _layer_names(context.module) else None


def _name(node: ast.expr) -> str:
    """What an output may be called: its variable, or what is called with what, as in `critic_fake`; nothing if unclear."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        parts = [_name(part) for part in (node.func, node.args[0])]
        return "_".join(part.strip("_") for part in parts) if all(parts) else ""
    return ""


def _outputs(call: ast.Call) -> ast.List | ast.Tuple | None:
    """The list of outputs, if it is written in the call."""
    keyword = keyword_of(call, "outputs") or keyword_of(call, "output")
    node = keyword.value if keyword is not None else next(iter(call.args[1:2]), None)
    return node if isinstance(node, (ast.List, ast.Tuple)) else None


def _layer_names(module: Module) -> set[str]:
    """The names that the program gives to layers, as far as they are written there."""
    return {
        keyword.value.value
        for keyword in module.nodes(ast.keyword)
        if keyword.arg == "name"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }
