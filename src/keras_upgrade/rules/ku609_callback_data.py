"""KU609 callback-data: callbacks that read `self.validation_data` or `self.params['metrics']`

`fit` of standalone Keras gave each callback the validation data, as `[x, y, sample_weights]`, and told it the batch size,
the number of samples and the names of the metrics in `params`. In Keras 3 `params` has `verbose`, `epochs` and `steps`. And what the
logs say after a batch was of that batch alone; it is the mean over the epoch so far today.

**Since** Keras 3.0; in `tf.keras` since TensorFlow 2.2.

**Error** SILENT for the logs after a batch. Otherwise

    AttributeError: 'Score' object has no attribute 'validation_data'
    KeyError: 'metrics'

**Fix.** The program gives the callback its data just before `fit`: `score.validation_data = (x_val, y_val)`. A callback that
is made inside the call gets a name for that.

**Not fixed.** Validation data that are not written out at `fit` (`validation_split`, a generator, a call), a callback
that reads the sample weights, a model with several inputs or outputs, and what is gone from `params`: the metrics are the
keys of `logs`, the batch size and the number of samples are the program's own. The loss of one batch is the difference
of two means: `(batch + 1) * mean - batch * mean_before`. Left alone: a class that sets its
`validation_data` itself.

```python before
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Score(Callback):
    def on_epoch_end(self, epoch, logs=None):
        x, y = self.validation_data[0], self.validation_data[1]
        print(np.abs(self.model.predict(x) - y).max())


def train(x, y, x_val, y_val):
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile('sgd', 'mse')
    score = Score()
    model.fit(x, y, validation_data=(x_val, y_val), callbacks=[score])
    model.fit(x, y, validation_data=(x_val[:10], y_val[:10]), callbacks=[Score()])
    return model


result = Score.__name__
```

```python after
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Score(Callback):
    def on_epoch_end(self, epoch, logs=None):
        x, y = self.validation_data[0], self.validation_data[1]
        print(np.abs(self.model.predict(x) - y).max())


def train(x, y, x_val, y_val):
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile('sgd', 'mse')
    score = Score()
    score.validation_data = (x_val, y_val)
    model.fit(x, y, validation_data=(x_val, y_val), callbacks=[score])
    score2 = Score()
    score2.validation_data = (x_val[:10], y_val[:10])
    model.fit(x, y, validation_data=(x_val[:10], y_val[:10]), callbacks=[score2])
    return model


result = Score.__name__
```

```python unchanged
from keras.callbacks import Callback


class Score(Callback):
    def __init__(self, validation_data):
        super().__init__()
        self.validation_data = validation_data

    def on_epoch_end(self, epoch, logs=None):
        print(self.validation_data[0], self.params['epochs'])


result = len(Score([1, 2]).validation_data)
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_upgrade.analysis.captures import enclosing_functions
from keras_upgrade.analysis.outputs import (
    input_count,
    is_callback,
    is_callback_class,
    outputs_of,
    trained_with,
)
from keras_upgrade.analysis.values import Class, Function, Instance, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.records import dataclass
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import integer, keyword_of, statement_lines
from keras_upgrade.syntax.walking import walk

CODE = "KU609"
PHASE = STRUCTURE
WORDS = {"class", "params", "validation_data"}
ERRORS = (
    r"object has no attribute 'validation_data'",
    r"KeyError: '(metrics|samples|batch_size|do_validation|nb_epoch|nb_sample)'",
)

_DATA = "validation_data"
_AFTER_BATCH = frozenset({"on_batch_end", "on_train_batch_end"})
_GONE = {
    "metrics": "the names of the metrics are the keys of `logs`",
    "samples": "`steps` is the number of batches; the number of samples is the program's own",
    "nb_sample": "`steps` is the number of batches; the number of samples is the program's own",
    "size": "`steps` is the number of batches; the number of samples is the program's own",
    "batch_size": "`steps` is the number of batches; the batch size is the program's own",
    "do_validation": "with validation, `logs` has keys that begin with `val_`",
    "nb_epoch": "it is `epochs` now",
}
"""Keys of `params` that are gone, and what to read instead."""


@dataclass(frozen=True)
class _Training:
    """A call of `fit` with a callback that reads the validation data.

    Attributes:
        call: the call.
        callback: the callback.
        model: the model that is trained.
    """

    call: ast.Call
    callback: Instance
    model: Instance


def check(context: Context) -> Iterator[Finding]:
    """What callbacks read that `fit` does not set any more."""
    yield from _params(context)
    if context.migrating and context.standalone:
        yield from _batch_logs(context)
    reads: dict[Class, list[ast.Attribute]] = {}
    for node in context.module.nodes(ast.Attribute):
        if node.attr == _DATA and isinstance(node.ctx, ast.Load):
            cls = _class_without_data(context, context.value(node.value))
            if cls is not None:
                reads.setdefault(cls, []).append(node)
    for cls, nodes in reads.items():
        yield from _of_class(context, cls, sorted(nodes, key=context.source.start))


def _class_without_data(context: Context, value: Value) -> Class | None:
    """The user's class of a callback, if there are objects of it to which nothing gives an attribute of that name."""
    classes = {
        option.cls for option in options(value) if isinstance(option, Instance) and is_callback(option)
    }
    cls = next(iter(classes), None)
    if len(classes) != 1 or not isinstance(cls, Class) or cls.lookup(_DATA) is not None:
        return None
    objects = _objects(context, cls)
    made = [item for item in objects if item.call is not None] or objects
    return None if made and all(_DATA in item.attributes for item in made) else cls


