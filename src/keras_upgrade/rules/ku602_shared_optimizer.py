"""KU602 shared-optimizer: one optimizer object for several models

An optimizer of Keras 3 is built for the variables of the first model that it trains, and refuses the variables of
another one. In Keras 2 programs, those for GANs above all, one `optimizer` object was given to the `compile` of
several models.

**Since** Keras 3.0 (TensorFlow 2.11).

**Error**

    ValueError: Unknown variable: <Variable ...>. This optimizer can only be called for the variables it was originally built with.
    KeyError: 'The optimizer cannot recognize variable dense/kernel:0.'

**Fix.** Every model but the first one is compiled with an optimizer of its own, made in the same way.

**Not fixed.** An optimizer whose arguments are not known where the other model is compiled is copied by its config.

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

optimizer = SGD(0.1, momentum=0.5)
first = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
first.compile(loss='mse', optimizer=optimizer)
second = Sequential([Dense(3, input_shape=(2,), kernel_initializer='ones')])
second.compile(loss='mse', optimizer=optimizer)
x = np.ones((4, 2))
result = [float(first.train_on_batch(x, np.ones((4, 1)))), float(second.train_on_batch(x, np.ones((4, 3))))]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

optimizer = SGD(0.1, momentum=0.5)
first = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
first.compile(loss='mse', optimizer=optimizer)
second = Sequential([Dense(3, input_shape=(2,), kernel_initializer='ones')])
second.compile(loss='mse', optimizer=SGD(0.1, momentum=0.5))
x = np.ones((4, 2))
result = [float(first.train_on_batch(x, np.ones((4, 1)))), float(second.train_on_batch(x, np.ones((4, 3))))]
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

optimizer = SGD(0.1)
model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile(loss='mse', optimizer=optimizer)
model.compile(loss='mae', optimizer=optimizer)
result = float(model.train_on_batch(np.ones((4, 2)), np.ones((4, 1))))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.frames import local_names
from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import Api, Event, Instance, constant, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.walking import walk

CODE = "KU602"
PHASE = STRUCTURE
WORDS = {"compile"}
ERRORS = (
    r"This optimizer can only be called for the variables it was originally built with",
    r"The optimizer cannot recognize variable",
)


def check(context: Context) -> Iterator[Finding]:
    """Optimizers that several models are compiled with."""
    for optimizer, pairs in context.program.once(CODE, lambda: _shared_optimizers(context.program)):
        yield from _shared(context, optimizer, pairs)


def _shared_optimizers(program: Program) -> list[tuple[Instance, list[tuple[Instance, Event]]]]:
    """The optimizers of several models, with the compiles that they are given to, in program order."""
    uses: dict[int, list[tuple[Instance, Event]]] = {}
    optimizers: dict[int, Instance] = {}
    for module in program:
        for model in module.instances:
            for event in model.events:
                optimizer = _optimizer(event) if event.name == "compile" else None
                if optimizer is not None:
                    optimizers[id(optimizer)] = optimizer
                    uses.setdefault(id(optimizer), []).append((model, event))
    return [
        (optimizers[key], sorted(pairs, key=lambda pair: pair[1].order))
        for key, pairs in uses.items()
        if len({id(model) for model, _ in pairs}) > 1
    ]


def _optimizer(event: Event) -> Instance | None:
    value = event.arguments.get(0, "optimizer")
    for option in options(value) if value is not None else ():
        if (
            isinstance(option, Instance)
            and isinstance(option.cls, Api)
            and kind_of(option.cls.path) is Kind.OPTIMIZER
        ):
            return option
    return None


def _shared(context: Context, optimizer: Instance, pairs: list[tuple[Instance, Event]]) -> Iterator[Finding]:
    first, _ = pairs[0]
    models_at: dict[int, set[int]] = {}
    for model, event in pairs:
        models_at.setdefault(id(event.node), set()).add(id(model))
    seen: set[int] = set()
    for model, event in pairs:
        alone = model is first and len(models_at[id(event.node)]) == 1
        if alone or id(event.node) in seen or event.module is not context.module:
            continue
        seen.add(id(event.node))
        finding = _finding(context, optimizer, event)
        if finding is not None:
            yield finding


def _finding(context: Context, optimizer: Instance, event: Event) -> Finding | None:
    call = event.node
    assert isinstance(call, ast.Call)
    keyword = keyword_of(call, "optimizer")
    argument = keyword.value if keyword is not None else (call.args[0] if call.args else None)
    if not isinstance(argument, (ast.Name, ast.Attribute)):
        return None
    text = _construction(context, optimizer, argument)
    written = context.source.segment(argument)
    message = (
        f"`{written}` is the optimizer of another model already, and takes no other variables in Keras 3"
    )
    if _may_be_a_name(context, event, argument):
        advice = f"{message}. Make a new one for each model (not done: it may be the name of an optimizer)"
        return Finding(CODE, context.span(argument), advice, subject="optimizer")
    return Finding(
        CODE,
        context.span(argument),
        message,
        Fix(
            [Edit(context.source.start(argument), context.source.end(argument), text)],
            f"own optimizer: `{text}`",
        ),
        subject="optimizer",
    )


def _may_be_a_name(context: Context, event: Event, argument: ast.expr) -> bool:
    """Whether a text such as `'sgd'` can come in the place of an optimizer, which has no `from_config`."""
    value = event.arguments.get(0, "optimizer")
    if value is not None and any(isinstance(constant(option), str) for option in options(value)):
        return True
    if not isinstance(argument, ast.Name):
        return False
    return any(
        name == argument.id and isinstance(default, ast.Constant) and isinstance(default.value, str)
        for function in enclosing_functions(context.module, argument)
        for name, default in _defaults(function.args)
    )


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr | None]]:
    """The parameters with a default, and it."""
    positional = [*arguments.posonlyargs, *arguments.args]
    yield from zip(reversed([item.arg for item in positional]), reversed(arguments.defaults), strict=False)
    yield from zip([item.arg for item in arguments.kwonlyargs], arguments.kw_defaults, strict=True)


def _construction(context: Context, optimizer: Instance, argument: ast.expr) -> str:
    """An expression that makes the same optimizer again, at the place of `argument`."""
    written = context.source.segment(argument)
    copy = f"{written}.from_config({written}.get_config())"
    call = optimizer.call
    if call is None or optimizer.module is not context.module:
        return copy
    here, home = (enclosing_functions(context.module, node) for node in (argument, call))
    shared = [function for function in home if function in here]
    local_here = {name for function in here if function not in shared for name in local_names(function)}
    local_home = {name for function in home if function not in shared for name in local_names(function)}
    names = {node.id for node in walk(call) if isinstance(node, ast.Name)}
    if names & (local_here | local_home):
        return copy
    text = context.source.segment(call)
    return text if "\n" not in text else copy
