"""KU605 per-output: what `compile` and `fit` are told about several outputs

Keras 2 filled in what a program left out for a model with several outputs: a flat list of metrics went to every output,
an output that a dict of losses did not name had none, a weight that was not given was 1. Keras 3 wants one entry for each
output. And a model with one output does not take its targets in a dict any more.

**Since** Keras 3.0.

**Error** SILENT where a flat list of metrics happens to be as long as the list of outputs: each output gets one of them.
SILENT for a dict of `loss_weights` with a list of losses: the weights go to the outputs in alphabetic order. Otherwise

    ValueError: tuple arity mismatch; expected: 2, got: 1; tuple: ('mae',). Invalid `metrics`.
    ValueError: For a model with multiple outputs, when providing the `metrics` argument as a list, it should have as many entries as the model has outputs.
    ValueError: Expected keys ['a', 'b'] in loss dict, but found loss.keys()=['a']
    ValueError: `loss_weights` must match the number of losses, got 1 losses and 2 weights.
    TypeError: Expected float32, but got out of type 'str'.

**Fix.** The entries are written out, in the order of the outputs: `metrics=[['mae'], ['mae']]`, `loss=['mse', None]`,
`loss_weights=[1.0, 0.2]`. `fit(x, {'out': y})` becomes `fit(x, y)`.

**Not fixed.** Outputs or metrics that are not known from the program; a metric object in a variable, of which each output
needs its own; losses for some outputs together with metrics, where the targets of the other outputs are left out.

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
a = Dense(1, kernel_initializer='ones', name='a')(x)
b = Dense(1, kernel_initializer='zeros', name='b')(x)
model = Model(x, [a, b])
model.compile('sgd', ['mse', 'mae'], metrics=['mae'])
scores = model.evaluate(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
model.compile('sgd', 'mse', metrics=['mae', 'mse'], loss_weights=[1.0, 0.5])
history = model.fit(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0).history
result = [[float(score) for score in scores], sorted((key, float(history[key][0])) for key in history)]
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
a = Dense(1, kernel_initializer='ones', name='a')(x)
b = Dense(1, kernel_initializer='zeros', name='b')(x)
model = Model(x, [a, b])
model.compile('sgd', ['mse', 'mae'], metrics=[['mae'], ['mae']])
scores = model.evaluate(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0)
model.compile('sgd', ['mse', 'mse'], metrics=[['mae', 'mse'], ['mae', 'mse']], loss_weights=[1.0, 0.5])
history = model.fit(np.ones((4, 2)), [np.zeros((4, 1)), np.ones((4, 1))], verbose=0).history
result = [[float(score) for score in scores], sorted((key, float(history[key][0])) for key in history)]
```

```python before
import numpy as np
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model

x = Input((2,))
price = Dense(1, kernel_initializer='ones', name='price')(x)
kind = Dense(1, kernel_initializer='zeros', name='kind')(x)
model = Model(x, [price, kind])
targets = [np.zeros((4, 1)), np.ones((4, 1))]
model.compile('sgd', {'kind': 'mae'})
model.fit(np.ones((4, 2)), {'kind': np.ones((4, 1))}, verbose=0)
model.compile('sgd', {'price': 'mse', 'kind': 'mae'}, loss_weights={'kind': 0.2})
model.fit(np.ones((4, 2)), targets, verbose=0)
model.compile('sgd', ['mse', 'mae'], loss_weights={'price': 1.0, 'kind': 0.5})
model.fit(np.ones((4, 2)), targets, verbose=0)
result = model.get_weights()
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
price = Dense(1, kernel_initializer='ones', name='price')(x)
kind = Dense(1, kernel_initializer='zeros', name='kind')(x)
model = Model(x, [price, kind])
targets = [np.zeros((4, 1)), np.ones((4, 1))]
model.compile('sgd', [None, 'mae'])
model.fit(np.ones((4, 2)), {'kind': np.ones((4, 1))}, verbose=0)
model.compile('sgd', {'price': 'mse', 'kind': 'mae'}, loss_weights={'kind': 0.2, 'price': 1.0})
model.fit(np.ones((4, 2)), targets, verbose=0)
model.compile('sgd', ['mse', 'mae'], loss_weights=[1.0, 0.5])
model.fit(np.ones((4, 2)), targets, verbose=0)
result = model.get_weights()
```

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model


def batches():
    while True:
        yield np.ones((4, 2)), {'out': np.ones((4, 1))}


x = Input((2,))
model = Model(x, Dense(1, kernel_initializer='ones', name='out')(x))
model.compile('sgd', {'out': 'mse'})
targets = {'out': np.zeros((4, 1))}
model.fit(np.ones((4, 2)), targets, validation_data=(np.ones((4, 2)), {'out': np.ones((4, 1))}), verbose=0)
model.fit(batches(), steps_per_epoch=2, verbose=0)
result = [float(model.evaluate(np.ones((4, 2)), {'out': np.zeros((4, 1))}, verbose=0)), model.get_weights()]
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model


def batches():
    while True:
        yield np.ones((4, 2)), np.ones((4, 1))


x = Input((2,))
model = Model(x, Dense(1, kernel_initializer='ones', name='out')(x))
model.compile('sgd', {'out': 'mse'})
targets = {'out': np.zeros((4, 1))}
model.fit(np.ones((4, 2)), targets['out'], validation_data=(np.ones((4, 2)), np.ones((4, 1))), verbose=0)
model.fit(batches(), steps_per_epoch=2, verbose=0)
result = [float(model.evaluate(np.ones((4, 2)), np.zeros((4, 1)), verbose=0)), model.get_weights()]
```

```python unchanged
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

x = Input((2,))
a, b = Dense(1, kernel_initializer='ones', name='a')(x), Dense(1, kernel_initializer='ones', name='b')(x)
model = Model(x, [a, b])
model.compile('sgd', {'a': 'mse', 'b': 'mse'}, metrics=['mae', 'mse'], loss_weights={'b': 0.5, 'a': 1.0})
model.fit(np.ones((4, 2)), {'a': np.ones((4, 1)), 'b': np.ones((4, 1))}, verbose=0)
single = Model(x, a)
single.compile('sgd', 'mse', metrics=['mae', 'mse'])
result = len(single.evaluate(np.ones((4, 2)), np.ones((4, 1)), verbose=0))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.outputs import (
    DATA_METHODS,
    Compilation,
    compilation,
    gives_list,
    is_model,
    outputs_of,
)
from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.values import (
    UNKNOWN,
    Api,
    Arguments,
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
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of
from keras_upgrade.syntax.walking import walk

CODE = "KU605"
PHASE = STRUCTURE
ERRORS = (
    r"tuple arity mismatch; expected: \d+, got: \d+.*Invalid `(weighted_)?metrics`",
    r"when providing the `metrics` argument as a list, it should have as many entries",
    r"Expected keys \[.*\] in loss dict",
    r"`loss_weights` must match the number of losses",
    r"Expected float32, but got \w+ of type 'str'",
)

_FEW = 3
"""So many copies are written out; of more, one is multiplied."""
_COMPILE = "`compile` arguments"


@dataclass(frozen=True)
class _Compile:
    """One call of `compile` for a model, or for several with the same outputs.

    Attributes:
        call: the call.
        compiled: what it says.
        models: the models for which it is called.
        outputs: the names of the outputs, None for those that are not known.
    """

    call: ast.Call
    compiled: Compilation
    models: Sequence[Instance]
    outputs: tuple[str | None, ...]

    def node(self, index: int, name: str) -> ast.expr | None:
        """The expression given for an argument."""
        keyword = keyword_of(self.call, name)
        if keyword is not None:
            return keyword.value
        given = self.call.args[: index + 1] if index >= 0 else []
        starred = any(isinstance(argument, ast.Starred) for argument in given)
        return given[index] if 0 <= index < len(given) and not starred else None

    @property
    def names(self) -> list[str] | None:
        """The names of the outputs; None unless all are known."""
        known = [name for name in self.outputs if name is not None]
        return known if len(known) == len(self.outputs) else None


def check(context: Context) -> Iterator[Finding]:
    """Arguments of `compile` for several outputs, and targets of models with one output."""
    for compile_ in _compiles(context):
        if len(compile_.outputs) > 1 and (context.migrating or not compile_.compiled.by_losses):
            for index, name in ((2, "metrics"), (-1, "weighted_metrics")):
                yield from _metrics(context, compile_, index, name)
            if compile_.models:
                yield from _losses(context, compile_)
    yield from _targets(context)


def _compiled_models(program: Program) -> dict[Module, dict[ast.Call, list[tuple[Instance, Compilation]]]]:
    """The models that each call of `compile` compiles, by the module in which the call stands."""
    found: dict[Module, dict[ast.Call, list[tuple[Instance, Compilation]]]] = {}
    for module in program:
        for model in module.instances:
            for event in model.events if is_model(model) else ():
                if event.name == "compile":
                    assert isinstance(event.node, ast.Call)
                    calls = found.setdefault(event.module, {})
                    calls.setdefault(event.node, []).append((model, compilation(model, event)))
    return found


def _compiles(context: Context) -> Iterator[_Compile]:
    """The calls of `compile` in this module, where it is known which outputs the models have."""
    if context.migrating:
        yield from _by_losses(context)
    known_models = context.program.once(CODE, lambda: _compiled_models(context.program))
    for call, found in known_models.get(context.module, {}).items():
        outputs = {compiled.outputs for _, compiled in found}
        known = next(iter(outputs))
        if len(outputs) == 1 and known is not None and found[0][1].arguments.complete:
            yield _Compile(call, found[0][1], [model for model, _ in found], known)


def _by_losses(context: Context) -> Iterator[_Compile]:
    """The calls on objects that are not known, with a list of losses: in Keras 2 one for each output of a model."""
    for call in context.module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "compile":
            continue
        found = options(context.value(call.func.value))
        unknown = all(option is UNKNOWN or isinstance(option, Result) for option in found)
        if not unknown or any(keyword.arg is None for keyword in call.keywords):
            continue
        positional = [context.value(argument) for argument in call.args]
        keywords = {k.arg: context.value(k.value) for k in call.keywords if k.arg is not None}
        losses = keywords.get("loss")
        if isinstance(losses, Seq) and losses.rest is None and len(losses.items) > 1:
            outputs = (None,) * len(losses.items)
            compiled = Compilation(outputs, Arguments(positional, keywords), by_losses=True)
            yield _Compile(call, compiled, [], outputs)


# -- metrics ---------------------------------------------------------------------------------------------------


def _metrics(context: Context, compile_: _Compile, index: int, name: str) -> Iterator[Finding]:
    """A flat list of metrics, which Keras 2 used for every output."""
    node, value = compile_.node(index, name), compile_.compiled.argument(index, name)
    count = len(compile_.outputs)
    if node is None or not isinstance(value, Seq) or not value.items or value.rest is not None:
        return
    if any(not _is_one_metric(item) for item in value.items):
        return
    if len(value.items) == count and not context.migrating:
        return  # in Keras 3 this is right: one metric for each output
    text = context.source.segment(node)
    message = (
        f"`{name}={text}`: in Keras 2 each of the {count} outputs had all of them, Keras 3 takes them as one entry for each "
        "output" + (" (SILENT)" if len(value.items) == count else "")
    )
    if not _can_be_repeated(context, node, value):
        yield Finding(
            CODE,
            context.span(node),
            f"{message}. Give each output its own list, with metric objects of its own.",
            subject=_COMPILE,
        )
        return
    assumption = ""
    if not compile_.models:
        owner = context.source.segment(compile_.call.func).removesuffix(".compile")
        assumption = f"`{owner}` is a Keras model with {count} outputs"
    yield _replaced(context, node, _copies(context, node, text, count), message, assumption)


def _is_one_metric(value: Value) -> bool:
    return all(
        (isinstance(option, Const) and isinstance(option.value, str))
        or isinstance(option, (Api, Function, Instance))
        for option in options(value)
    )


def _can_be_repeated(context: Context, node: ast.expr, value: Seq) -> bool:
    """Whether the text of a list, written twice, gives no output the metric object of another one."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(
            isinstance(item, ast.Call) or not isinstance(context.value(item), Instance) for item in node.elts
        )
    return isinstance(node, ast.Name) and not any(isinstance(item, Instance) for item in value.items)


