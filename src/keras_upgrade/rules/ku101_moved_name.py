"""KU101 moved-name: modules and names that are elsewhere, or gone

Keras 3 has none of the inner modules that Keras 2 programs imported from (`keras.layers.advanced_activations`,
`keras.engine.topology`, `keras.utils.np_utils`, `tensorflow.python.keras`), and some names are spelled in another way
or exist only under `tf.keras` (`ImageDataGenerator`, `Tokenizer`).

**Since** Keras 3.0; many since TensorFlow 2.

**Error**

    ModuleNotFoundError: No module named 'keras.layers.advanced_activations'
    ImportError: cannot import name 'np_utils' from 'keras.utils'
    ImportError: cannot import name 'ImageDataGenerator' from 'keras.preprocessing.image'

**Fix.** The import, or the dotted name, goes to where the name is now; each name goes where it exists.

**Not fixed.** Names without a successor: the advice says what does the same.

```python before
import numpy as np
from keras.layers.core import Dense, Dropout
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Sequential
from keras.utils import np_utils

model = Sequential()
model.add(Dense(3, input_dim=2))
model.add(LeakyReLU())
model.add(Dropout(0.5))
labels = np_utils.to_categorical([0, 2], 3)
result = [model.count_params(), labels]
```

```python after
import numpy as np
import keras
from keras.layers import Dense, Dropout
from keras.layers import LeakyReLU
from keras.models import Sequential

model = Sequential()
model.add(Dense(3, input_dim=2))
model.add(LeakyReLU())
model.add(Dropout(0.5))
labels = keras.utils.to_categorical([0, 2], 3)
result = [model.count_params(), labels]
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential


class np_utils:
    to_categorical = staticmethod(np.eye)


result = np_utils.to_categorical(3)
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Import
from keras_upgrade.analysis.values import Api, api
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import surface
from keras_upgrade.knowledge.arguments import call_row
from keras_upgrade.knowledge.backend import ROWS
from keras_upgrade.knowledge.moved import Moved, lookup
from keras_upgrade.records import dataclass
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.ku209_merge import FUNCTION as MERGE_FUNCTION
from keras_upgrade.rules.ku209_merge import LAYER as MERGE_LAYER
from keras_upgrade.rules.ku414_merge_subclass import is_merge
from keras_upgrade.rules.ku703_made_from_config import has_all_calls
from keras_upgrade.syntax.imports import alias_text, module_span, remove_aliases
from keras_upgrade.syntax.walking import walk

CODE = "KU101"
PHASE = NAMES
ERRORS = (
    r"No module named '(?P<name>(tensorflow\.python\.)?keras[\w.]*)'",
    r"cannot import name '(?P<name>\w+)' from '[\w.]*keras[\w.]*'",
    r"module '[\w.]*keras[\w.]*' has no attribute '(?P<name>\w+)'",
    r"`keras\.(?P<name>optimizers\.legacy)` is not supported in Keras 3",
    r"Only instances of `?keras\.Layer`? can be added to a Sequential model",
)

_LIVE = frozenset({"keras", "tensorflow.keras"})
"""Packages that carry Keras 3; the others (`tensorflow.python.keras`, `tf_keras`, ...) are Keras 2 or gone."""
_INTERNAL = "An internal of Keras 2 that Keras 3 does not have. Copy the few lines you need into the program, or use a public name."
_PASSED_ON = {
    "K": "keras.backend",
    **{
        name: f"keras.{name}"
        for name in ("activations", "backend", "constraints", "initializers", "regularizers")
    },
}
"""Modules that Keras 2 used, and so had, in others: `from keras.layers import activations`."""
_PRIVATE = ("keras.src", "keras.api", "keras._tf_keras", "keras._legacy")


def check(context: Context) -> Iterator[Finding]:
    """Imports and dotted names of Keras 2 that Keras 3 does not have in that place."""
    for statement in dict.fromkeys(item.statement for item in context.module.imports):
        if isinstance(statement, ast.ImportFrom):
            yield from _from_import(context, statement)
        else:
            yield from _plain_import(context, statement)
    for node in context.module.references:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield from _reference(context, node)


def _is_ours(found: Api) -> bool:
    return found.path.partition(".")[0] == "keras" and not found.path.startswith(_PRIVATE)


def _side(found: Api) -> surface.Surface:
    return "tf.keras" if found.package.startswith("tensorflow") else "keras"


def moved(found: Api) -> Moved | None:
    """Where a name of Keras 2 is now; None if it is still there, or not known."""
    answer = lookup(found.path, _side(found))
    if answer is not None and answer.new == found.spelled:
        return None
    if answer is None and found.package not in _LIVE and surface.exists(found.path):
        return Moved(found.path, "keras", "safe", "")
    if answer is None and found.package == "tensorflow.keras" and surface.import_only(found.path, "tf.keras"):
        return Moved(found.path, "keras", "safe", "")
    return answer


def _is_backend_call(found: Api) -> bool:
    """Functions of `keras.backend` belong to KU301, which looks at each call."""
    parent, _, name = found.path.rpartition(".")
    return parent == "keras.backend" and name in ROWS


def _is_merge(context: Context, item: Import, found: Api) -> bool:
    """Whether the name is that of Keras 1's function or layer, which KU209 looks at, and not a module's."""
    if found.path in MERGE_LAYER:
        return True
    return found.path in MERGE_FUNCTION and any(
        isinstance(call.func, ast.Name) and call.func.id == item.bound for call in context.module.calls
    )


def _has_own_calls(context: Context, name: str, found: Api) -> bool:
    """Whether a class is only called, and each call becomes another one, which is KU215's to write."""
    if call_row(found.path) is None:
        return False
    uses = [node for node in context.module.references if isinstance(node, ast.Name) and node.id == name]
    return all(_is_called(context, node) for node in uses)