def _objects(context: Context, cls: Class) -> list[Instance]:
    """The objects of a class in the program, and those of classes that derive from it."""
    return [
        item
        for module in context.program
        for item in module.instances
        if isinstance(item.cls, Class) and cls in item.cls.ancestors()
    ]


def _of_class(context: Context, cls: Class, reads: list[ast.Attribute]) -> Iterator[Finding]:
    trainings = _trainings(context, cls)
    usual = all(_is_input_or_target(context, node) for node in reads)
    if not trainings or not usual or not all(_has_one_of_each(item.model) for item in trainings):
        yield _advice(context, cls, reads[0])
        return
    findings = [_given_before_fit(context, cls, item) for item in trainings]
    known = [finding for finding in findings if finding is not None]
    if len(known) < len(findings):
        yield _advice(context, cls, reads[0])
    else:
        yield from known


def _is_input_or_target(context: Context, node: ast.Attribute) -> bool:
    """Whether only the inputs or the targets are read, which stand where they stood."""
    outer = context.module.parent(node)
    return isinstance(outer, ast.Subscript) and outer.value is node and integer(outer.slice) in (0, 1)


def _has_one_of_each(model: Instance) -> bool:
    """Whether a model has one input and one output, as far as is known."""
    outputs = outputs_of(model)
    return input_count(model) in (None, 1) and (outputs is None or len(outputs) == 1)


def _trainings(context: Context, cls: Class) -> list[_Training]:
    """The trainings with a callback of the class, each call once; none if one of them is out of reach."""
    found: dict[ast.Call, _Training] = {}
    for item in _objects(context, cls):
        if item.call is None or _DATA in item.attributes:
            continue
        for model, event in trained_with(context.program, item):
            if event.module is not context.module or item.module is not context.module:
                return []
            assert isinstance(event.node, ast.Call)
            if found.setdefault(event.node, _Training(event.node, item, model)).callback is not item:
                return []
    return list(found.values())