def _copies(context: Context, node: ast.expr, text: str, count: int) -> str:
    """A list with `count` times the same entry."""
    if count <= _FEW:
        return "[" + ", ".join([text] * count) + "]"
    makes_objects = any(isinstance(context.value(part), Instance) for part in _parts(node))
    return f"[{text} for _ in range({count})]" if makes_objects else f"[{text}] * {count}"


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]


def _replaced(context: Context, node: ast.expr, text: str, message: str, assumption: str = "") -> Finding:
    source = context.source
    return Finding(
        CODE,
        context.span(node),
        message,
        Fix(
            [Edit(source.start(node), source.end(node), text)],
            f"`{source.segment(node)}` → `{text}`",
            Safety.REVIEW if assumption else Safety.SAFE,
        ),
        subject=_COMPILE,
        assumption=assumption,
    )


# -- losses and their weights ----------------------------------------------------------------------------------


def _losses(context: Context, compile_: _Compile) -> Iterator[Finding]:
    node, loss = compile_.node(1, "loss"), compile_.compiled.loss
    weights_node = compile_.node(3, "loss_weights")
    weights = compile_.compiled.argument(3, "loss_weights")
    if node is None or loss is None:
        return
    names = compile_.names
    partial = isinstance(loss, Mapping) and loss.rest is None and len(loss.items) < len(compile_.outputs)
    if partial:
        yield _partial_losses(context, compile_, node)
    elif _is_one_loss(loss) and isinstance(weights, (Seq, Mapping)):
        text = _copies(context, node, context.source.segment(node), len(compile_.outputs))
        if isinstance(weights, Seq) or names is not None:
            message = "`loss_weights` for each output want a loss for each output"
            yield _replaced(context, node, text, message)
    if weights_node is None or not isinstance(weights, Mapping) or weights.rest is not None or names is None:
        return
    missing = [name for name in names if name not in weights.items]
    if isinstance(loss, Mapping) and not partial:
        if missing and isinstance(weights_node, ast.Dict):
            yield _missing_weights(context, weights_node, missing)
    elif missing or partial or _is_one_loss(loss) or (context.migrating and sorted(names) != names):
        without = [name for name in names if isinstance(loss, Mapping) and name not in loss.items]
        yield _weights_in_order(context, weights_node, names, without)