def _is_called(context: Context, node: ast.expr) -> bool:
    outer = context.module.parent(node)
    return isinstance(outer, ast.Call) and outer.func is node


# -- from ... import ... --------------------------------------------------------------------------------------


@dataclass
class _Target:
    """Where one imported name comes from afterwards; `module` None where it stays, "" where it goes away."""

    item: Import
    module: str | None
    name: str
    answer: Moved | None


def _from_import(context: Context, statement: ast.ImportFrom) -> Iterator[Finding]:
    items = [item for item in context.module.imports if item.statement is statement and item.target]
    items = list({id(item.alias): item for item in items}.values())
    if not items or not _is_ours(api(statement.module or "")):
        return
    if items[0].bound == "*":
        yield from _star(context, statement)
        return
    targets = [_target(context, item) for item in items]
    for target in targets:
        if target.module is None and target.answer is not None:
            yield Finding(
                CODE,
                context.source.span(target.item.alias),
                f"`{target.item.target}`: {target.answer.note}",
                subject="imports",
            )
    changed = [target for target in targets if target.module is not None]
    if changed:
        yield _import_finding(context, statement, targets)


def _target(context: Context, item: Import) -> _Target:
    found = api(item.target)
    answer = moved(found)
    name = item.alias.name
    used = item.bound in context.module.loaded_names
    if answer is None:
        return _private(item, found, used)
    if (
        _is_backend_call(found)
        or _is_merge(context, item, found)
        or _has_own_calls(context, item.bound, found)
        or (found.name == "model_from_config" and has_all_calls(context, item.bound))
        or (answer.new is None and not used)
        or _is_module_of_names(context, item, answer)
    ):
        return _Target(item, None if used else "", name, None)
    if answer.new is None:
        return _Target(item, None, name, answer)
    module, _, new = answer.new.rpartition(".")
    return _Target(
        item, module or None, new, answer
    )  # a module that became the package itself is for the user


def _private(item: Import, found: Api, used: bool) -> _Target:
    """A name that no table has: that of a module that is gone went with it, an underscore or not."""
    above = moved(api(found.spelled.rpartition(".")[0]))
    passed_on = _PASSED_ON.get(item.alias.name)
    if above is None and passed_on is not None and not surface.exists(item.target):
        module, _, name = passed_on.rpartition(".")
        if not used:
            return _Target(item, "", item.alias.name, None)
        return _Target(item, module, name, Moved(passed_on, "keras", "safe", ""))
    if above is None or (used and is_merge(found)):
        return _Target(item, None, item.alias.name, None)
    if not used:
        return _Target(item, "", item.alias.name, None)
    return _Target(item, None, item.alias.name, Moved(None, "keras", "advise", _INTERNAL))


def _is_module_of_names(context: Context, item: Import, answer: Moved) -> bool:
    """Whether an imported module is only a prefix: `np_utils.to_categorical`, whose uses are rewritten."""
    if answer.new is None or surface.kind(answer.new.removeprefix("tensorflow."), answer.surface) != "m":
        return False
    if answer.surface == "tf.keras":
        return False
    return not any(isinstance(node, ast.Name) and node.id == item.bound for node in context.module.references)


