"""KU104 dead-backend: `if K.backend() == 'theano':`

Keras 3 computes with TensorFlow, JAX or PyTorch. What a program does for Theano or CNTK is never run, and often needs
functions that went with these backends.

**Since** Keras 3.0.

**Error**

    ImportError: cannot import name 'convert_all_kernels_in_model' from 'keras.utils'

**Fix.** The branch goes, with the question that led to it.

**Not fixed.** Branches that would do no harm: all that they name is still there.

```python before
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])
if K.backend() == 'theano':
    K.set_image_dim_ordering('th')
if K.backend() == 'theano':
    K.set_image_dim_ordering('th')
else:
    # TensorFlow
    model.compile('sgd', 'mse')
result = model.output_shape
```

```python after
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(2, input_shape=(3,), kernel_initializer='ones')])
# TensorFlow
model.compile('sgd', 'mse')
result = model.output_shape
```

```python unchanged
import keras

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
if keras.backend.backend() == 'theano':
    print('slow')
result = model.output_shape
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge import surface
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.blocks import statements_text
from keras_upgrade.syntax.edits import remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU104"
PHASE = NAMES
WORDS = {"backend"}
ERRORS = (r"cannot import name 'convert_all_kernels_in_model'",)

_GONE = frozenset({"theano", "cntk"})


def check(context: Context) -> Iterator[Finding]:
    """Branches for backends that are gone, where they name what is gone too."""
    for statement in context.module.nodes(ast.If):
        backend = _asked_for(context, statement.test)
        if backend in _GONE and _names_what_is_gone(context, statement.body):
            edit = _without(context, statement)
            if edit is not None:
                yield Finding(
                    CODE,
                    context.span(statement.test),
                    f"Keras 3 does not run on the backend '{backend}'",
                    Fix([edit], f"what was done for '{backend}' is dropped"),
                    subject="backends",
                )


def _asked_for(context: Context, test: ast.expr) -> object:
    """The backend of `K.backend() == 'theano'`."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return None
    call, name = test.left, test.comparators[0]
    if not isinstance(call, ast.Call) or not isinstance(name, ast.Constant):
        return None
    callee = context.module.api(call.func)
    return name.value if callee is not None and callee.path in _QUESTIONS else None


_QUESTIONS = frozenset({"keras.backend.backend", "keras.config.backend"})


def _names_what_is_gone(context: Context, body: list[ast.stmt]) -> bool:
    inside = {id(node) for statement in body for node in walk(statement)}
    imported = {item.target for item in context.module.imports if id(item.statement) in inside}
    named = {
        found.path
        for node in context.module.references
        if id(node) in inside and (found := context.module.api(node)) is not None
    }
    return any(
        path.startswith("keras.") and not surface.exists(path) for path in (*named, *filter(None, imported))
    )


def _without(context: Context, statement: ast.If) -> Edit | None:
    """The statement without its first branch; None where it is an `elif`."""
    source = context.source
    start, end = source.start(statement), source.end(statement)
    if source.text.startswith("elif", start):
        return None
    if not statement.orelse:
        block = context.module.body_of(statement)
        limit = context.module.document.span_of(context.module.cell_of(statement))
        return remove_statement(source, statement, sole=len(block) == 1, limit=limit)
    rest = statement.orelse[0]
    if isinstance(rest, ast.If) and source.text.startswith("elif", source.start(rest)):
        return Edit(start, source.start(rest) + len("elif"), "if")
    begin = source.text.index(":", source.text.index("else", source.end(statement.body[-1]))) + 1
    begin = source.line_end(begin)
    text = statements_text(
        source, statement.orelse, source.indentation(statement), start=_line_after(source.text, begin)
    )
    return Edit(start, end, text.lstrip(" \t"))


def _line_after(text: str, end: int) -> int:
    """The offset of the first character of what stands in the next line that is not blank."""
    while end < len(text) and text[end] in " \t\r\n":
        end += 1
    return end