def _is_one_loss(value: Value) -> bool:
    return isinstance(value, (Const, Api, Function, Instance))


def _partial_losses(context: Context, compile_: _Compile, node: ast.expr) -> Finding:
    """A dict of losses that leaves outputs out."""
    outputs = ", ".join(f"`{name}`" if name else "an unnamed one" for name in compile_.outputs)
    message = f"the losses leave outputs out; the model has {outputs}"
    parts = _dict_parts(context, node)
    names = compile_.names
    if parts is None or names is None or not set(parts) < set(names) or not _knows_targets(compile_):
        advice = (
            "Give a list with `None` for an output without a loss; with metrics, give `fit` and `evaluate` targets for "
            "all outputs"
        )
        return Finding(CODE, context.span(node), f"{message}. {advice}.", subject=_COMPILE)
    text = "[" + ", ".join(parts.get(name, "None") for name in names) + "]"
    return _replaced(context, node, text, message)


def _knows_targets(compile_: _Compile) -> bool:
    """Whether Keras 3 can pair the targets with the outputs: without metrics it can, else it wants all of them."""
    if not compile_.compiled.has_metrics:
        return True
    given = [
        event.arguments.get(1, "y")
        for model in compile_.models
        for event in model.events
        if event.name in DATA_METHODS
    ]
    count = len(compile_.outputs)
    return bool(given) and all(
        isinstance(value, (Seq, Mapping)) and value.rest is None and len(value.items) == count
        for value in given
    )


