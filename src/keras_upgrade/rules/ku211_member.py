"""KU211 member: methods and attributes that objects of Keras 3 do not have

Methods of models, layers, optimizers and metrics that are gone, or that are called otherwise.

**Since** Keras 3.0.

**Error**

    AttributeError: 'Sequential' object has no attribute 'reset_states'
    AttributeError: 'Dense' object has no attribute 'output_shape'
    AttributeError: 'Functional' object has no attribute 'input_names'
    AttributeError: property 'outputs' of 'Sequential' object has no setter

**Fix.** The method or attribute of today, or an expression for it. `reset_states` of a model becomes a loop over its
stateful layers. The graph of calls is private today: `layer.get_output_at(1)` becomes
`layer._inbound_nodes[1].output_tensors[0]`.

**Not fixed.** What has no counterpart: the advice says what to do instead. `model.layers.pop()` and `model.outputs = [...]`
do not take layers off a model: `keras.Model(model.inputs, model.layers[-2].output)` makes one without the last
layer, `model.pop()` does it for a Sequential model.

```python before
import numpy as np
from keras.layers import Dense, SimpleRNN
from keras.models import Sequential

model = Sequential()
model.add(SimpleRNN(2, batch_input_shape=(1, 1, 3), stateful=True, kernel_initializer='ones', recurrent_initializer='ones'))
model.add(Dense(1, kernel_initializer='ones'))
x = np.ones((1, 1, 3)) / 10
first = model.predict(x)
second = model.predict(x)
model.reset_states()
result = [first, second, model.predict(x), tuple(model.layers[-1].output_shape)]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, SimpleRNN
from keras.models import Sequential

model = Sequential()
model.add(keras.Input(batch_shape=(1, 1, 3)))
model.add(SimpleRNN(2, stateful=True, kernel_initializer='ones', recurrent_initializer='ones'))
model.add(Dense(1, kernel_initializer='ones'))
x = np.ones((1, 1, 3)) / 10
first = model.predict(x)
second = model.predict(x)
for layer in model.layers:
    if getattr(layer, "stateful", False):
        layer.reset_states()
result = [first, second, model.predict(x), tuple(model.layers[-1].output.shape)]
```

```python before
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

a, b = Input((2,), name='a'), Input((2,), name='b')
dense = Dense(3, kernel_initializer='ones')
x, y = dense(a), dense(b)
model = Model([a, b], [x, y])
probe = Model(b, dense.get_output_at(1))
result = [model.input_names, dense.get_output_shape_at(0)[1], probe.predict(np.ones((1, 2)))]
```

```python after
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model

a, b = Input((2,), name='a'), Input((2,), name='b')
dense = Dense(3, kernel_initializer='ones')
x, y = dense(a), dense(b)
model = Model([a, b], [x, y])
probe = Model(b, dense._inbound_nodes[1].output_tensors[0])
result = [[tensor.name for tensor in model.inputs], dense._inbound_nodes[0].output_tensors[0].shape[1], probe.predict(np.ones((1, 2)))]
```

```python unchanged
class Graph:
    outputs = ()
    input_names = ('a', 'b')

    def reset_states(self):
        self.outputs = [1]


graph = Graph()
graph.reset_states()
graph.outputs = [2]
result = [graph.outputs, graph.input_names]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import callback_of
from keras_upgrade.analysis.values import Class, Instance, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import members
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import remove_statement, statement_lines, value_text

CODE = "KU211"
PHASE = NAMES
ERRORS = (
    r"object has no attribute '(reset_states|input_names|output_names|(get_)?(in|out)put_shape(_at)?|get_(in|out)put_at)'",
    r"object has no attribute '(inbound_nodes|outbound_nodes|get_updates|get_weights|to_yaml|total_loss|add_variable)'",
    r"property '(inputs|outputs)' of '\w+' object has no setter",
)

_NAMES = frozenset(
    [
        "input_shape",
        "output_shape",
        "inbound_nodes",
        "outbound_nodes",
        "get_input_at",
        "get_output_at",
        "get_input_shape_at",
        "get_output_shape_at",
        "get_updates_for",
        "get_losses_for",
        "add_variable",
        "reset_states",
        "to_yaml",
        "input_names",
        "output_names",
        "_make_predict_function",
        "_make_train_function",
        "_make_test_function",
        "get_weights",
        "weights",
        "get_updates",
        "get_gradients",
        "compute_gradients",
        "total_loss",
        "metrics_tensors",
        "_collected_trainable_weights",
    ]
)
"""Members that nothing else than an object of Keras 2 has; others of the table are named too commonly."""


_MODELS = (Kind.MODEL, Kind.SEQUENTIAL, Kind.APPLICATION)
_SURGERY = "`keras.Model(model.inputs, model.layers[-2].output)` is the model without its last layer; a Sequential has `pop()`."


def check(context: Context) -> Iterator[Finding]:
    """Members of library objects that the table has, and models that are cut up."""
    for node in context.module.nodes(ast.Attribute):
        if node.attr in _NAMES:
            finding = _member(context, node)
            if finding is not None:
                yield finding
        elif node.attr in ("inputs", "outputs", "pop"):
            yield from _surgery(context, node)


def _surgery(context: Context, node: ast.Attribute) -> Iterator[Finding]:
    """`model.outputs = [...]`, `model.layers.pop()`."""
    owner, source = node.value, context.source
    if node.attr == "pop":
        if (
            not isinstance(owner, ast.Attribute)
            or owner.attr != "layers"
            or not _is_model(context, owner.value)
        ):
            return
        text = source.segment(node)
        yield Finding(
            CODE, context.span(node), f"`{text}()` changes a copy of the list of layers only: {_SURGERY}"
        )
    elif isinstance(node.ctx, ast.Store) and _is_model(context, owner):
        yield Finding(CODE, context.span(node), f"`{source.segment(node)}` cannot be assigned: {_SURGERY}")


def _is_model(context: Context, node: ast.expr) -> bool:
    """Whether an expression is a model, not `self` of a class of the user's."""
    return all(
        isinstance(option, Instance)
        and option.api is not None
        and not isinstance(option.cls, Class)
        and kind_of(option.api.path) in _MODELS
        for option in options(context.value(node))
    )


