"""KU905 tensorflow-1-name: names and arguments of TensorFlow 1

Programs of the time of Keras 2 were often written for TensorFlow 1, and its names are gone from `tf`: `tf.log`,
`tf.to_float`, `tf.random_normal`, `tf.logging`, `keep_dims=`. Keras 3 needs a TensorFlow of today.

**Since** TensorFlow 2.0.

**Error**

    AttributeError: module 'tensorflow' has no attribute 'log'
    ImportError: cannot import name 'set_random_seed' from 'tensorflow'
    ModuleNotFoundError: No module named 'tensorflow.contrib'
    TypeError: Got an unexpected keyword argument 'keep_dims'
    ValueError: Could not interpret optimizer identifier: <tensorflow.python.training.adam.AdamOptimizer object ...>

**Fix.** The name of today, where the same function is there under another name (`tf.math.log`) or as another call
(`tf.cast(x, tf.float32)`); `tf.compat.v1` where only the old function gives the same numbers (`tf.image.resize_images`).
An optimizer of TensorFlow that is given to `compile` becomes that of Keras, with the old defaults.

**Not fixed.** What needs a graph (`tf.placeholder`, `tf.get_variable`, `tf.layers`) and `tf.contrib`: the advice says
what does the same. Sessions are for KU906. Programs of TensorFlow 1 without any Keras are left alone, as are lines
that ask for the version first.

```python before
import numpy as np
import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential

tf.logging.set_verbosity(tf.logging.ERROR)


def loss(y_true, y_pred):
    error = tf.log(1.0 + tf.squared_difference(tf.to_float(y_true), y_pred))
    return tf.reduce_mean(error, reduction_indices=-1, keep_dims=True)


model = Sequential([Dense(1, input_dim=2, kernel_initializer='ones')])
model.compile(optimizer=tf.train.GradientDescentOptimizer(0.1), loss=loss)
result = float(model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1))))
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras.layers import Dense
from keras.models import Sequential

tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)


def loss(y_true, y_pred):
    error = tf.math.log(1.0 + tf.math.squared_difference(tf.cast(y_true, tf.float32), y_pred))
    return tf.reduce_mean(error, axis=-1, keepdims=True)


model = Sequential([Dense(1, input_dim=2, kernel_initializer='ones')])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
result = float(model.train_on_batch(np.ones((4, 2)), np.zeros((4, 1))))
```

```python unchanged
import keras
import tensorflow as tf

if tf.__version__.startswith('1'):
    tf.set_random_seed(1)
x = tf.math.log(tf.cast([1, 1], tf.float32))
result = tf.reduce_sum(x, axis=0, keepdims=True).numpy().tolist()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Result, api, holds_symbolic, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import tensorflow1
from keras_upgrade.knowledge.backend import Row
from keras_upgrade.knowledge.kinds import Kind, kind_of
from keras_upgrade.rules import NAMES
from keras_upgrade.rules import ku909_seed as seed
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.tensorflow_code import (
    PREFIX,
    builds_graph,
    imports_for,
    is_for_both_versions,
    is_spelled_out,
    names_of_version1,
    root_of,
    spelling,
    uses_keras,
)
from keras_upgrade.syntax.edits import (
    argument_span,
    keyword_of,
    remove_arguments,
    rename_keyword,
    value_text,
)
from keras_upgrade.syntax.templates import parse_row, rewrite_call

CODE = "KU905"
PHASE = NAMES
WORDS = {"tensorflow", "tf"}
ERRORS = (
    r"module 'tensorflow[\w.]*' has no attribute '(?P<name>\w+)'",
    r"cannot import name '(?P<name>\w+)' from 'tensorflow'",
    r"No module named 'tensorflow\.(contrib|examples)",
    r"unexpected keyword argument '(keep_dims|reduction_indices|keep_prob|squeeze_dims|dimension)'",
    r"Could not interpret optimizer identifier: <tensorflow\.python",
)
_SUBJECT = "TensorFlow 1 names"
_KEEP_PROB = "the second argument of `tf.nn.dropout` is the share that is kept, as it was in TensorFlow 1"


def check(context: Context) -> Iterator[Finding]:
    """Names that `tf` has no more, and keyword arguments with another name."""
    keras = uses_keras(context)
    if not keras and builds_graph(context):
        return  # a program of TensorFlow 1, which nobody wants to bring to Keras 3
    seen: set[ast.expr] = set()
    for call, callee in context.calls():
        if callee.path.startswith(PREFIX):
            if _is_for_ops(context, call, callee) or is_for_both_versions(context, call):
                seen.add(call.func)
                continue
            found = _call(context, call, callee, keras)
            if found is not None:
                seen.add(call.func)
                yield found
    for node in context.module.references:
        found_api = context.module.api(node)
        if found_api is None or node in seen or not isinstance(node.ctx, ast.Load):
            continue
        if found_api.path.startswith(PREFIX) and not is_for_both_versions(context, node):
            yield from _reference(context, node, found_api, keras)
    if keras:
        yield from _imports(context)
        yield from _of_backend(context)


def _is_for_ops(context: Context, call: ast.Call, callee: Api) -> bool:
    """Whether it is called on a KerasTensor, of which KU303 knows more."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return kind_of(callee.path) is Kind.TENSOR_FUNCTION and any(
        holds_symbolic(context.value(value)) for value in values
    )


