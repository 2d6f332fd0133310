"""KU502 functional-add-loss: `model.add_loss(tensor)` on a functional model

Keras 3 models made from inputs and outputs do not take a loss as a KerasTensor; layers and subclassed models add
losses in `call`, where the tensors are real.

**Since** Keras 3.0.

**Error**

    NotImplementedError    (with no message, from `Functional.add_loss`)

**Fix.** The model becomes a subclass of `keras.Model` whose `call` runs the same sub-models, computes the loss by the
same statements, and adds it with `self.add_loss`. `compile` and `fit` stay as they are. The value of the loss is the
same for the same weights, and the model can be saved and loaded.

**Not fixed.** A model whose `input`, `output` or `get_layer` is used, a loss from tensors that the model's inputs do
not lead to, code that computes the loss in loops.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

x = Input(shape=(4,))
code = Dense(2, kernel_initializer='ones', name='code')(x)
outputs = Dense(4, kernel_initializer='ones')(code)
model = Model(x, outputs)

# the error, and a price for large codes
error = K.mean(K.square(x - outputs), axis=-1)
price = K.sum(K.abs(code), axis=-1)
price *= 0.1
model.add_loss(K.mean(error + price))
model.compile('sgd')
result = model.evaluate(np.arange(8.0).reshape(2, 4))
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Model

x = Input(shape=(4,))
code = Dense(2, kernel_initializer='ones', name='code')(x)
outputs = Dense(4, kernel_initializer='ones')(code)


@keras.saving.register_keras_serializable()
class ModelWithLoss(keras.Model):
    def __init__(self, network, **kwargs):
        super().__init__(**kwargs)
        self.network = network

    def call(self, x):
        outputs, code = self.network(x)
        # the error, and a price for large codes
        error = keras.ops.mean(keras.ops.square(x - outputs), axis=-1)
        price = keras.ops.sum(keras.ops.abs(code), axis=-1)
        price *= 0.1
        self.add_loss(keras.ops.mean(error + price))
        return outputs

    def get_config(self):
        config = super().get_config()
        config.update({"network": keras.saving.serialize_keras_object(self.network)})
        return config

    @classmethod
    def from_config(cls, config):
        config["network"] = keras.saving.deserialize_keras_object(config["network"])
        return cls(**config)


model = ModelWithLoss(Model(x, [outputs, code]))

model.build(x.shape)
model.compile('sgd')
result = model.evaluate(np.arange(8.0).reshape(2, 4))
```

```python unchanged
import numpy as np
import keras


class Priced(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(4, kernel_initializer='ones')

    def call(self, x):
        y = self.dense(x)
        self.add_loss(keras.ops.mean(y))
        return y


model = Priced()
model.compile('sgd')
result = model.evaluate(np.arange(8.0).reshape(2, 4))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import uses_of
from keras_upgrade.analysis.values import (
    Api,
    Event,
    Instance,
    Tensor,
    options,
)
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.losses.models import CannotRewriteError, Loss, LossModel
from keras_upgrade.syntax.blocks import insertion_point, statements_text
from keras_upgrade.syntax.edits import remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU502"
PHASE = STRUCTURE
WORDS = {"add_loss"}
ERRORS = (
    r"NotImplementedError\s*(\(from Functional\.add_loss\))?\s*$",
    r"NotImplementedError.*add_loss",
    r"add_loss.*NotImplementedError",
)

_SIMPLE = (ast.Assign, ast.AugAssign, ast.If)


def check(context: Context) -> Iterator[Finding]:
    """Calls of `add_loss` on functional models."""
    for model in context.module.instances:
        if not isinstance(model.cls, Api) or kind_of(model.cls.path) not in (Kind.MODEL, Kind.APPLICATION):
            continue
        events = [
            event for event in model.events if event.name == "add_loss" and event.module is context.module
        ]
        if events:
            yield _finding(context, model, list({id(event.node): event for event in events}.values()))


def _finding(context: Context, model: Instance, events: list[Event]) -> Finding:
    name = model.variable or "model"
    message = f"`{name}.add_loss()` on a functional model raises NotImplementedError in Keras 3"
    try:
        slice_ = LossSlice(context, model, events)
        fix = slice_.fix()
    except CannotRewriteError as problem:
        advice = (
            f"{message}. Make `{name}` a subclass of `keras.Model` and add the loss with `self.add_loss()` in `call` "
            f"(not done: {problem})"
        )
        return Finding(CODE, context.span(events[0].node), advice, subject=f"`{name}` model")
    return Finding(CODE, context.span(events[0].node), message, fix, subject=f"`{name}` model")


class LossSlice:
    """The statements that compute the added losses, on their way into `call`."""

    def __init__(self, context: Context, model: Instance, events: list[Event]) -> None:
        self.context = context
        self.module = context.module
        self.source = context.source
        self.model = model
        self.calls = [event.node for event in events if isinstance(event.node, ast.Call)]
        self.statements = [self.module.statement(call) for call in self.calls]
        for call, statement in zip(self.calls, self.statements, strict=True):
            if not (isinstance(statement, ast.Expr) and statement.value is call):
                raise CannotRewriteError("the call of `add_loss` is part of another expression")
            if len(call.args) != 1 or call.keywords:
                raise CannotRewriteError("`add_loss` has further arguments")
        self.block = self.module.body_of(self.statements[0])
        if any(self.module.body_of(statement) is not self.block for statement in self.statements):
            raise CannotRewriteError("the losses are added in several places")
        self.tensors: dict[str, Tensor] = {}
        self.names: dict[str, ast.Name] = {}
        self.moved: list[ast.stmt] = []
        self._collect()

    def _collect(self) -> None:
        pending: list[ast.AST] = [call.args[0] for call in self.calls]
        seen: set[str] = set()
        while pending:
            node = pending.pop()
            self._check_expression(node)
            for part in walk(node):
                if not isinstance(part, ast.Name) or not isinstance(part.ctx, ast.Load) or part.id in seen:
                    continue
                if self._is_computed(part):
                    seen.add(part.id)
                    makers = self._makers(part.id)
                    pending += [maker for maker in makers if maker not in self.moved]
                    self.moved += [maker for maker in makers if maker not in self.moved]
                else:
                    self._take(part)
        self.moved.sort(key=lambda statement: statement.lineno)
        assigned = {
            n.id
            for s in self.moved
            for n in walk(s)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        self.names = {name: node for name, node in self.names.items() if name not in assigned}

    def _check_expression(self, node: ast.AST) -> None:
        for part in walk(node):
            if isinstance(part, ast.Attribute) and part.attr in ("input", "output", "inputs", "outputs"):
                if any(isinstance(o, Tensor) and o.symbolic for o in options(self.module.value(part))):
                    raise CannotRewriteError(
                        f"the loss reads `{self.source.segment(part)}`; give it a name first"
                    )

    def _take(self, part: ast.Name) -> None:
        symbolic = [o for o in options(self.module.value(part)) if isinstance(o, Tensor) and o.symbolic]
        if len(symbolic) > 1:
            raise CannotRewriteError(f"`{part.id}` may be several tensors")
        if symbolic:
            self.tensors[part.id] = symbolic[0]
        else:
            self.names.setdefault(part.id, part)

    def _is_computed(self, part: ast.Name) -> bool:
        """Whether a name holds what operators and functions made of tensors, not an output of a layer."""
        found = [o for o in options(self.module.value(part)) if isinstance(o, Tensor) and o.symbolic]
        return bool(found) and all(_is_operation(tensor) for tensor in found)

    def _makers(self, name: str) -> list[ast.stmt]:
        """The statements of the block that assign a name."""
        last = max(statement.lineno for statement in self.statements)
        makers = [s for s in self.block if s.lineno < last and name in _assigned(s)]
        if not makers or not all(isinstance(maker, _SIMPLE) for maker in makers):
            raise CannotRewriteError(f"`{name}` is computed elsewhere")
        return makers

    # -- the fix ---------------------------------------------------------------------------------------------

    def fix(self) -> Fix:
        """The edits: the class, the model made from it, the statements gone from where they were."""
        taken = [statement for statement in self.moved if not self._is_used_elsewhere(statement)]
        removals = self._removals(taken)
        builder = LossModel(self.context, self.model)
        builder.replaced = [
            *removals,
            *(Edit(self.source.start(s), self.source.end(s), "") for s in self.statements),
        ]
        loss = Loss(
            self.tensors,
            self._texts(),
            [self.source.segment(call.args[0]) for call in self.calls],
            self.names,
        )
        rewrite = builder.rewrite(loss)
        edits = [*rewrite.edits, *removals]
        first, *others = self.statements
        edits.append(Edit(self.source.start(first), self.source.end(first), rewrite.build))
        for other in others:
            edits.append(remove_statement(self.source, other, sole=False, limit=self._limit(other)))
        name = self.model.variable
        return Fix(
            edits,
            f"Changed the functional model with `{name}.add_loss()` → `class {rewrite.class_name}(keras.Model)` with "
            "`self.add_loss()` in `call()`",
            Safety.SAFE,
            self.context.needed_imports,
        )

    def _limit(self, statement: ast.stmt) -> Span:
        return self.module.document.span_of(self.module.cell_of(statement))

    def _texts(self) -> list[str]:
        texts = []
        for statement in self.moved:
            begin = insertion_point(self.source, statement, self._limit(statement))
            start = begin if begin < self.source.line_start(self.source.start(statement)) else None
            texts.append(statements_text(self.source, [statement], "", start=start))
        return texts

    def _removals(self, statements: list[ast.stmt]) -> list[Edit]:
        edits = []
        for statement in statements:
            limit = self._limit(statement)
            begin = insertion_point(self.source, statement, limit)
            edits.append(remove_statement(self.source, statement, sole=False, limit=limit, start=begin))
        return edits

    def _is_used_elsewhere(self, statement: ast.stmt) -> bool:
        inside = {id(n) for s in (*self.moved, *self.statements) for n in walk(s)}
        return any(
            id(use) not in inside for name in _assigned(statement) for use in self._reads(name, statement)
        )

    def _reads(self, name: str, statement: ast.stmt) -> list[ast.Name]:
        """The reads of a name that may see what the statement assigned."""
        own = [
            o
            for n in walk(statement)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            for o in options(self.module.value(n))
        ]
        return [
            use
            for use in uses_of(self.module, name)
            if any(o is mine for o in options(self.module.value(use)) for mine in own)
        ]


def _is_operation(tensor: Tensor) -> bool:
    maker = tensor.maker
    if isinstance(maker, Instance):
        return False
    if isinstance(maker, Api):
        return kind_of(maker.path) is Kind.TENSOR_FUNCTION and "random" not in maker.path
    return tensor.node is not None


def _assigned(statement: ast.stmt) -> set[str]:
    return {n.id for n in walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
