"""KU103 import-switch: an `if` or `try` that chooses the package of Keras

Programs for Keras 2 chose between the packages `keras` and `tensorflow.keras`: by a variable of the environment, by
TensorFlow's version, or by what can be imported. Keras 3 is the package `keras`, and nothing is left to choose.

**Since** Keras 3.0.

**Error** None: after the migration both branches import the same.

**Fix.** The statement becomes its imports; what only its condition needed goes too. Only in programs that need other
changes.

**Not fixed.** Switches whose branches do something else, or import what is not the same in the end.

```python before
import os
import numpy as np

if os.environ.get('TF_KERAS'):
    from tensorflow import keras
    from tensorflow.keras import backend as K
    from tensorflow.keras.layers import Dense, Input
else:
    import keras
    from keras import backend as K
    from keras.layers import Dense, Input

x = Input(shape=(2,))
model = keras.models.Model(x, Dense(1, kernel_initializer='ones', activation=lambda t: K.exp(t))(x))
result = model.predict(np.ones((1, 2)))
```

```python after
import numpy as np

import keras
from keras.layers import Dense, Input

x = Input(shape=(2,))
model = keras.models.Model(x, Dense(1, kernel_initializer='ones', activation=lambda t: keras.ops.exp(t))(x))
result = model.predict(np.ones((1, 2)))
```

```python before
import numpy as np

try:
    import keras
    K = keras.backend
except ImportError:
    from tensorflow import keras
    K = keras.backend

result = K.eval(K.sum(K.ones((2, 3))))
```

```python after
import numpy as np

import keras

result = keras.ops.convert_to_numpy(keras.ops.sum(keras.ops.ones((2, 3))))
```

```python unchanged
try:
    import keras
    package = 'keras'
except ImportError:
    from tensorflow import keras
    package = 'tensorflow'

result = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]).count_params()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.values import Api, api
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.cleanup import taken_elsewhere
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import statements_text
from keras_upgrade.syntax.imports import remove_aliases
from keras_upgrade.syntax.walking import walk

CODE = "KU103"
PHASE = STRUCTURE

type Block = Sequence[ast.stmt]

_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception"})
_QUESTIONS = frozenset(
    {"get", "getenv", "startswith", "split", "lower", "strip", "int", "bool", "float", "str", "any"}
    | {"LooseVersion", "StrictVersion", "Version", "parse", "find_spec"}
)
"""What a condition may call: functions that only look at something."""


def check(context: Context) -> Iterator[Finding]:
    """Statements all of whose branches bind the same names to the same things of Keras."""
    if not context.migrating or context.options.keep_tf_keras:
        return
    statements: list[ast.If | ast.Try] = [*context.module.nodes(ast.If), *context.module.nodes(ast.Try)]
    for statement in statements:
        blocks = _branches(context, statement)
        if len(blocks) > 1 and _bind_the_same(context, blocks):
            yield _finding(context, statement, min(blocks, key=_assignments))


def _branches(context: Context, statement: ast.If | ast.Try) -> list[Block]:
    """The blocks of which exactly one is run whatever happens; none if that is not so."""
    if isinstance(statement, ast.Try):
        fitting = all(_catches_failed_import(handler) for handler in statement.handlers)
        if not fitting or statement.finalbody or statement.orelse:
            return []
        return [statement.body, *(handler.body for handler in statement.handlers)]
    if context.source.text.startswith("elif", context.source.start(statement)):
        return []
    found: list[Block] = []
    while _only_asks(statement.test):
        found.append(statement.body)
        rest = statement.orelse
        if len(rest) == 1 and isinstance(rest[0], ast.If):
            statement = rest[0]
        else:
            return [*found, rest] if rest else []
    return []


def _catches_failed_import(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return all(kind is None or (isinstance(kind, ast.Name) and kind.id in _FAILURES) for kind in kinds)


def _only_asks(test: ast.expr) -> bool:
    """Whether a condition does nothing that the program could miss."""
    called = [node.func for node in walk(test) if isinstance(node, ast.Call)]
    names = [
        f.attr if isinstance(f, ast.Attribute) else f.id if isinstance(f, ast.Name) else "" for f in called
    ]
    return all(name in _QUESTIONS for name in names) and not any(
        isinstance(node, ast.NamedExpr) for node in walk(test)
    )


def _bind_the_same(context: Context, blocks: Sequence[Block]) -> bool:
    first, *others = (_bindings(context, block) for block in blocks)
    return bool(first) and all(other == first for other in others)


def _bindings(context: Context, block: Block) -> dict[str, Api] | None:
    """What a block binds, if it does nothing but bind names to things of the package `keras`."""
    found: dict[str, Api] = {}
    for statement in block:
        bound = _bound(context, statement)
        if not bound or any(value.package != "keras" for value in bound.values()):
            return None
        found.update(bound)
    return found


def _bound(context: Context, statement: ast.stmt) -> dict[str, Api]:
    if isinstance(statement, ast.Assign):
        value = context.module.api(statement.value)
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        simple = value is not None and len(names) == len(statement.targets) == 1
        return {names[0]: value} if simple and value is not None else {}
    if isinstance(statement, ast.Import):
        return {
            alias.asname or alias.name.partition(".")[0]: api(
                alias.name if alias.asname else alias.name.partition(".")[0]
            )
            for alias in statement.names
        }
    if not isinstance(statement, ast.ImportFrom) or statement.level:
        return {}
    targets = {alias: f"{statement.module}.{alias.name}" for alias in statement.names}
    return {
        target if alias.name == "*" else alias.asname or alias.name: api(target)
        for alias, target in targets.items()
    }


def _assignments(block: Block) -> int:
    return sum(isinstance(statement, ast.Assign) for statement in block)


def _finding(context: Context, statement: ast.If | ast.Try, block: Block) -> Finding:
    source = context.source
    text = statements_text(source, block, source.indentation(statement)).lstrip(" \t")
    edits = [Edit(source.start(statement), source.end(statement), text), *_idle_imports(context, statement)]
    return Finding(
        CODE,
        context.span(statement),
        "every branch imports the same: Keras 3 is the package `keras`",
        Fix(edits, "the choice between packages of Keras → imports from `keras`"),
        subject="imports",
    )


def _idle_imports(context: Context, statement: ast.If | ast.Try) -> list[Edit]:
    """The edits that take out imports that nothing but the conditions needed."""
    module = context.module
    inside = {node for node in walk(statement) if isinstance(node, ast.Name)}
    asked = {node.id for node in inside} - {node.id for node in module.nodes(ast.Name) if node not in inside}
    asked -= taken_elsewhere(context)
    edits: list[Edit] = []
    for other in dict.fromkeys(item.statement for item in module.imports):
        unwanted = [i.alias for i in module.imports if i.statement is other and i.bound in asked]
        if unwanted and other in module.tree.body and module.document.path.name != "__init__.py":
            limit = module.document.span_of(module.cell_of(other))
            edits += remove_aliases(context.source, other, unwanted, sole=False, limit=limit)
    return edits