def _import_finding(context: Context, statement: ast.ImportFrom, targets: list[_Target]) -> Finding:
    source = context.source
    old = ("." * statement.level) + (statement.module or "")
    gone = [target for target in targets if target.module == ""]
    modules = {target.module or old for target in targets if target.module != ""}
    renames: list[Edit] = []
    if not modules:
        block = context.module.body_of(statement)
        limit = context.module.document.span_of(context.module.cell_of(statement))
        sole = len(block) == 1 and block is not context.module.tree.body
        edits = remove_aliases(source, statement, [t.item.alias for t in gone], sole=sole, limit=limit)
        change = f"Removed `{source.segment(statement)}`"
    elif len(modules) == 1 and not gone:
        span = module_span(source, statement)
        edits = [Edit(span.start, span.end, modules.pop())]
        for target in targets:
            edits += _alias_edits(context, target, renames)
        change = _change(context, statement, edits)
    else:
        edits = [
            Edit(
                source.start(statement), source.end(statement), _several(context, statement, targets, renames)
            )
        ]
        change = _change(context, statement, edits)
    safe = all(target.answer is None or target.answer.how == "safe" for target in targets)
    notes = [t.answer.note for t in targets if t.answer is not None and t.answer.how == "review"]
    return Finding(
        CODE,
        source.span(statement),
        f"`{old}` does not have {', '.join(f'`{t.item.alias.name}`' for t in targets if t.module is not None)} in Keras 3",
        Fix([*edits, *renames], change, Safety.SAFE if safe else Safety.REVIEW),
        subject="imports",
        assumption=" ".join(notes),
    )


def _change(context: Context, statement: ast.ImportFrom, edits: list[Edit]) -> str:
    from keras_upgrade.documents.spans import apply_edits  # noqa: PLC0415

    source = context.source
    start, end = source.start(statement), source.end(statement)
    old = source.original[start:end]
    new = apply_edits(old, edits, start)
    return f"`{_one_line(old)}` → `{_one_line(new)}`"


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 90 else text[:87] + "..."


def _alias_edits(context: Context, target: _Target, renames: list[Edit]) -> list[Edit]:
    alias = target.item.alias
    if target.name == alias.name:
        return []
    text = _renamed(context, target, renames)
    start = context.source.start(alias)
    return [Edit(start, context.source.end(alias), text)]


def _renamed(context: Context, target: _Target, renames: list[Edit]) -> str:
    """The import of a name that is called otherwise now; its uses follow where the new name is free."""
    alias = target.item.alias
    bound = sum((other.asname or other.name) == alias.name for other in context.module.nodes(ast.alias))
    kept = alias.asname is not None or alias.name in _PASSED_ON
    if kept or bound > 1 or target.name in context.module.names():
        return alias_text(target.name, alias.asname or alias.name)
    uses = context.module.names_of(alias.name)
    if any(not isinstance(node.ctx, ast.Load) or context.binding(node) is None for node in uses):
        return alias_text(target.name, alias.name)
    renames += [Edit(context.source.start(node), context.source.end(node), target.name) for node in uses]
    return target.name


def _several(context: Context, statement: ast.ImportFrom, targets: list[_Target], renames: list[Edit]) -> str:
    """One import statement for each module that the names are in now."""
    old = ("." * statement.level) + (statement.module or "")
    groups: dict[str, list[str]] = {}
    for target in targets:
        if target.module == "":
            continue
        alias = target.item.alias
        text = alias_text(alias.name, alias.asname)
        if target.name != alias.name:
            text = _renamed(context, target, renames)
        groups.setdefault(target.module or old, []).append(text)
    indentation = context.source.indentation(statement)
    return f"\n{indentation}".join(
        f"from {module} import {', '.join(names)}" for module, names in groups.items()
    )


def _star(context: Context, statement: ast.ImportFrom) -> Iterator[Finding]:
    found = api(statement.module or "")
    answer = moved(found)
    if answer is None:
        return
    if answer.new is None:
        yield Finding(
            CODE, context.span(statement), f"`{statement.module}`: {answer.note}", subject="imports"
        )
        return
    span = module_span(context.source, statement)
    yield Finding(
        CODE,
        context.span(statement),
        f"there is no module `{statement.module}` in Keras 3",
        Fix(
            [Edit(span.start, span.end, answer.new)],
            f"`{statement.module}` → `{answer.new}`",
            _safety(answer),
        ),
        subject="imports",
        assumption=answer.note,
    )


def _safety(answer: Moved) -> Safety:
    return Safety.REVIEW if answer.how == "review" else Safety.SAFE


# -- import ... ------------------------------------------------------------------------------------------------