def _given_before_fit(context: Context, cls: Class, training: _Training) -> Finding | None:
    """The assignment of the data before the training; None where it cannot be written."""
    module, source = context.module, context.source
    made = training.callback.call
    statement = module.statement(training.call)
    data = _data_text(context, training.call)
    if made is None or data is None or statement_lines(source, statement) is None:
        return None
    if enclosing_functions(module, made) != enclosing_functions(module, training.call):
        return None
    if not isinstance(statement, (ast.Expr, ast.Assign, ast.Return)):
        return None
    edits: list[Edit] = []
    outer = module.parent(made)
    start, blank = source.start(statement), source.indentation(statement)
    if isinstance(outer, ast.Assign) and len(outer.targets) == 1 and isinstance(outer.targets[0], ast.Name):
        name, lines = outer.targets[0].id, ""
    else:
        name = free_name(_snake_case(cls.node.name), module.names())
        holder = module.statement(made)
        if statement_lines(source, holder) is None or isinstance(holder, (ast.For, ast.While, ast.If)):
            return None
        lines = f"{name} = {source.segment(made)}\n"
        edits.append(Edit(source.start(made), source.end(made), name))
        if holder is statement:
            lines += blank
        else:
            first = source.start(holder)
            edits.append(Edit(first, first, lines + source.indentation(holder)))
            lines = ""
    edits.append(Edit(start, start, f"{lines}{name}.{_DATA} = {data}\n{blank}"))
    certain = input_count(training.model) == 1 and outputs_of(training.model) is not None
    return Finding(
        CODE,
        context.span(training.call.func),
        f"`fit` does not give callbacks the validation data, which `{cls.node.name}` reads",
        Fix(edits, f"`{name}.{_DATA}` is set before `fit`", Safety.SAFE if certain else Safety.REVIEW),
        subject=f"`{cls.node.name}` callback",
        assumption="" if certain else "the model has one input and one output",
    )


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _data_text(context: Context, call: ast.Call) -> str | None:
    """The validation data as they are written at `fit`, where writing them twice does no harm."""
    keyword = keyword_of(call, _DATA)
    if keyword is None:
        return None
    node = keyword.value
    source = context.source
    if isinstance(node, (ast.Name, ast.Attribute)):
        return source.segment(node)
    if not isinstance(node, (ast.Tuple, ast.List)) or not all(_is_plain(item) for item in node.elts):
        return None
    return "(" + ", ".join(source.segment(item) for item in node.elts) + ")"


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression may stand twice: names and their parts."""
    allowed = (ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Constant, ast.UnaryOp, ast.Tuple)
    ignored = (ast.expr_context, ast.unaryop)
    return all(isinstance(part, (*allowed, *ignored)) for part in walk(node))


def _advice(context: Context, cls: Class, node: ast.Attribute) -> Finding:
    name = cls.node.name
    return Finding(
        CODE,
        context.span(node),
        f"`fit` does not give callbacks the validation data. Set them before `fit`, as `{_snake_case(name)}.{_DATA} = "
        f"(x_val, y_val)`, or hand them to the constructor of `{name}`.",
        subject=f"`{name}` callback",
    )


def _items(context: Context) -> list[tuple[ast.expr, ast.expr]]:
    """What is read by a key, and the key: `x['key']`, `x.get('key')`."""
    places = [(node.value, node.slice) for node in context.module.nodes(ast.Subscript)]
    return places + [
        (call.func.value, call.args[0])
        for call in context.module.calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get" and call.args
    ]


# -- params ----------------------------------------------------------------------------------------------------


def _params(context: Context) -> Iterator[Finding]:
    """Keys of `self.params` that are gone."""
    for owner, key in _items(context):
        name = key.value if isinstance(key, ast.Constant) else None
        if not isinstance(name, str) or name not in _GONE:
            continue
        if not isinstance(owner, ast.Attribute) or owner.attr != "params":
            continue
        found = options(context.value(owner.value))
        if all(is_callback(o) and isinstance(o, Instance) and "params" not in o.attributes for o in found):
            yield _gone(context, key, name)


def _gone(context: Context, key: ast.expr, name: str) -> Finding:
    message = f"`params` of a callback has no `'{name}'` in Keras 3: {_GONE[name]}"
    fix = None
    if name == "nb_epoch":
        start = context.source.start(key) + context.source.segment(key).index(name)
        fix = Fix([Edit(start, start + len(name), "epochs")], "`params['nb_epoch']` → `params['epochs']`")
    return Finding(CODE, context.span(key), message, fix, subject="callbacks")


# -- logs of a batch -------------------------------------------------------------------------------------------


def _batch_logs(context: Context) -> Iterator[Finding]:
    """Logs that a callback reads after a batch, once for each of its methods."""
    methods = {
        member.node: cls
        for cls in context.module.classes
        for name, member in cls.members.items()
        if name in _AFTER_BATCH and isinstance(member, Function) and is_callback_class(cls)
    }
    for owner, key in _items(context):
        around = enclosing_functions(context.module, owner)
        method = next((function for function in around if function in methods), None)
        if method is None or not isinstance(owner, ast.Name) or not isinstance(key, ast.Constant):
            continue
        if owner.id == method.args.args[-1].arg and key.value not in ("batch", "size"):
            name = methods.pop(method).node.name
            yield Finding(
                CODE,
                context.span(owner),
                f"after a batch, `{owner.id}` of `{name}` is the mean over the epoch so far; standalone Keras gave that of "
                "the batch (SILENT). Of one batch: `(batch + 1) * mean - batch * mean_before`.",
                subject=f"`{name}` callback",
            )
