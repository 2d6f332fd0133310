"""KU608 minimize: `optimizer.minimize(loss, variables)`

Optimizers have no `minimize` any more: gradients are computed with a tape, and applied.

**Since** Keras 3.0.

**Error**

    AttributeError: 'SGD' object has no attribute 'minimize'

**Fix.** A statement `optimizer.minimize(loss_function, variables)` becomes the tape, the loss in it, and `apply_gradients`;
`optimizer.minimize(loss, variables, tape=tape)` becomes `apply_gradients` alone.

**Not fixed.** Calls whose result is used, and losses that are no functions.

```python before
import tensorflow as tf

w = tf.Variable([1.0, 2.0])
optimizer = tf.keras.optimizers.SGD(0.1)
for step in range(2):
    optimizer.minimize(lambda: tf.reduce_sum(w * w), var_list=[w])

def squares():
    return tf.reduce_sum(w * w)

optimizer.minimize(squares, [w])
result = w.numpy()
```

```python after
import tensorflow as tf
import keras

w = tf.Variable([1.0, 2.0])
optimizer = keras.optimizers.SGD(0.1)
for step in range(2):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(w * w)
    optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w]))

def squares():
    return tf.reduce_sum(w * w)

with tf.GradientTape() as tape:
    loss = squares()
optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w]))
result = w.numpy()
```

```python unchanged
class Search:
    def minimize(self, function, start):
        return min(function() + item for item in start)


result = Search().minimize(lambda: 1, [3, 2])
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Function, instances, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import tensorflow_name
from keras_upgrade.syntax.blocks import free_name
from keras_upgrade.syntax.edits import keyword_of, value_text

CODE = "KU608"
PHASE = NAMES
WORDS = {"minimize"}
ERRORS = (r"object has no attribute 'minimize'",)
_ADVICE = (
    "compute the loss under `with tf.GradientTape() as tape:`, then "
    "`optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))`"
)


def check(context: Context) -> Iterator[Finding]:
    """Calls of `minimize` of a Keras optimizer."""
    for call in context.module.calls:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "minimize" and _is_optimizer(context, func.value):
            yield _finding(context, call, func)


def _is_optimizer(context: Context, node: ast.expr) -> bool:
    found = instances(context.value(node))
    return bool(found) and all(
        isinstance(item.cls, Api) and kind_of(item.cls.path) is Kind.OPTIMIZER for item in found
    )


def _finding(context: Context, call: ast.Call, func: ast.Attribute) -> Finding:
    source = context.source
    written = source.segment(func)
    text = _replacement(context, call, func)
    if text is None:
        return Finding(CODE, context.span(func), f"`{written}` is gone: {_ADVICE}", subject="optimizers")
    return Finding(
        CODE,
        context.span(func),
        f"`{written}` is gone",
        Fix(
            [Edit(source.start(call), source.end(call), text)],
            f"`{written}` → a tape and `apply_gradients`",
            imports=() if tensorflow_name(context) else ("import tensorflow as tf",),
        ),
        subject="optimizers",
    )


def _replacement(context: Context, call: ast.Call, func: ast.Attribute) -> str | None:
    """The statements in place of a statement that is the call alone."""
    module, source = context.module, context.source
    statement = module.statement(call)
    loss, variables = _argument(call, 0, "loss"), _argument(call, 1, "var_list")
    known = {"loss", "var_list", "tape"}
    if loss is None or variables is None or any(keyword.arg not in known for keyword in call.keywords):
        return None
    if (
        not isinstance(statement, ast.Expr)
        or statement.value is not call
        or isinstance(variables, ast.Lambda)
    ):
        return None
    optimizer, names = source.segment(func.value), value_text(source, call, variables)
    tape = keyword_of(call, "tape")
    if tape is not None:
        gradients = f"{source.segment(tape.value)}.gradient({value_text(source, call, loss)}, {names})"
        return f"{optimizer}.apply_gradients(zip({gradients}, {names}))"
    value = _loss(context, loss)
    if value is None:
        return None
    taken = module.names()
    tape_name, loss_name = free_name("tape", taken - {"tape"}), free_name("loss", taken, "_value")
    blank = source.indentation(statement)
    lines = [
        f"with {tensorflow_name(context) or 'tf'}.GradientTape() as {tape_name}:",
        f"{blank}    {loss_name} = {value}",
        f"{blank}{optimizer}.apply_gradients(zip({tape_name}.gradient({loss_name}, {names}), {names}))",
    ]
    return "\n".join(lines)


def _loss(context: Context, node: ast.expr) -> str | None:
    """The value of a function without arguments."""
    if isinstance(node, ast.Lambda):
        return context.source.segment(node.body)
    found = options(context.value(node))
    if all(isinstance(option, Function) for option in found) and isinstance(node, ast.Name):
        return f"{node.id}()"
    return None


def _argument(call: ast.Call, index: int, name: str) -> ast.expr | None:
    keyword = keyword_of(call, name)
    if keyword is not None:
        return keyword.value
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    return call.args[index] if index < len(call.args) and not starred else None