def _plain_import(context: Context, statement: ast.Import) -> Iterator[Finding]:
    for alias in statement.names:
        found = api(alias.name)
        if not _is_ours(found) or (found.path == "keras" and found.package in _LIVE):
            continue
        if alias.name == "tf_keras":
            if alias.asname is not None:
                yield _legacy_package(context, alias)
            continue
        answer = moved(found)
        if answer is None:
            continue
        if answer.new is None or "." not in alias.name:
            yield Finding(
                CODE, context.source.span(alias), f"`{alias.name}`: {answer.note}", subject="imports"
            )
            continue
        new = answer.new
        if alias.asname is None and new.partition(".")[0] != alias.name.partition(".")[0]:
            new = alias.name.partition(".")[0] if found.package == "keras" else new
        yield Finding(
            CODE,
            context.source.span(alias),
            f"there is no module `{alias.name}` in Keras 3",
            Fix(
                [Edit(context.source.start(alias), context.source.start(alias) + len(alias.name), new)],
                f"`import {alias.name}` → `import {new}`",
                _safety(answer),
            ),
            subject="imports",
            assumption=answer.note,
        )


def _legacy_package(context: Context, alias: ast.alias) -> Finding:
    """`import tf_keras as keras`; of a plain `import tf_keras` the uses are rewritten."""
    text = alias_text("keras", alias.asname)
    return Finding(
        CODE,
        context.source.span(alias),
        "`tf_keras` is Keras 2",
        Fix(
            [Edit(context.source.start(alias), context.source.end(alias), text)],
            f"`import tf_keras as {alias.asname}` → `import {text}`",
        ),
        subject="imports",
    )


# -- a.b.c -----------------------------------------------------------------------------------------------------


def _reference(context: Context, node: ast.Attribute) -> Iterator[Finding]:
    found = context.module.api(node)
    if found is None or not _is_ours(found) or _is_backend_call(found) or found.path in MERGE_LAYER:
        return
    if _is_through_parameter(context, node):
        return
    if found.path in MERGE_FUNCTION and isinstance(context.module.parent(node), ast.Call):
        return
    if call_row(found.path) is not None and _is_called(context, node):
        return
    answer = moved(found)
    if answer is None:
        return
    written = context.source.segment(node)
    if answer.new is None:
        yield Finding(CODE, context.span(node), f"`{written}`: {answer.note}")
        return
    text, imports = _spelling(context, node, answer)
    if text == written:
        return
    outer = context.module.parent(node)
    if isinstance(outer, ast.Attribute) and not isinstance(outer.ctx, ast.Load):
        message = (
            f"`{written}` is not there in Keras 3, which does not look at what is set here as `{outer.attr}`"
        )
        yield Finding(CODE, context.span(node), message)
        return
    yield Finding(
        CODE,
        context.span(node),
        f"`{written}` is not there in Keras 3",
        Fix(
            [Edit(context.source.start(node), context.source.end(node), text)],
            f"`{written}` → `{text}`",
            _safety(answer),
            imports,
        ),
        assumption=answer.note,
    )


def _is_through_parameter(context: Context, node: ast.Attribute) -> bool:
    """Whether a path begins with a parameter, which may be another object at the next call: `func.__name__`."""
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    outer = [item for item in context.module.ancestors(node) if isinstance(item, functions)]
    return any(
        argument.arg == root.id
        for item in outer
        for argument in walk(item.args)
        if isinstance(argument, ast.arg)
    )


def _spelling(context: Context, node: ast.Attribute, answer: Moved) -> tuple[str, tuple[str, ...]]:
    """How the new path is written in place of `node`: after the longest part of `node` that still leads to it."""
    assert answer.new is not None
    plain = answer.new.removeprefix("tensorflow.")
    part: ast.expr = node.value
    while True:
        prefix = context.module.api(part)
        if prefix is not None and prefix.package in _LIVE and _leads(prefix, plain, answer):
            rest = plain[len(prefix.path) :]
            return f"{context.source.segment(part)}{rest}", ()
        if not isinstance(part, ast.Attribute):
            break
        part = part.value
    if answer.surface == "tf.keras":
        for name, value in context.module.frame.names.items():
            if isinstance(value, Api) and value.path == "tensorflow":
                return f"{name}.{plain}", ()
        return f"tf.{plain}", ("import tensorflow as tf",)
    return context.spell(plain), context.needed_imports


def _leads(prefix: Api, plain: str, answer: Moved) -> bool:
    side = _side(prefix)
    return (
        (plain == prefix.path or plain.startswith(prefix.path + "."))
        and surface.kind(prefix.path, side) == "m"
        and surface.exists(plain, side)
        and not surface.import_only(plain, side)
        and not (answer.surface == "tf.keras" and side == "keras")
    )
