"""KU501 loss-captures-tensors: losses that use inner tensors of the model

A loss function that reads KerasTensors of the model from outside (as default arguments or from the scope around it)
cannot work in Keras 3: losses run on real tensors. This is how variational autoencoders added their KL term.

**Since** Keras 3.0 (TensorFlow 2.4 with eager losses).

**Error**

    ValueError: A KerasTensor cannot be used as input to a TensorFlow function.

**Fix.** The functional model becomes a subclass of `keras.Model`: its `call` runs the same sub-models and adds the
terms on inner tensors with `self.add_loss`; the loss function keeps the terms on `y_true` and `y_pred`. The value of
the loss is the same for the same weights, and the model can be saved and loaded.

**Not fixed.** A loss whose terms cannot be told apart (not a sum), a model whose `input`, `output` or `get_layer` is
used later, a loss with branches or loops.

```python before
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

x = Input(shape=(4,))
code = Dense(2, kernel_initializer='ones')(x)
encoder = Model(x, code)
code_input = Input(shape=(2,))
decoder = Model(code_input, Dense(4, kernel_initializer='ones')(code_input))
autoencoder = Model(x, decoder(encoder(x)))


def sparse_loss(y_true, y_pred):
    error = K.mean(K.square(y_true - y_pred), axis=-1)
    return error + 0.1 * K.sum(K.abs(code), axis=-1)


autoencoder.compile('sgd', loss=sparse_loss)
data = np.arange(8.0).reshape(2, 4)
result = autoencoder.evaluate(data, data)
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Model

x = Input(shape=(4,))
code = Dense(2, kernel_initializer='ones')(x)
encoder = Model(x, code)
code_input = Input(shape=(2,))
decoder = Model(code_input, Dense(4, kernel_initializer='ones')(code_input))


@keras.saving.register_keras_serializable()
class Autoencoder(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder

    def call(self, x):
        code = self.encoder(x)
        decoder_output = self.decoder(code)
        self.add_loss(keras.ops.mean(0.1 * keras.ops.sum(keras.ops.abs(code), axis=-1)))
        return decoder_output

    def get_config(self):
        config = super().get_config()
        config.update({
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "decoder": keras.saving.serialize_keras_object(self.decoder),
        })
        return config

    @classmethod
    def from_config(cls, config):
        config["encoder"] = keras.saving.deserialize_keras_object(config["encoder"])
        config["decoder"] = keras.saving.deserialize_keras_object(config["decoder"])
        return cls(**config)


autoencoder = Autoencoder(encoder, decoder)
autoencoder.build(x.shape)


def sparse_loss(y_true, y_pred):
    error = keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)
    return error


autoencoder.compile('sgd', loss=sparse_loss)
data = np.arange(8.0).reshape(2, 4)
result = autoencoder.evaluate(data, data)
```

```python unchanged
import numpy as np
import keras

x = keras.Input(shape=(4,))
model = keras.Model(x, keras.layers.Dense(1, kernel_initializer='ones')(x))
weight = 2.0


def weighted(y_true, y_pred):
    return weight * keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)


model.compile('sgd', loss=weighted)
result = model.evaluate(np.ones((2, 4)), np.ones((2, 1)))
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.captures import captures, enclosing_functions
from keras_upgrade.analysis.values import (
    Event,
    Function,
    Instance,
    Tensor,
    holds_symbolic,
    options,
)
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.losses.models import CannotRewriteError, Loss, LossModel, Rewrite
from keras_upgrade.rules.losses.terms import LossTerms
from keras_upgrade.syntax.blocks import insertion_point, is_docstring
from keras_upgrade.syntax.edits import remove_parameters, remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU501"
PHASE = STRUCTURE
WORDS = {"compile"}
ERRORS = (r"A KerasTensor cannot be used as input to a TensorFlow function",)

_ASSUMPTION = (
    "the model is trained and evaluated without sample weights, which would not weigh the added terms"
)


def check(context: Context) -> Iterator[Finding]:
    """Losses, given to `compile`, that read KerasTensors."""
    for model in context.module.instances:
        for event in model.events:
            if event.name == "compile" and event.module is context.module:
                yield from _compiled(context, model, event)


def _compiled(context: Context, model: Instance, event: Event) -> Iterator[Finding]:
    loss = event.arguments.get(1, "loss")
    for option in options(loss) if loss is not None else ():
        if not isinstance(option, Function) or not isinstance(option.node, ast.FunctionDef):
            continue
        if option.module is not context.module:
            continue
        if _tensors(context, option):
            yield _finding(context, model, event, option)
            return
        if _gives_symbolic(context, option.node):
            name = option.node.name
            yield _advice(
                context,
                event,
                f"`{name}` depends on KerasTensors of the model through what it calls or reads",
            )
            return


def _tensors(context: Context, function: Function) -> dict[str, Tensor]:
    """The KerasTensors that a loss reads, by the name that it reads them by."""
    found: dict[str, Tensor] = {}
    for name, value in function.defaults.items():
        for option in options(value):
            if isinstance(option, Tensor) and option.symbolic:
                found[name] = option
    for capture in captures(context.module, function.node):
        for option in options(capture.value):
            if isinstance(option, Tensor) and option.symbolic:
                found[capture.name] = option
    return found


def _gives_symbolic(context: Context, node: ast.FunctionDef) -> bool:
    """Whether a loss, run on real tensors, gives a KerasTensor all the same."""
    return any(
        isinstance(item, ast.Return) and item.value is not None and holds_symbolic(context.value(item.value))
        for item in walk(node)
    )


def _advice(context: Context, event: Event, message: str) -> Finding:
    return Finding(
        CODE,
        context.span(event.node),
        f"{message}. Make the model a subclass of `keras.Model` and add these terms with `self.add_loss()` in `call`.",
        subject="loss",
    )


def _finding(context: Context, model: Instance, event: Event, function: Function) -> Finding:
    node = function.node
    assert isinstance(node, ast.FunctionDef)
    tensors = _tensors(context, function)
    names = ", ".join(f"`{name}`" for name in tensors)
    message = f"the loss `{node.name}` reads {names}: KerasTensors of the model, not the values of a batch"
    try:
        fix = _fix(context, model, event, function, tensors)
    except CannotRewriteError as problem:
        advice = (
            f"{message}. Make the model a subclass of `keras.Model` and add these terms with `self.add_loss()` in "
            f"`call` (not done: {problem})"
        )
        return Finding(CODE, context.span(event.node), advice, subject=f"`{node.name}`")
    return Finding(CODE, context.span(node), message, fix, subject=f"`{node.name}`", assumption=_ASSUMPTION)


def _fix(
    context: Context, model: Instance, event: Event, function: Function, tensors: dict[str, Tensor]
) -> Fix:
    node = function.node
    assert isinstance(node, ast.FunctionDef)
    assert isinstance(event.node, ast.Call)
    home = enclosing_functions(context.module, node)
    if home and home[0] not in enclosing_functions(context.module, LossModel(context, model).statement):
        raise CannotRewriteError(
            f"`{node.name}` is made by a function other than the one that makes the model"
        )
    if len({id(e.node) for e in model.events if e.name == "compile"}) > 1:
        raise CannotRewriteError("the model is compiled more than once")
    terms = LossTerms(context, node, tensors)
    own, inner, moved = terms.split()
    loss = Loss(
        tensors,
        [terms.text(item) for item in moved],
        [terms.reduced(inner)],
        terms.outside_names(moved, inner),
    )
    _check_defaults(loss, function, {*tensors})
    builder = LossModel(context, model)
    rewrite = builder.rewrite(loss)
    edits = [*rewrite.edits, *_loss_edits(context, node, terms, own, tensors, event)]
    new_name = terms.new_name
    edits += _build_edits(context, builder, rewrite, event.node)
    return Fix(
        edits,
        f"Changed the functional model with the loss `{node.name}` → `class {rewrite.class_name}(keras.Model)` with "
        f"`self.add_loss()` in `call()`; `{new_name}` keeps the terms on the outputs",
        Safety.REVIEW,
        context.needed_imports,
    )


def _check_defaults(loss: Loss, function: Function, tensors: set[str]) -> None:
    """Refuses a loss whose inner terms read a parameter that `call` would not have.

    A parameter that only hands on a variable of the same name (`dim=dim`) is that variable.
    """
    arguments = function.node.args
    parameters = [*arguments.posonlyargs, *arguments.args]
    written = dict(zip(reversed([p.arg for p in parameters]), reversed(arguments.defaults), strict=False))
    code = ast.parse("\n".join([*loss.statements, *loss.terms]))
    read = {node.id for node in walk(code) if isinstance(node, ast.Name)}
    for name, default in written.items():
        if name not in read or name in tensors:
            continue
        if not (isinstance(default, ast.Name) and default.id == name):
            raise CannotRewriteError(f"the terms on inner tensors read the parameter `{name}`")
        loss.names[name] = default


def _build_edits(context: Context, builder: LossModel, rewrite: Rewrite, compiled: ast.Call) -> list[Edit]:
    """Builds the model where it is made, or before it is compiled if `call` reads what is only bound by then."""
    source, module = context.source, context.module
    if not rewrite.late:
        end = source.end(builder.statement)
        return [Edit(end, end, f"\n{source.indentation(builder.statement)}{rewrite.build}")]
    statement = module.statement(compiled)
    if module.body_of(statement) is not module.body_of(builder.statement):
        return []
    start = source.start(statement)
    return [Edit(start, start, f"{rewrite.build}\n{source.indentation(statement)}")]


def _loss_edits(
    context: Context,
    node: ast.FunctionDef,
    terms: LossTerms,
    own: str,
    tensors: dict[str, Tensor],
    event: Event,
) -> list[Edit]:
    """The loss function without the terms that went into the model."""
    source = context.source
    edits = remove_parameters(source, node, set(tensors))
    limit = context.module.document.span_of(context.module.cell_of(node))
    kept = [item for item in node.body if item in terms.kept]
    only = [item for item in kept if not is_docstring(item)]
    if terms.renames(event):
        for use in terms.outside_uses():
            edits.append(Edit(source.start(use), source.end(use), terms.new_name))
        start = source.text.index(node.name, source.start(node) + len("def"))
        edits.append(Edit(start, start + len(node.name), terms.new_name))
        assert len(only) == 1
        edits.append(Edit(source.start(only[0]), source.end(only[0]), f"return {own}"))
        last = None
    else:
        last = terms.returned
        edits.append(Edit(source.start(last), source.end(last), f"return {own}"))
    for item in node.body:
        if item not in terms.kept and item is not last:
            begin = insertion_point(source, item, limit) if terms.moves(item) else None
            edits.append(remove_statement(source, item, sole=False, limit=limit, start=begin))
    return edits


__all__ = ["check"]