def _missing_weights(context: Context, node: ast.Dict, missing: list[str]) -> Finding:
    """Weights of 1 for the outputs that a dict of weights leaves out."""
    source = context.source
    more = ", ".join(f"'{name}': 1.0" for name in missing)
    end = source.end(node.values[-1]) if node.values else source.start(node) + 1
    edit = Edit(end, end, f", {more}" if node.values else more)
    message = "`loss_weights` leave outputs out, which had the weight 1 in Keras 2"
    return Finding(
        CODE, context.span(node), message, Fix([edit], f"`loss_weights`: {more}"), subject=_COMPILE
    )


def _weights_in_order(context: Context, node: ast.expr, names: list[str], without: list[str]) -> Finding:
    """A list of weights in place of a dict that goes with a list of losses."""
    message = (
        "`loss_weights` as a dict go with `loss` as a dict only: to a list, Keras 3 takes them in alphabetic order "
        "(SILENT), and wants all of them"
    )
    parts = _dict_parts(context, node)
    if parts is None:
        advice = f"{message}. Give them as a list, in the order {', '.join(names)}."
        return Finding(CODE, context.span(node), advice, subject=_COMPILE)
    weights = [parts.get(name, "None" if name in without else "1.0") for name in names]
    return _replaced(context, node, "[" + ", ".join(weights) + "]", message)