# -- calls ---------------------------------------------------------------------------------------------------


def _call(context: Context, call: ast.Call, callee: Api, keras: bool) -> Finding | None:
    name = callee.path.removeprefix(PREFIX)
    if not is_spelled_out(context, call.func):
        return None
    optimizer = tensorflow1.OPTIMIZERS.get(name)
    if optimizer is not None:
        known = _is_compiled(context, call) or _is_applied(context, call)
        return _rewritten(context, call, name, optimizer) if known else None
    if callee.package != "tensorflow":
        return None
    if callee.path in seed.TENSORFLOW and tensorflow1.is_gone(name):
        finding = seed.seeding(context, call, CODE)
        if finding is not None:
            return finding
    row = tensorflow1.ROWS.get(name)
    if row is not None:
        if not keras and row.new.startswith("keras."):
            return None
        return _rewritten(context, call, name, row)
    if name == "nn.dropout":
        return _dropout(context, call)
    return _keywords(context, call, name)


def _rewritten(context: Context, call: ast.Call, name: str, row: Row) -> Finding | None:
    spell = spelling(context, call.func)
    edits = rewrite_call(context.source, call, row.old, row.new, row.variants, spell)
    if edits is None:
        return None
    parsed = parse_row(row.old, row.new)
    new = spell(parsed.simple.callee if parsed.simple is not None else row.new)
    return _finding(
        context,
        call.func,
        _gone(name),
        Fix(
            edits,
            f"`{context.source.segment(call.func)}` → `{new}`",
            Safety.REVIEW if row.how == "review" else Safety.SAFE,
            imports_for(context, *(edit.text for edit in edits)),
        ),
        row.assumption,
    )


def _gone(name: str) -> str:
    return f"TensorFlow 2 has no `tf.{name}`"


def _finding(
    context: Context, node: ast.expr, message: str, fix: Fix | None, assumption: str = ""
) -> Finding:
    return Finding(CODE, context.span(node), message, fix, _SUBJECT, assumption)


def _is_compiled(context: Context, call: ast.Call) -> bool:
    """Whether an optimizer is given to a model's `compile`, and to nothing else that is seen."""
    for module in context.program:
        for other in module.calls:
            if isinstance(other.func, ast.Attribute) and other.func.attr == "compile":
                keyword = keyword_of(other, "optimizer")
                given = keyword.value if keyword is not None else other.args[0] if other.args else None
                if given is not None and any(
                    isinstance(option, Result) and option.node is call
                    for option in options(module.value(given))
                ):
                    return True
    return False


def _is_applied(context: Context, call: ast.Call) -> bool:
    """Whether all that is done with an optimizer is a step at once, `optimizer.apply_gradients(...)` as a statement."""
    module = context.module
    steps = []
    for node, value in list(module.values.items()):
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
            continue
        if any(isinstance(option, Result) and option.node is call for option in options(value)):
            method = module.parent(node)
            if isinstance(node, ast.Attribute) and node.attr in ("apply_gradients", "minimize"):
                continue  # the method, which has the value of its object
            outer = module.parent(method) if isinstance(method, ast.Attribute) else None
            steps.append(
                isinstance(method, ast.Attribute)
                and method.attr == "apply_gradients"
                and isinstance(outer, ast.Call)
                and isinstance(module.parent(outer), ast.Expr)
            )
    return bool(steps) and all(steps)


def _dropout(context: Context, call: ast.Call) -> Finding | None:
    """`keep_prob` has become `rate`, its complement."""
    keyword = keyword_of(call, "keep_prob")
    if keyword is None and (len(call.args) < 2 or not names_of_version1(context)):
        return None
    value = keyword.value if keyword is not None else call.args[1]
    if keyword is None and isinstance(value, ast.Constant) and value.value == 0.5:
        return None
    text = _complement(value_text(context.source, call, keyword or value), value)
    span = argument_span(context.source, call, keyword or value)
    edit = Edit(span.start, span.end, f"rate={text}" if keyword is not None else text)
    return _finding(
        context,
        value,
        "`tf.nn.dropout` takes the share to drop, no longer the share to keep",
        Fix(
            [edit],
            f"`tf.nn.dropout`: `keep_prob` → `rate={text}`",
            Safety.SAFE if keyword is not None else Safety.REVIEW,
        ),
        "" if keyword is not None else _KEEP_PROB,
    )