def _entry(context: Context, node: ast.Attribute) -> members.Member | None:
    """What the table says of the member, if it says the same of every object that this may be."""
    found = []
    for option in options(context.value(node.value)):
        if callback_of(option) is not None:
            found.append(members.member("keras.Model", node.attr))
        if not isinstance(option, Instance) or option.api is None or node.attr in option.attributes:
            continue
        if isinstance(option.cls, Class) and option.cls.lookup(node.attr) is not None:
            return None
        found.append(members.member(option.api.path, node.attr))
    return found[0] if found and all(entry == found[0] for entry in found) else None


def _member(context: Context, node: ast.Attribute) -> Finding | None:
    """A member of a library object that Keras 3 does not have, by the table."""
    entry = _entry(context, node)
    if entry is None or not isinstance(node.ctx, ast.Load):
        return None
    text = context.source.segment(node)
    statement = context.module.statement(node)
    alone = (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and statement.value.func is node
    )
    edits: list[Edit] | None = None
    new = ""
    if entry.special == "reset_states" and alone and statement_lines(context.source, statement) is not None:
        edits, new = _reset_states(context, node, statement), "a loop over the stateful layers"
    elif entry.special == "make_function" and alone:
        edits, new = [_removal(context, statement)], "nothing"
    elif entry.how != "advise" and not entry.new.startswith("self."):
        edits, new = _expression(context, node, entry)
    elif entry.special == "node_at":
        edits, new = _node_at(context, node, entry)
    elif entry.special == "instead_of_call":
        edits, new = _instead_of_call(context, node, entry)
    elif entry.how != "advise" and entry.new.startswith("self.") and entry.new != f"self.{node.attr}":
        end = context.source.end(node)
        edits, new = (
            [Edit(end - len(node.attr), end, entry.new.removeprefix("self."))],
            entry.new.replace("self.", ""),
        )
    if entry.new == f"self.{node.attr}" and entry.how != "advise":
        return None
    if node.attr == "add_variable" and _is_for_keras3(context, node):
        return None
    message = f"`{text}` is not there in Keras 3"
    if edits is None:
        return Finding(CODE, context.span(node), f"{message}: {entry.note}")
    safety = Safety.REVIEW if entry.how == "review" else Safety.SAFE
    return Finding(
        CODE, context.span(node), message, Fix(edits, f"`{text}` → {new}", safety), assumption=entry.note
    )


def _is_for_keras3(context: Context, node: ast.Attribute) -> bool:
    """Whether `add_variable` is called by keywords only: that means the same in Keras 3."""
    call = context.module.parent(node)
    return isinstance(call, ast.Call) and call.func is node and not call.args and bool(call.keywords)


def _expression(
    context: Context, node: ast.Attribute, entry: members.Member
) -> tuple[list[Edit] | None, str]:
    """An expression in place of an attribute, or of the call of a method."""
    place: ast.expr = node
    call = context.module.parent(node)
    if isinstance(call, ast.Call) and call.func is node:
        if call.args or call.keywords:
            return None, ""
        place = call
    return _in_place_of(context, place, node, entry.new)


def _node_at(context: Context, node: ast.Attribute, entry: members.Member) -> tuple[list[Edit] | None, str]:
    """`layer.get_output_at(0)`."""
    call = context.module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node or len(call.args) + len(call.keywords) != 1:
        return None, ""
    argument = call.args[0] if call.args else call.keywords[0]
    index = value_text(context.source, call, argument)
    return _in_place_of(context, call, node, entry.new.format(index))


def _instead_of_call(
    context: Context, node: ast.Attribute, entry: members.Member
) -> tuple[list[Edit] | None, str]:
    """`layer.get_losses_for(inputs)`: an attribute, whatever it was asked for."""
    call = context.module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node:
        return None, ""
    return _in_place_of(context, call, node, entry.new)


def _in_place_of(
    context: Context, place: ast.expr, node: ast.Attribute, new: str
) -> tuple[list[Edit] | None, str]:
    """`new` with the object for `self`, where the object is a name or a path."""
    owner = context.source.segment(node.value)
    if not owner.replace(".", "").isidentifier():
        return None, ""
    text = new.replace("self.", f"{owner}.")
    return [Edit(context.source.start(place), context.source.end(place), text)], f"`{text}`"


def _reset_states(context: Context, node: ast.Attribute, statement: ast.stmt) -> list[Edit]:
    source = context.source
    blank = source.indentation(statement)
    model = source.segment(node.value)
    name = free_name("layer", context.module.names() - {"layer"})
    lines = [
        f"for {name} in {model}.layers:",
        f'{blank}    if getattr({name}, "stateful", False):',
        f"{blank}        {name}.reset_states()",
    ]
    return [Edit(source.start(statement), source.end(statement), "\n".join(lines))]


def _removal(context: Context, statement: ast.stmt) -> Edit:
    block = context.module.body_of(statement)
    limit = context.module.document.span_of(context.module.cell_of(statement))
    return remove_statement(context.source, statement, sole=len(block) == 1, limit=limit)