def _dict_parts(context: Context, node: ast.expr) -> dict[str, str] | None:
    """The texts of a dict's values, by its keys."""
    if not isinstance(node, ast.Dict):
        return None
    parts: dict[str, str] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else None
        if not isinstance(name, str):
            return None
        parts[name] = context.source.segment(value)
    return parts


# -- targets ---------------------------------------------------------------------------------------------------


def _targets(context: Context) -> Iterator[Finding]:
    """Targets in a dict, for models with one output."""
    done: set[ast.expr] = set()
    for call in context.module.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in DATA_METHODS:
            continue
        found = options(context.value(call.func))
        if not all(isinstance(option, Method) and _has_one_output(option.owner) for option in found):
            continue
        for node in _given_targets(context, call):
            if node not in done:
                done.add(node)
                yield from _target(context, node)


def _has_one_output(model: Value) -> bool:
    if not isinstance(model, Instance) or not is_model(model) or model.api is None:
        return False
    outputs = outputs_of(model)
    return (
        outputs is not None
        and len(outputs) == 1
        and not gives_list(model)
        and kind_of(model.api.path) in (Kind.MODEL, Kind.SEQUENTIAL)
    )


def _given_targets(context: Context, call: ast.Call) -> Iterator[ast.expr]:
    """The expressions for targets and their weights in a call that trains or evaluates, and in its generators."""
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    yield from call.args[1:2] if not starred else ()
    data = list(call.args[:1])
    for keyword in call.keywords:
        if keyword.arg in ("y", "sample_weight"):
            yield keyword.value
        elif keyword.arg == "validation_data" and isinstance(keyword.value, (ast.Tuple, ast.List)):
            yield from keyword.value.elts[1:2]
        elif keyword.arg in ("x", "generator", "validation_data"):
            data.append(keyword.value)
    for node in data:
        for option in options(context.value(node)):
            if isinstance(option, Seq) and option.origin is not None:
                yield from _yielded_targets(context, option.origin)


def _yielded_targets(context: Context, function: Function) -> Iterator[ast.expr]:
    if function.module is not context.module:
        return
    for node in walk(function.node):
        if isinstance(node, ast.Yield) and isinstance(node.value, (ast.Tuple, ast.List)):
            yield from node.value.elts[1:2]


def _target(context: Context, node: ast.expr) -> Iterator[Finding]:
    value = context.value(node)
    if not isinstance(value, Mapping) or len(value.items) != 1 or value.rest is not None:
        return
    key = next(iter(value.items))
    source = context.source
    text = source.segment(node)
    if not isinstance(key, str):
        return
    new = source.segment(node.values[0]) if isinstance(node, ast.Dict) else f"{text}['{key}']"
    yield Finding(
        CODE,
        context.span(node),
        f"a model with one output takes its targets as they are, not in a dict: `{text}`",
        Fix([Edit(source.start(node), source.end(node), new)], f"`{text}` → `{new}`"),
        subject="targets",
    )