def _complement(text: str, value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, (int, float)):
        return repr(round(1 - value.value, 10))
    simple = isinstance(value, (ast.Name, ast.Attribute, ast.Call)) or text.startswith("(")
    return f"1 - {text}" if simple else f"1 - ({text})"


def _keywords(context: Context, call: ast.Call, name: str) -> Finding | None:
    table = tensorflow1.KEYWORDS.get(name, {})
    old = [keyword for keyword in call.keywords if keyword.arg in table]
    if not old:
        return None
    source = context.source
    edits: list[Edit] = []
    gone: list[ast.expr | ast.keyword] = []
    changes = []
    for keyword in old:
        assert keyword.arg is not None
        new = table[keyword.arg]
        if new is None:
            gone.append(keyword)
            changes.append(f"without `{keyword.arg}=`")
        else:
            edits.append(rename_keyword(source, keyword, new))
            changes.append(f"`{keyword.arg}=` → `{new}=`")
    if gone:
        edits += remove_arguments(source, call, gone)
    names = ", ".join(f"`{keyword.arg}=`" for keyword in old)
    return _finding(
        context,
        call.func,
        f"`tf.{name}` of TensorFlow 2 has no {names}",
        Fix(edits, f"`{source.segment(call.func)}`: {', '.join(changes)}"),
    )


# -- names ---------------------------------------------------------------------------------------------------


def _reference(
    context: Context, node: ast.Name | ast.Attribute, found: Api, keras: bool
) -> Iterator[Finding]:
    name = found.path.removeprefix(PREFIX)
    first = tensorflow1.prefixes(name)[-1]
    if found.package != "tensorflow" or not tensorflow1.is_gone(name) or first in tensorflow1.SESSION:
        return
    if not is_spelled_out(context, node):
        return
    new = tensorflow1.new_name(name) or _same_call(name)
    if new is not None:
        text = spelling(context, node)(f"tensorflow.{new}")
        written = context.source.segment(node)
        span = context.span(node)
        edits = [Edit(span.start, span.end, text)]
        yield _finding(
            context,
            node,
            _gone(name),
            Fix(edits, f"`{written}` → `{text}`", imports=imports_for(context, text)),
        )
    elif keras:
        row = tensorflow1.ROWS.get(name)
        note = row.note if row is not None else tensorflow1.advice(name)
        todo = note or f"its counterpart is {tensorflow1.instead(name)}."
        yield _finding(context, node, f"{_gone(name)}: {todo}", None)


def _of_backend(context: Context) -> Iterator[Finding]:
    """TensorFlow as a name in the backend of Keras, `K.tf`."""
    seen: set[ast.expr] = set()
    for reference in context.module.references:
        node: ast.expr = reference
        while isinstance(node, ast.Attribute) and node.attr != "tf":
            node = node.value
        root = context.module.api(root_of(node))
        if not isinstance(node, ast.Attribute) or root is None or not root.path.startswith("keras"):
            continue
        found = context.module.api(reference)
        if found is None or found.package != "tensorflow" or node in seen:
            continue
        seen.add(node)
        text = spelling(context, node)("tensorflow.").rstrip(".")
        written, span = context.source.segment(node), context.span(node)
        fix = Fix(
            [Edit(span.start, span.end, text)],
            f"`{written}` → `{text}`",
            imports=imports_for(context, f"{text}."),
        )
        yield _finding(context, node, f"`{written}`: the backend of Keras 3 does not offer TensorFlow", fix)


def _same_call(name: str) -> str | None:
    """The function of today where it takes the same arguments in the same order, so that it can be passed on."""
    row = tensorflow1.ROWS.get(name)
    simple = parse_row(row.old, row.new).simple if row is not None and row.how == "safe" else None
    if row is None or simple is None or simple.constants or not simple.callee.startswith(PREFIX):
        return None
    params = [param.name for param in parse_row(row.old, row.new).params]
    same = all(slot.position == params.index(old) and not slot.always for old, slot in simple.slots.items())
    return simple.callee.removeprefix(PREFIX) if same and len(simple.slots) == len(params) else None


# -- imports -------------------------------------------------------------------------------------------------


def _imports(context: Context) -> Iterator[Finding]:
    """Modules that are gone as a whole; of names that are imported from `tensorflow` the uses are looked at."""
    for item in context.module.imports:
        name = item.target.removeprefix(PREFIX)
        if not item.target.startswith(PREFIX) or name.partition(".")[0] not in ("contrib", "examples"):
            continue
        if api(item.target).path.startswith("keras"):
            continue
        used = any(
            isinstance(node, ast.Name) and node.id == item.bound for node in context.module.references
        ) or any(
            found.path.startswith(item.target)
            for node in context.module.references
            for found in context.module.apis(node)
        )
        if not used:
            span = context.source.span(item.alias)
            yield Finding(
                CODE,
                span,
                f"there is no `{item.target}` in TensorFlow 2: {tensorflow1.advice(name)}",
                subject=_SUBJECT,
            )
