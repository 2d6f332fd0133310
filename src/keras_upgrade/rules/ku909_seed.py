"""KU909 random-seed: seeds that no longer reach the weights

Programs seed NumPy and TensorFlow so that a run can be repeated. The initializers and `Dropout` layers of Keras 3 draw
their seeds from Python's module `random`, which neither `np.random.seed` nor `tf.random.set_seed` touches: the weights
are other ones in each run. `keras.utils.set_random_seed` seeds all three. (Standalone Keras up to 2.3 drew from NumPy,
`tf.keras` from TensorFlow, and `tf.keras` since 2.9 from Python as well.)

**Since** Keras 3.0. SILENT.

**Fix.** `tf.random.set_seed(seed)`, or `tf.set_random_seed(seed)` of TensorFlow 1, becomes
`keras.utils.set_random_seed(seed)`. The numbers that a given seed leads to are other ones.

**Not fixed.** Programs that seed `random` themselves, which is enough. A seed of NumPy's with another value, or in
another place, which `keras.utils.set_random_seed` would overwrite: there the line stays. `np.random.seed` alone, which
is as often meant for the data: put `keras.utils.set_random_seed(seed)` behind it if the weights are to be the same.

```python before
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
from tensorflow.keras.optimizers import SGD

np.random.seed(7)
tf.random.set_seed(7)
model = Sequential([Dense(3, input_shape=(2,))])
model.compile(SGD(lr=0.1), 'mse')
result = [model.count_params(), np.random.rand()]
```

```python after
import numpy as np
import keras
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

np.random.seed(7)
keras.utils.set_random_seed(7)
model = Sequential([Dense(3, input_shape=(2,))])
model.compile(SGD(learning_rate=0.1), 'mse')
result = [model.count_params(), np.random.rand()]
```

```python unchanged
import keras
import numpy as np
import tensorflow as tf

np.random.seed(1)
data = np.random.rand()
tf.random.set_seed(2)
result = [data, np.random.rand(), keras.backend.floatx()]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Module
from keras_upgrade.analysis.values import Const, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.tensorflow_code import is_for_both_versions, uses_keras
from keras_upgrade.syntax.walking import walk

CODE = "KU909"
PHASE = STRUCTURE
WORDS = {"set_random_seed", "set_seed"}

TENSORFLOW = frozenset(
    {"tensorflow.random.set_seed", "tensorflow.set_random_seed", "tensorflow.random.set_random_seed"}
)
_NUMPY = "numpy.random.seed"
_ENOUGH = frozenset({"random.seed", "keras.utils.set_random_seed"})
_ASSUMPTION = "nothing wants Python's and NumPy's random numbers to be others in each run"


def check(context: Context) -> Iterator[Finding]:
    """Calls that seed TensorFlow alone."""
    if not context.migrating:
        return
    for call, callee in context.calls():
        if callee.path in TENSORFLOW and (
            callee.path.endswith(".set_seed") or callee.package != "tensorflow"
        ):
            finding = seeding(context, call, CODE)
            if finding is not None:
                yield finding


def seeding(context: Context, call: ast.Call, code: str) -> Finding | None:
    """The finding that makes the call seed what Keras draws from; None where that would change other numbers."""
    if not (uses_keras(context) and _is_alone(context, call) and not is_for_both_versions(context, call)):
        return None
    new = context.spell("keras.utils.set_random_seed")
    span = context.span(call.func)
    return Finding(
        code,
        span,
        "Keras 3 draws the seeds of weights from Python's `random`, which TensorFlow's seed does not reach (SILENT)",
        Fix(
            [Edit(span.start, span.end, new)],
            f"`{context.source.segment(call.func)}` → `{new}`",
            Safety.REVIEW,
            context.needed_imports,
        ),
        subject="random seeds",
        assumption=_ASSUMPTION,
    )


def _is_alone(context: Context, call: ast.Call) -> bool:
    """Whether the call may seed Python and NumPy as well."""
    module = context.module
    statement = module.parent(call)
    if not isinstance(statement, ast.Expr) or _seed(call) is None or not _is_int(context, call):
        return False
    block = module.body_of(statement)
    seeds = list(_seeds_of_numpy(context))
    if any(path in _ENOUGH for other in context.program for path in _called(other)):
        return False
    if not all(_agrees(context, statement, call, block, other, where) for where, other in seeds):
        return False
    return bool(seeds) or _runs_once(module, statement)


def _seed(call: ast.Call) -> ast.expr | None:
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "seed")]
    if len(given) != 1 or len(call.args) + len(call.keywords) != 1 or isinstance(given[0], ast.Starred):
        return None
    return given[0]


def _is_int(context: Context, call: ast.Call) -> bool:
    """Whether the seed is known to be a whole number, the only kind that Keras takes."""
    node = _seed(call)
    assert node is not None
    known = [option.value for option in options(context.value(node)) if isinstance(option, Const)]
    if isinstance(node, ast.Constant):
        known = [node.value]
    return bool(known) and all(type(value) is int for value in known)


def _called(module: Module) -> Iterator[str]:
    for call in module.calls:
        api = module.api(call.func)
        if api is not None:
            yield api.path


def _seeds_of_numpy(context: Context) -> Iterator[tuple[Module, ast.Call]]:
    for module in context.program:
        for call in module.calls:
            api = module.api(call.func)
            if api is not None and api.path == _NUMPY:
                yield module, call


def _agrees(
    context: Context,
    statement: ast.stmt,
    call: ast.Call,
    block: list[ast.stmt],
    other: ast.Call,
    where: Module,
) -> bool:
    """Whether NumPy's numbers are the same after the call as they were: the other one seeds it alike, or later."""
    if where is not context.module:
        return False
    around = where.parent(other)
    if not isinstance(around, ast.Expr) or around not in block:
        return False
    first, last = sorted((block.index(around), block.index(statement)))
    if block[first] is statement:
        return True  # NumPy gets its own seed later
    mine, theirs = _seed(call), _seed(other)
    same = mine is not None and theirs is not None and ast.dump(mine) == ast.dump(theirs)
    return same and all(_draws_nothing(where, between) for between in block[first + 1 : last])


def _draws_nothing(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement surely uses no random numbers: imports, settings, other seeds."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(statement, ast.Assign):
        return not any(isinstance(node, ast.Call) for node in walk(statement.value)) or _is_text(statement)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        api = module.api(statement.value.func)
        return api is not None and api.name in ("seed", "set_seed", "set_random_seed", "clear_session")
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_text(statement: ast.Assign) -> bool:
    """`os.environ['PYTHONHASHSEED'] = str(seed)`."""
    value = statement.value
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "str"


def _runs_once(module: Module, statement: ast.stmt) -> bool:
    outer = module.parent(statement)
    if isinstance(outer, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in walk(outer.test)
    ):
        outer = module.parent(outer)
    return outer is module.tree
