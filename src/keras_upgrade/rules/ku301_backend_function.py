"""KU301 backend-function: `keras.backend` functions moved to `keras.ops` and `keras.random`

Keras 3 keeps a handful of names in `keras.backend` (`epsilon`, `floatx`, `image_data_format`, `clear_session`, ...).
The functions on tensors are in `keras.ops`, the random ones in `keras.random`, some with other argument names or
defaults. `tf.keras.backend` still has old versions of most: they work on real tensors and fail on KerasTensors with
a message about something else.

**Since** Keras 3.0.

**Error**

    AttributeError: module 'keras.backend' has no attribute 'exp'
    AttributeError: 'str' object has no attribute 'base_dtype'

**Fix.** Each call becomes the function, or the expression, that gives the same numbers; `import keras` is added once.
Arguments that only change their name or place keep their text.

`K.rnn` and `K.foldl` have no counterpart; on real tensors, as in the `call` of a layer, those of
`tf.keras.backend` do the same.

`K.batch_dot` of tensors with four axes is taken as Keras up to 2.2 understood it, as a product of matrices: from 2.3 on
it took only the first axis for the batch, and programs written before then failed.

**Not fixed.** Functions without a counterpart (sessions, the global learning phase): the advice says what to do instead.
`K.function` and `K.gradients` are the matter of KU306 and KU307.

```python before
import numpy as np
from keras import backend as K

x = K.constant(np.arange(6.0).reshape(2, 3))
result = K.get_value(K.sum(K.square(x), axis=-1) + K.max(K.abs(x)) + K.flatten(x)[0])
```

```python after
import numpy as np
import keras

x = keras.ops.convert_to_tensor(np.arange(6.0).reshape(2, 3), dtype="float32")
result = keras.ops.convert_to_numpy(keras.ops.sum(keras.ops.square(x), axis=-1) + keras.ops.max(keras.ops.abs(x)) + keras.ops.reshape(x, (-1,))[0])
```

```python before
import numpy as np
from keras import backend as K
from keras.layers import Input, Layer
from keras.models import Model


class Decay(Layer):
    def call(self, x):
        def step(inputs, states):
            new = 0.5 * states[0] + inputs
            return new, [new]

        last, outputs, states = K.rnn(step, x, [K.zeros_like(x[:, 0])])
        return last

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])


x = Input((3, 2))
result = Model(x, Decay()(x)).predict(np.arange(12.0).reshape(2, 3, 2))
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras.layers import Input, Layer
from keras.models import Model


class Decay(Layer):
    def call(self, x):
        def step(inputs, states):
            new = 0.5 * states[0] + inputs
            return new, [new]

        last, outputs, states = tf.keras.backend.rnn(step, x, [keras.ops.zeros_like(x[:, 0])])
        return last

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])


x = Input((3, 2))
result = Model(x, Decay()(x)).predict(np.arange(12.0).reshape(2, 3, 2))
```

```python unchanged
from keras import backend as K


class Key:
    def exp(self, x):
        return x + 1


epsilon = K.epsilon()
K = Key()
result = K.exp(1) + epsilon
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Tensor, holds_symbolic, holds_tensor, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.backend import ROWS, Row
from keras_upgrade.records import replace
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.graphs.phases import is_phase_of_function
from keras_upgrade.rules.shared.axes import has_more_than_two
from keras_upgrade.rules.shared.batch_dot import before_2_3
from keras_upgrade.rules.shared.references import takes_the_same
from keras_upgrade.rules.shared.tensorflow_code import imports_for, spelling
from keras_upgrade.syntax.templates import parse_row, rewrite_call

CODE = "KU301"
PHASE = NAMES
ERRORS = (
    r"module '(keras|tensorflow|tf|keras\.\S+)[\w.]*\.backend' has no attribute '(?P<name>\w+)'",
    r"cannot import name '(?P<name>\w+)' from '[\w.]*keras[\w.]*\.backend",
    r"'str' object has no attribute 'base_dtype'",
)

_PREFIX = "keras.backend."
_OTHERS = frozenset({"function", "gradients"})
_SESSIONS = frozenset({"get_session", "manual_variable_initialization", "set_learning_phase", "set_session"})
"""Those whose calls are answered by other rules: KU306 and KU307."""


def check(context: Context) -> Iterator[Finding]:
    """Uses of functions of `keras.backend`, called or passed on."""
    called: set[ast.expr] = set()
    for call, callee in context.calls():
        row = _row(callee)
        if row is not None and (
            row.special in _OTHERS
            or is_phase_of_function(context, call)
            or _is_of_session(context, call, callee)
        ):
            called.add(call.func)
        elif row is not None and context.spelled_here(call.func):
            called.add(call.func)
            if not _stays(context, call, callee):
                yield _call(context, call, callee, row)
    for node in context.module.references:
        api = context.module.api(node)
        row = None if api is None or node in called else _row(api)
        if (
            api is not None
            and row is not None
            and isinstance(node.ctx, ast.Load)
            and context.spelled_here(node)
        ):
            yield _reference(context, node, api, row)


def _row(callee: Api) -> Row | None:
    if not callee.path.startswith(_PREFIX):
        return None
    name = callee.path[len(_PREFIX) :]
    row = ROWS.get(name)
    return None if row is None or row.kept or name == "image_dim_ordering" else row  # that one is KU309's


def _call(context: Context, call: ast.Call, callee: Api, row: Row) -> Finding:
    edits = None
    if row.special == "batch_dot" and callee.package == "keras":
        row = before_2_3(context, call, row) or row
    if callee.name in ("zeros", "ones") and _is_assigned(context, call):
        row = Row(row.old, f'keras.Variable("{callee.name}", shape=shape, dtype=dtype, name=name)')
    if callee.name == "variable" and _is_only_computed_with(context, call):
        row = ROWS["constant"]
    if row.special == "dot" and len(call.args) == 2 and has_more_than_two(context, call.args[1]):
        row = Row(row.old, "keras.ops.dot(x1 := x, x2 := y)")
    if row.special == "bias_add" and not _has_channels_first(context):
        row = replace(row, variants=())
    if row.how != "advise":
        new = row.new if _sets_floatx(context) else row.new.replace("keras.config.floatx()", '"float32"')
        edits = rewrite_call(context.source, call, row.old, new, row.variants, context.spell)
    if row.special == "sqrt" and call.args and _never_negative(context, call.args[0]):
        row = replace(row, how="safe", assumption="")
    if edits is None and callee.name in _ON_REAL_TENSORS and _takes_real(context, call):
        return _of_tensorflow(context, call, callee)
    return _finding(context, call.func, callee, row, edits)


def _is_of_session(context: Context, call: ast.Call, callee: Api) -> bool:
    """Whether the rule of sessions has an answer."""
    if callee.name not in _SESSIONS:
        return False
    from keras_upgrade.rules.ku906_tf1_session import answers  # noqa: PLC0415  # much, for few programs

    return answers(context, call)


_ON_REAL_TENSORS = frozenset({"rnn", "foldl", "foldr"})
"""Functions that `tf.keras.backend` has still, and nothing else."""


def _stays(context: Context, call: ast.Call, callee: Api) -> bool:
    """Whether a function is taken from where it is still."""
    there = callee.package == "tensorflow.keras" and callee.name in _ON_REAL_TENSORS
    return there and _takes_real(context, call)


def _takes_real(context: Context, call: ast.Call) -> bool:
    values = [context.value(node) for node in (*call.args, *(keyword.value for keyword in call.keywords))]
    return any(map(holds_tensor, values)) and not any(map(holds_symbolic, values))


def _of_tensorflow(context: Context, call: ast.Call, callee: Api) -> Finding:
    written = context.source.segment(call.func)
    new = spelling(context, call.func)(f"tensorflow.keras.backend.{callee.name}")
    span = context.span(call.func)
    return Finding(
        CODE,
        span,
        f"`keras.backend.{callee.name}` is gone",
        Fix(
            [Edit(span.start, span.end, new)],
            f"`{written}` → `{new}`",
            Safety.REVIEW,
            imports_for(context, new),
        ),
        assumption="the backend is TensorFlow",
        subject="backend functions",
    )


_ASSIGNING = frozenset({"update", "update_add", "update_sub", "moving_average_update", "set_value"})
_ASSIGN = frozenset({"assign", "assign_add", "assign_sub"})


def _is_assigned(context: Context, made: ast.Call) -> bool:
    """Whether what a call makes gets new values in this module, as only a variable does."""
    targets = [call.args[0] for call, callee in context.calls() if callee.name in _ASSIGNING and call.args]
    targets += [node.value for node in context.module.nodes(ast.Attribute) if node.attr in _ASSIGN]
    return any(
        isinstance(option, Tensor) and option.node is made
        for target in targets
        for option in options(context.value(target))
    )


def _is_only_computed_with(context: Context, made: ast.Call) -> bool:
    """Whether a variable that a function makes for itself is nothing but an operand there: a constant."""
    module = context.module
    statement = module.parent(made)
    inside = any(isinstance(outer, (ast.FunctionDef, ast.Lambda)) for outer in module.ancestors(made))
    if not inside or not isinstance(statement, ast.Assign) or len(made.args) != 1 or made.keywords:
        return False
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or module.assigned(target) is not made:
        return False
    uses = [n for n in module.names_of(target.id) if isinstance(n.ctx, ast.Load)]
    return bool(uses) and all(_is_operand(context, use) for use in uses)


def _is_operand(context: Context, node: ast.Name) -> bool:
    """Whether a name is part of a formula, or given to a function of the backend that computes."""
    outer = context.module.parent(node)
    if isinstance(outer, (ast.BinOp, ast.UnaryOp)):
        return True
    callee = (
        context.module.api(outer.func) if isinstance(outer, ast.Call) and outer.func is not node else None
    )
    return callee is not None and callee.path.startswith(_PREFIX) and callee.name not in _NEED_VARIABLES


_NEED_VARIABLES = _ASSIGNING | {
    "gradients",
    "function",
    "get_value",
    "eval",
    "is_variable",
    "batch_set_value",
}


_POSITIVE = frozenset({"square", "abs", "exp", "var", "std", "softplus", "relu", "sigmoid", "epsilon"})
_KEEP_SIGN = frozenset({"sum", "mean", "max", "min", "prod", "reduce_sum", "reduce_mean"})


def _never_negative(context: Context, node: ast.expr, depth: int = 8) -> bool:
    """Whether an expression is shown to have no negative values: sums of squares, `maximum(x, 0)`, ..."""
    if depth == 0:
        return False
    if isinstance(node, ast.Name):
        made = [
            option.node if isinstance(option, Tensor) else None for option in options(context.value(node))
        ]
        return all(maker is not None and _never_negative(context, maker, depth - 1) for maker in made)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (int, float)) and node.value >= 0
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Pow):
            return isinstance(node.right, ast.Constant) and node.right.value == 2
        simple = isinstance(node.op, (ast.Add, ast.Mult, ast.Div))
        return (
            simple
            and _never_negative(context, node.left, depth - 1)
            and _never_negative(context, node.right, depth - 1)
        )
    api = context.module.api(node.func) if isinstance(node, ast.Call) else None
    if api is None or not isinstance(node, ast.Call):
        return False
    if api.name == "maximum":
        return any(_never_negative(context, argument, depth - 1) for argument in node.args)
    if api.name in _KEEP_SIGN and node.args:
        return _never_negative(context, node.args[0], depth - 1)
    return api.name in _POSITIVE


def _sets_floatx(context: Context) -> bool:
    """Whether the program changes the default type, which is float32 otherwise."""
    references = ((module, node) for module in context.program for node in module.references)
    return context.program.once(
        "sets floatx",
        lambda: any(api.name == "set_floatx" for module, node in references for api in module.apis(node)),
    )


def _has_channels_first(context: Context) -> bool:
    """Whether the program gives this layout to something; comparing with it is what every convolution does."""
    constants = ((module, node) for module in context.program for node in module.nodes(ast.Constant))
    return context.program.once(
        "has channels first",
        lambda: any(
            node.value == "channels_first" and not isinstance(module.parent(node), ast.Compare)
            for module, node in constants
        ),
    )


def _reference(context: Context, node: ast.Name | ast.Attribute, api: Api, row: Row) -> Finding:
    """The function itself, passed on: its counterpart must take the same arguments in the same order."""
    edits = None
    if row.how != "advise" and not row.variants and takes_the_same(row.old, row.new):
        simple = parse_row(row.old, row.new).simple
        assert simple is not None
        span = context.span(node)
        edits = [Edit(span.start, span.end, context.spell(simple.callee))]
    return _finding(context, node, api, row, edits)


def _finding(context: Context, node: ast.expr, api: Api, row: Row, edits: list[Edit] | None) -> Finding:
    written = context.source.segment(node)
    name = api.name
    if edits is None:
        advice = row.note or f"its counterpart is `{row.new}`, which does not fit this use."
        return Finding(CODE, context.span(node), f"`{written}`: {advice}", subject="backend functions")
    parsed = parse_row(row.old, row.new)
    new = context.spell(parsed.simple.callee) if parsed.simple is not None else row.new
    safety = Safety.REVIEW if row.how == "review" else Safety.SAFE
    return Finding(
        CODE,
        context.span(node),
        f"`keras.backend.{name}` is gone",
        Fix(edits, f"`{written}` → `{new}`", safety, context.imports_for(row, edits)),
        assumption=row.assumption,
        subject="backend functions",
    )
