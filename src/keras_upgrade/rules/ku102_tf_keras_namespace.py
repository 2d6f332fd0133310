"""KU102 tf-keras-namespace: `tf.keras` becomes `keras`

Keras 3 is a package of its own. `tf.keras` is the same code under another name, with some old names more and some
new ones less, and it is not there with another backend. A program that is migrated anyway is written for `keras`.

**Since** Keras 3.0.

**Error**

    AttributeError: module 'keras._tf_keras.keras.losses' has no attribute 'mean_squared_error'

**Fix.** `from tensorflow.keras import layers` becomes `from keras import layers`, `tf.keras.Model` becomes
`keras.Model`, where `keras` has the name; the objects are the same ones. Only in programs that need other changes
too: code that runs as it is stays. `--keep-tf-keras` leaves the names as they are everywhere.

**Not fixed.** Names that only `tf.keras` has (`ImageDataGenerator`, `Tokenizer`): they stay there.

```python before
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.preprocessing.text import Tokenizer

x = Input(shape=(2,))
model = tf.keras.Model(x, Dense(3, kernel_initializer='ones')(x))
words = Tokenizer()
words.fit_on_texts(['a b a'])
result = [model.predict(np.ones((1, 2))), float(K.sum(tf.ones((2,)))), words.word_index['a']]
```

```python after
import numpy as np
import tensorflow as tf
import keras
from keras.layers import Dense, Input
from tensorflow.keras.preprocessing.text import Tokenizer

x = Input(shape=(2,))
model = keras.Model(x, Dense(3, kernel_initializer='ones')(x))
words = Tokenizer()
words.fit_on_texts(['a b a'])
result = [model.predict(np.ones((1, 2))), float(keras.ops.sum(tf.ones((2,)))), words.word_index['a']]
```

```python unchanged
import tensorflow as tf
from tensorflow.keras.layers import Dense

result = tf.keras.Sequential([tf.keras.Input((2,)), Dense(3)]).count_params()
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, api
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge import surface
from keras_upgrade.rules import STRUCTURE
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.imports import ImportStatement, alias_text, module_span

CODE = "KU102"
PHASE = STRUCTURE
ERRORS = (r"module 'keras\._tf_keras\.keras[\w.]*' has no attribute '(?P<name>\w+)'",)

_PACKAGE = "tensorflow.keras"


def check(context: Context) -> Iterator[Finding]:
    """The namespace `tf.keras`, in a module that is migrated anyway."""
    if not context.migrating or context.options.keep_tf_keras:
        return
    for statement in dict.fromkeys(item.statement for item in context.module.imports):
        finding = _statement(context, statement)
        if finding is not None:
            yield finding
    yield from _inline(context)


def _is_there(path: str) -> bool:
    """Whether the package `keras` has a name, or the class that it is a member of."""
    if surface.exists(path):
        return True
    parent = path.rpartition(".")[0]
    while parent and not surface.exists(parent):
        parent = parent.rpartition(".")[0]
    return surface.kind(parent) == "c"


def _references_fit(context: Context, bound: str) -> bool:
    """Whether `keras` has everything that the module reaches through the name `bound`."""
    for node in context.module.references:
        first: ast.expr = node
        while isinstance(first, ast.Attribute):
            first = first.value
        if isinstance(first, ast.Name) and first.id == bound:
            if not all(_is_there(found.path) for found in context.module.apis(node)):
                return False
    return True


def _statement(context: Context, statement: ImportStatement) -> Finding | None:
    edits = (
        _from_edits(context, statement)
        if isinstance(statement, ast.ImportFrom)
        else _import_edits(context, statement)
    )
    if not edits:
        return None
    return Finding(
        CODE,
        context.span(statement),
        f"`{context.source.segment(statement).splitlines()[0]}`: Keras 3 is the package `keras`",
        Fix(edits, "imports from `tensorflow.keras` → `keras`"),
        subject="imports",
    )


def _from_edits(context: Context, statement: ast.ImportFrom) -> list[Edit]:
    module = statement.module or ""
    source = context.source
    if module == "tensorflow" and len(statement.names) == 1 and statement.names[0].name == "keras":
        alias = statement.names[0]
        if not _references_fit(context, alias.asname or "keras"):
            return []
        return [
            Edit(
                source.start(statement), source.end(statement), f"import {alias_text('keras', alias.asname)}"
            )
        ]
    if api(module).package != _PACKAGE or not surface.exists(api(module).path):
        return []
    for alias in statement.names:
        if alias.name == "*":
            return []
        found = api(f"{module}.{alias.name}")
        if not _is_there(found.path) or (
            surface.kind(found.path) == "m" and not _references_fit(context, alias.asname or alias.name)
        ):
            return []
    span = module_span(source, statement)
    return [Edit(span.start, span.end, api(module).path)]


def _import_edits(context: Context, statement: ast.Import) -> list[Edit]:
    edits = []
    for alias in statement.names:
        found = api(alias.name)
        if found.package == _PACKAGE and alias.asname is not None and surface.exists(found.path):
            if _references_fit(context, alias.asname):
                text = alias_text(found.path, alias.asname)
                edits.append(Edit(context.source.start(alias), context.source.end(alias), text))
    return edits


def _inline(context: Context) -> Iterator[Finding]:
    """`tf.keras.layers.Dense`: one finding for each cell."""
    source = context.source
    cells: dict[int, list[ast.Attribute]] = {}
    for node in context.module.references:
        root = _root(context, node)
        found = context.module.api(node)
        if root is None or found is None or _replaces_package(context, root):
            continue
        if _is_there(found.path):
            cells.setdefault(context.module.document.cell_at(source.start(node)).start, []).append(root)
    for roots in cells.values():
        edits = [_inline_edit(context, root) for root in roots]
        written = source.segment(roots[0])
        yield Finding(
            CODE,
            context.span(roots[0]),
            f"`{written}`: Keras 3 is the package `keras`",
            Fix(edits, f"`{written}.*` → `{context.keras_name}.*`", imports=context.needed_imports),
            subject="`tf.keras` names",
        )


def _inline_edit(context: Context, root: ast.Attribute) -> Edit:
    """`tf.keras` in other words; `keras = tf.keras` is the import itself then."""
    statement = context.module.parent(root)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name) and target.id == context.keras_name:
            text = f"import {alias_text('keras', target.id)}"
            return Edit(context.source.start(statement), context.source.end(statement), text)
    return Edit(context.source.start(root), context.source.end(root), context.keras_name)


def _replaces_package(context: Context, node: ast.Attribute) -> bool:
    """Whether `tf.keras` is made what `import keras` gives: `sys.modules["keras"] = tf.keras`."""
    statement = context.module.parent(node)
    return isinstance(statement, ast.Assign) and any(
        isinstance(target, ast.Subscript) and context.source.segment(target.value) == "sys.modules"
        for target in statement.targets
    )


def _root(context: Context, node: ast.expr) -> ast.Attribute | None:
    """The part `tf.keras` of `tf.keras.layers.Dense`."""
    while isinstance(node, ast.Attribute):
        found = context.module.api(node)
        if isinstance(found, Api) and found.path == "keras" and found.package == _PACKAGE:
            return node
        node = node.value
    return None
