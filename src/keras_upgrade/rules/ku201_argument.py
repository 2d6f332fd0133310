"""KU201 argument: arguments that are called otherwise, or are gone

Arguments of layers, optimizers, losses, callbacks and methods changed their names (`lr` is `learning_rate`), became
settings of something else (`workers` of `fit` belongs to the `PyDataset`), or had no effect any more.

**Since** Keras 3.0; the spellings of Keras 1 since Keras 2.

**Error**

    ValueError: Argument(s) not recognized: {'lr': 0.001}
    ValueError: Unrecognized keyword arguments passed to Dense: {'output_dim': 3}
    TypeError: fit() got an unexpected keyword argument 'nb_epoch'

**Fix.** The argument is renamed, or left out where leaving it out is right. `decay=` of an optimizer becomes the
schedule of the same rule. `input_length=` and `batch_input_shape=` of a first layer become a `keras.Input` before it, and
`weights=[...]` constant initializers.

**Not fixed.** Arguments whose meaning has to be written in another place: the advice says where.

```python before
import numpy as np
from keras.layers import Dense, LeakyReLU
from keras.models import Sequential
from keras.optimizers import SGD

model = Sequential()
model.add(Dense(2, input_dim=3, kernel_initializer='ones'))
model.add(LeakyReLU(alpha=0.1))
model.compile(optimizer=SGD(lr=0.1, momentum=0.9, decay=1e-2), loss='mse')
losses = [model.train_on_batch(-np.ones((4, 3)), np.zeros((4, 2))) for _ in range(4)]
result = [float(loss) for loss in losses]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, LeakyReLU
from keras.models import Sequential
from keras.optimizers import SGD

model = Sequential()
model.add(Dense(2, input_dim=3, kernel_initializer='ones'))
model.add(LeakyReLU(negative_slope=0.1))
model.compile(optimizer=SGD(learning_rate=keras.optimizers.schedules.InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-2), momentum=0.9), loss='mse')
losses = [model.train_on_batch(-np.ones((4, 3)), np.zeros((4, 2))) for _ in range(4)]
result = [float(loss) for loss in losses]
```

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
settings = {'lr': 0.5, 'nesterov': True}
model = Sequential()
model.add(Dense(2, input_shape=(2,), weights=[matrix, np.ones(2)]))
model.compile(SGD(**settings), 'mse')
result = [model.predict(np.ones((1, 2))), float(model.optimizer.get_config()['learning_rate'])]
```

```python after
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

matrix = np.array([[1.0, 2.0], [3.0, 4.0]])
settings = {'learning_rate': 0.5, 'nesterov': True}
model = Sequential()
model.add(Dense(2, input_shape=(2,), kernel_initializer=keras.initializers.Constant(matrix), bias_initializer=keras.initializers.Constant(np.ones(2))))
model.compile(SGD(**settings), 'mse')
result = [model.predict(np.ones((1, 2))), float(model.optimizer.get_config()['learning_rate'])]
```

```python unchanged
from keras.optimizers import Adam


def Dense(units, lr=1.0):
    return units * lr


result = Dense(2, lr=3.0) + Adam(learning_rate=0.5).learning_rate
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Instance, Method, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import arguments
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.records import dataclass, field
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import (
    argument_span,
    keyword_of,
    outer_span,
    remove_arguments,
    rename_keyword,
    value_text,
)

CODE = "KU201"
PHASE = NAMES
ERRORS = (
    r"Argument\(s\) not recognized: \{'(?P<name>\w+)'",
    r"Unrecognized keyword arguments(?: passed to \w+)?: \{'(?P<name>\w+)'",
    r"got an unexpected keyword argument '(?P<name>\w+)'",
    r"`name` must be passed as a keyword argument",
    r"When using `stateful=True` in a RNN, the batch size must be static",
    r"Invalid value for argument `reduction`",
    r"Argument `tensor` must be a KerasTensor",
    r"Cannot convert '\w+' to a shape",
    r"has never been called and thus has no defined (output|input)",
    r"Sequential model .* has no defined (output|input) shape yet",
)

_METHODS = {
    Kind.MODEL: "keras.Model",
    Kind.SEQUENTIAL: "keras.Model",
    Kind.APPLICATION: "keras.Model",
    Kind.LAYER: "keras.layers.Layer",
    Kind.METRIC: "keras.metrics.Metric",
    Kind.OPTIMIZER: "keras.optimizers.Optimizer",
}
_DISTINCT = frozenset({"nb_epoch", "workers", "use_multiprocessing", "max_queue_size"})
"""Keywords of `fit` and its kin that say Keras even where the object is not known."""
_DEFAULT_RATES = {"SGD": "0.01", "Adagrad": "0.01", "Adadelta": "1.0", "Adamax": "0.002", "Nadam": "0.002"}


def check(context: Context) -> Iterator[Finding]:
    """Calls with arguments that Keras 3 does not take."""
    for call in context.module.calls:
        path = path_of(context, call)
        if path is not None and not path.endswith("_generator"):
            yield from _Call(context, call, path).findings()


def path_of(context: Context, call: ast.Call) -> str | None:
    """The canonical path of what is called: a class, a function, or `keras.Model.fit` for a method."""
    callee = context.module.api(call.func)
    if callee is not None:
        return callee.path if callee.path.startswith("keras.") else None
    if not isinstance(call.func, ast.Attribute):
        return None
    for option in options(context.value(call.func)):
        if isinstance(option, Method) and isinstance(option.owner, Instance) and option.function is None:
            base = option.owner.api
            owner = _METHODS.get(kind_of(base.path)) if base is not None else None
            if owner == "keras.layers.Layer" and call.func.attr in ("fit", "evaluate", "predict"):
                owner = "keras.Model"
            if owner is not None:
                return f"{owner}.{option.name.removeprefix('super.')}"
        elif isinstance(option, Method):
            return None
    if call.func.attr in ("fit", "evaluate", "predict") and any(k.arg in _DISTINCT for k in call.keywords):
        return f"keras.Model.{call.func.attr}"
    return None


@dataclass
class _Call:
    """One call and what is to change in it."""

    context: Context
    call: ast.Call
    path: str
    edits: list[Edit] = field(default_factory=list)
    dropped: list[ast.expr | ast.keyword] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    notes: list[tuple[ast.keyword, str]] = field(default_factory=list)
    imports: tuple[str, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """One finding for everything that is rewritten, one for each advice."""
        table = arguments.changes(self.path)
        for keyword in self.call.keywords:
            change = table.get(keyword.arg or "")
            if change is not None:
                self._change(keyword, change)
            elif keyword.arg is None:
                self._in_dict(keyword.value, table)
        self._positional_name()
        self._positional_inputs()
        if self.dropped:
            self.edits += remove_arguments(self.context.source, self.call, self.dropped)
        if self.edits:
            yield self._finding()
        for keyword, note in self.notes:
            span = self.context.source.span(keyword)
            yield Finding(
                CODE, span, f"`{keyword.arg}=` of `{self._name()}`: {note}", subject=f"`{self._name()}`"
            )

    def _name(self) -> str:
        return self.path.rpartition(".")[2]

    def _change(self, keyword: ast.keyword, change: arguments.Change) -> None:
        text = self.context.source.segment(keyword.value)
        literal = _literal(keyword.value)
        if isinstance(change, arguments.Renamed):
            if keyword_of(self.call, change.new) is not None or (change.only and literal not in change.only):
                self.notes.append((keyword, f"it is `{change.new}=` now. {change.note}".rstrip()))
                return
            assert keyword.arg is not None
            if self._has_decay() and keyword.arg == "lr":
                return
            self.edits.append(rename_keyword(self.context.source, keyword, change.new))
            self.renamed[keyword.arg] = change.new
            self._value(keyword, change.values, literal, text)
            self._assume(change.how, change.note)
        elif isinstance(change, arguments.Dropped):
            if change.only and literal not in change.only:
                if change.otherwise != "keep":
                    self.notes.append((keyword, change.note or "it is gone."))
                return
            self._drop(keyword)
            self._assume(change.how, change.note)
        elif isinstance(change, arguments.Revalued):
            self._value(keyword, change.values, literal, text)
        elif isinstance(change, arguments.Advised):
            self._special(keyword, change)

    def _in_dict(self, node: ast.expr, table: arguments.Changes) -> None:
        """The arguments in `**settings`, where `settings` is a dict of the module that only this call is given."""
        for key, name in _keys(self.context.module, node):
            change = table.get(name)
            if not isinstance(change, arguments.Renamed) or change.only or change.values:
                continue
            source = self.context.source
            if isinstance(key, ast.keyword):
                self.edits.append(rename_keyword(source, key, change.new))
            else:
                start, end = source.start(key), source.end(key)
                self.edits.append(Edit(start, end, source.segment(key).replace(name, change.new)))
            self.renamed[name] = change.new
            self._assume(change.how, change.note)

    def _has_decay(self) -> bool:
        decay = keyword_of(self.call, "decay")
        return decay is not None and self.path.startswith("keras.optimizers.") and not _is_zero(decay.value)

    def _value(self, keyword: ast.keyword, values: object, literal: str | None, text: str) -> None:
        assert hasattr(values, "get")
        new = values.get(literal) if literal is not None else None
        if new is not None and new != text:
            source = self.context.source
            self.edits.append(Edit(source.start(keyword.value), source.end(keyword.value), new))
            self.renamed[text] = new

    def _assume(self, how: str, note: str) -> None:
        if how == "review":
            self.assumptions.append(note)

    def _drop(self, keyword: ast.keyword) -> None:
        assert keyword.arg is not None
        self.dropped.append(keyword)
        self.gone.append(keyword.arg)

    def _positional_name(self) -> None:
        """`add_weight('kernel', shape=...)`: the name comes by keyword now."""
        if not self.path.endswith((".add_weight", ".add_variable")) or not self.call.args:
            return
        first = self.call.args[0]
        is_text = isinstance(first, ast.JoinedStr) or (
            isinstance(first, ast.Constant) and isinstance(first.value, str)
        )
        if isinstance(first, ast.Starred) or not (is_text or keyword_of(self.call, "shape") is not None):
            return
        order = arguments.order(self.path)
        names = order.names if order is not None else ("name",)
        for name, argument in zip(names, self.call.args, strict=False):
            start = argument_span(self.context.source, self.call, argument).start
            self.edits.append(Edit(start, start, f"{name}="))
            self.renamed[f"{name} by position"] = f"{name}="

    def _positional_inputs(self) -> None:
        """`add_loss(loss, inputs)`: the second one is gone."""
        if self.path == "keras.layers.Layer.add_loss" and len(self.call.args) == 2:
            change = arguments.changes(self.path)["inputs"]
            assert isinstance(change, arguments.Dropped)
            self.dropped.append(self.call.args[1])
            self.gone.append("inputs")
            self._assume(change.how, change.note)

    # -- arguments that something else takes the place of ----------------------------------------------------

    def _special(self, keyword: ast.keyword, change: arguments.Advised) -> None:
        if change.special == "decay":
            self._decay(keyword)
        elif change.special in ("input_length", "batch_input_shape", "input_shape"):
            self._input(keyword, change)
        elif change.special == "weights" and self._name() == "Embedding":
            return
        elif change.special == "weights":
            self._weights(keyword, change)
        elif not change.special or change.special not in _ELSEWHERE:
            self.notes.append((keyword, change.note))

    def _decay(self, keyword: ast.keyword) -> None:
        if _is_zero(keyword.value):
            self._drop(keyword)
            return
        source, context = self.context.source, self.context
        rate = keyword_of(self.call, "lr") or keyword_of(self.call, "learning_rate")
        decay = value_text(source, self.call, keyword)
        if rate is not None:
            initial = value_text(source, self.call, rate)
        elif self.call.args:
            self.notes.append(
                (keyword, "`learning_rate=keras.optimizers.schedules.InverseTimeDecay(...)` has this rule.")
            )
            return
        else:
            initial = _DEFAULT_RATES.get(self._name(), "0.001")
        schedule = context.spell("keras.optimizers.schedules.InverseTimeDecay")
        text = f"learning_rate={schedule}({initial}, decay_steps=1, decay_rate={decay})"
        self.imports = context.needed_imports
        self._drop(keyword)
        if rate is not None:
            span = argument_span(source, self.call, rate)
            self.edits.append(Edit(span.start, span.end, text))
        else:
            start = source.start(keyword)
            self.dropped.remove(keyword)
            self.edits.append(Edit(start, argument_span(source, self.call, keyword).end, text))
        self.renamed["lr, decay"] = "learning_rate=InverseTimeDecay(...)"
        self.gone.remove("decay")
        self.assumptions.append("nothing sets the learning rate later (a schedule cannot be set)")

    def _input(self, keyword: ast.keyword, change: arguments.Advised) -> None:
        """The shape that a first layer was given, as a `keras.Input` before it."""
        value = value_text(self.context.source, self.call, keyword)
        extra: tuple[ast.keyword, ...] = ()
        if keyword.arg == "input_length":
            shape = f"({value},)"
            if self._name() != "Embedding":
                width = keyword_of(self.call, "input_dim")
                if width is None:
                    self.notes.append((keyword, change.note))
                    return
                shape = f"({value}, {value_text(self.context.source, self.call, width)})"
                extra = (width,)
        elif keyword.arg == "batch_input_shape":
            shape = f"batch_shape={value}"
        elif keyword.arg == "input_shape":
            shape = value
        elif keyword.arg == "input_dim":
            shape = f"({value},)"
        else:
            self.notes.append((keyword, change.note))
            return
        if not self._insert_input(f"{self.context.spell('keras.Input')}({shape})"):
            if keyword.arg != "input_length" or self._name() != "Embedding":
                self.notes.append((keyword, change.note))
                return
        for item in (keyword, *extra):
            self._drop(item)

    def _weights(self, keyword: ast.keyword, change: arguments.Advised) -> None:
        """`weights=[kernel, bias]`, as constant initializers."""
        given = keyword.value
        names = arguments.INITIAL_WEIGHTS.get(self._name(), ())
        if not isinstance(given, (ast.List, ast.Tuple)) or not 0 < len(given.elts) <= len(names):
            self.notes.append((keyword, change.note))
            return
        wanted = names[: len(given.elts)]
        if any(keyword_of(self.call, name) is not None for name in wanted):
            self.notes.append((keyword, change.note))
            return
        source, constant_ = self.context.source, self.context.spell("keras.initializers.Constant")
        text = ", ".join(
            f"{name}={constant_}({source.segment(item)})"
            for name, item in zip(wanted, given.elts, strict=False)
        )
        span = argument_span(source, self.call, keyword)
        self.edits.append(Edit(span.start, span.end, text))
        self.renamed["weights"] = ", ".join(wanted)
        self.imports = self.context.needed_imports

    def _insert_input(self, text: str) -> bool:
        """Puts an input before the layer, where it is the first of a Sequential model."""
        context, source = self.context, self.context.source
        outer = context.module.parent(self.call)
        if isinstance(outer, ast.List):
            if outer.elts[0] is not self.call or not self._is_sequential_list(outer):
                return False
            start = outer_span(source, self.call, context.source.span(outer)).start
            self.edits.append(Edit(start, start, text + self._separator(outer)))
        elif (
            isinstance(outer, ast.Call) and isinstance(outer.func, ast.Attribute) and outer.func.attr == "add"
        ):
            statement = context.module.statement(outer)
            if not isinstance(statement, ast.Expr) or not self._is_first(outer):
                return False
            start = source.start(statement)
            receiver = source.segment(outer.func.value)
            self.edits.append(Edit(start, start, f"{receiver}.add({text})\n{source.indentation(statement)}"))
        else:
            return False
        self.imports = context.needed_imports
        self.renamed["the shape"] = text
        return True

    def _is_sequential_list(self, outer: ast.List) -> bool:
        call = self.context.module.parent(outer)
        if isinstance(call, ast.keyword):
            call = self.context.module.parent(call)
        if not isinstance(call, ast.Call):
            return False
        callee = self.context.module.api(call.func)
        return callee is not None and kind_of(callee.path) is Kind.SEQUENTIAL

    def _separator(self, outer: ast.List) -> str:
        """What stands between the first two items, or a comma: the new item gets a line of its own as the others."""
        source = self.context.source
        between = source.text[source.start(outer) + 1 : source.start(self.call)]
        return "," + between if "\n" in between and not between.strip() else ", "

    def _is_first(self, outer: ast.Call) -> bool:
        assert isinstance(outer.func, ast.Attribute)
        for option in options(self.context.value(outer.func.value)):
            if isinstance(option, Instance) and option.children:
                first = option.children[0]
                layer = self.context.value(self.call)
                return any(item is first for item in options(layer))
        return False

    # -- the finding -----------------------------------------------------------------------------------------

    def _finding(self) -> Finding:
        parts = [f"`{old}` → `{new}`" for old, new in self.renamed.items()]
        if self.gone:
            parts.append("removed " + ", ".join(f"`{name}`" for name in self.gone))
        text = ", ".join(parts)
        assumption = " ".join(dict.fromkeys(note for note in self.assumptions if note))
        safety = Safety.REVIEW if self.assumptions else Safety.SAFE
        return Finding(
            CODE,
            self.context.span(self.call.func),
            f"arguments of `{self._name()}` changed: {text}",
            Fix(self.edits, f"`{self._name()}`: {text}", safety, self.imports),
            subject=f"`{self._name()}` arguments",
            assumption=assumption,
        )


_ELSEWHERE = frozenset({"save_format"})
"""Specials that another rule looks at."""


def _keys(module: Module, node: ast.expr) -> list[tuple[ast.Constant | ast.keyword, str]]:
    """The keys of a dict display, or of a `dict(...)`; behind a name, if the name is given nothing else and read once."""
    if isinstance(node, ast.Name):
        places = [name for name in module.names_of(node.id) if name is not node]
        made = module.parent(places[0]) if len(places) == 1 else None
        if not isinstance(made, ast.Assign) or made.targets != places:
            return []
        node = made.value
    if isinstance(node, ast.Dict):
        return [
            (key, key.value)
            for key in node.keys
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        ]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return [(keyword, keyword.arg) for keyword in node.keywords if keyword.arg is not None]
    return []


def _literal(node: ast.expr) -> str | None:
    """The Python text of a constant, in the tables' spelling (single quotes)."""
    return repr(node.value) if isinstance(node, ast.Constant) else None


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (0, 0.0, None)
