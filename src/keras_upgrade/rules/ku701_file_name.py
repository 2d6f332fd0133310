"""KU701 file-name: the name of a saved file says its format

Keras 3 chooses the format by the end of the file name and refuses others: `.weights.h5` for `save_weights`, `.keras`
(or `.h5`) for whole models. A folder in the SavedModel format is written by `model.export`.

**Since** Keras 3.0.

**Error**

    ValueError: The filename must end in `.weights.h5`. Received: filepath=gan.h5
    ValueError: Invalid filepath extension for saving. Please add either a `.keras` extension ...
    ValueError: The filepath provided must end in `.keras` (Keras model format). Received: filepath=...
    ValueError: Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass
    ValueError: When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided must end in `.weights.h5`

**Fix.** The name gets the ending that the format needs, at every place of the program that has the same name: where
it is written, read, or looked for. A name that is only read stays: files of Keras 2 are still there under it. So does
one under which `get_file` keeps a download.

A `.h5` file of a model that is compiled with `'mse'` or another short name cannot be loaded back: its name becomes
`.keras`, where the program loads it again.

**Not fixed.** Names that are computed without any ending in the text: add the ending where the name is made.

```python before
import os
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
x = np.ones((1, 2))
model.save_weights('first.h5')
for step in range(2):
    model.save_weights('step_%d.hdf5' % step)
if os.path.exists('first.h5'):
    model.load_weights('first.h5')
result = model.predict(x)
```

```python after
import os
import numpy as np
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
x = np.ones((1, 2))
model.save_weights('first.weights.h5')
for step in range(2):
    model.save_weights('step_%d.weights.h5' % step)
if os.path.exists('first.weights.h5'):
    model.load_weights('first.weights.h5')
result = model.predict(x)
```

```python before
import numpy as np
from keras.layers import Dense
from keras.models import Sequential, load_model

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', loss='mse', metrics=['mae'])
model.save('model.h5')
restored = load_model('model.h5')
result = [float(value) for value in restored.evaluate(np.ones((2, 2)), np.ones((2, 1)))]
```

```python after
import numpy as np
from keras.layers import Dense
from keras.models import Sequential, load_model

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', loss='mse', metrics=['mae'])
model.save('model.keras')
restored = load_model('model.keras')
result = [float(value) for value in restored.evaluate(np.ones((2, 2)), np.ones((2, 1)))]
```

```python before
import numpy as np
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
checkpoint = ModelCheckpoint('weights.{epoch:02d}.hdf5', save_weights_only=True)
model.fit(np.zeros((2, 2)), np.zeros((2, 1)), epochs=2, verbose=0, callbacks=[checkpoint])
model.load_weights('weights.02.hdf5')
result = model.predict(np.ones((1, 2)))
```

```python after
import numpy as np
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.compile('sgd', 'mse')
checkpoint = ModelCheckpoint('weights.{epoch:02d}.weights.h5', save_weights_only=True)
model.fit(np.zeros((2, 2)), np.zeros((2, 1)), epochs=2, verbose=0, callbacks=[checkpoint])
model.load_weights('weights.02.weights.h5')
result = model.predict(np.ones((1, 2)))
```

```python unchanged
import numpy as np
from keras.layers import Dense
from keras.models import Sequential, load_model

model = Sequential([Dense(1, input_shape=(2,), kernel_initializer='ones')])
model.save('whole.h5')
model.save_weights('part.weights.h5')
restored = load_model('whole.h5')
restored.load_weights('part.weights.h5')
result = restored.predict(np.ones((1, 2)))
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from keras_upgrade.analysis.program import Module, Program
from keras_upgrade.analysis.values import Instance, Method, Result, Seq, Value, constant, options
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of, remove_arguments

CODE = "KU701"
PHASE = NAMES
ERRORS = (
    r"The filename must end in `?\.weights\.h5`?",
    r"Invalid filepath extension for saving",
    r"The filepath provided must end in `?\.keras`?",
    r"filepath provided must end in `?\.weights\.h5`?",
    r"File format not supported: filepath=",
    r"Could not deserialize 'keras\.(metrics|losses)\.\w+'",
    r"Could not locate function '\w+'",
)

_WEIGHTS, _MODEL = ".weights.h5", ".keras"
_SHORT_NAMES = frozenset({"mse", "mae", "mape", "msle", "MSE", "MAE", "MAPE", "MSLE", "kld", "KLD"})
_ENDING = pattern(r"\.(h5|hdf5|hdf|keras|model|ckpt|tf|weights|w)$", re.IGNORECASE)
_OTHER_KIND = pattern(r"\.(json|ya?ml|txt)$", re.IGNORECASE)
"""Endings of files that hold something else than weights: what is behind a variable may be written there too."""


@dataclass(frozen=True)
class _Write:
    """A place that writes a file.

    Attributes:
        call: the call.
        path: its file name.
        wanted: the ending that it needs.
        accepted: other endings that are right.
        sure: whether the object is known to be a Keras model.
    """

    call: ast.Call
    path: ast.expr
    wanted: str
    accepted: tuple[str, ...]
    sure: bool


def check(context: Context) -> Iterator[Finding]:
    """Calls that save under a name that Keras 3 refuses."""
    own = _renames(context.program, context.module)
    for write, literal in own:
        if literal is not None:
            yield _finding(context, write, literal)
        elif write.wanted == _WEIGHTS and (_is_computed(write.path) or _literal(context.module, write.path)):
            yield _advice(context, write)
    yield from _elsewhere(context, {literal.value for _, literal in own if literal is not None})


def _renames(program: Program, module: Module) -> list[tuple[_Write, ast.Constant | None]]:
    """The places of a module that write files under names to change, one for each name."""
    return program.once(f"{CODE} in {id(module)}", lambda: _find_renames(module))


def _find_renames(module: Module) -> list[tuple[_Write, ast.Constant | None]]:
    found: dict[object, tuple[_Write, ast.Constant | None]] = {}
    for call in module.calls:
        write = _method(module, call) or _checkpoint(module, call)
        if write is None:
            continue
        literal = _literal(module, write.path)
        if literal is None or (literal is not write.path and _OTHER_KIND.search(str(literal.value))):
            found[call] = (write, None)
        elif isinstance(literal.value, str) and not literal.value.endswith((write.wanted, *write.accepted)):
            found.setdefault(literal.value, (write, literal))
    return list(found.values())


def _elsewhere(context: Context, own: Collection[object]) -> Iterator[Finding]:
    """Names that another module of the program writes, and that this one reads."""
    names = context.program.once(CODE, lambda: _names_written(context.program))
    for old, new in names.items():
        edits: list[Edit] = []
        for node in context.module.nodes(ast.Constant) if old not in own else ():
            if node.value == old and _is_whole(context, node):
                edits += _rename(context, node, old, new)
        if edits:
            span = Span(edits[0].start, edits[0].end)
            message = (
                f"`{old}` is written by another part of the program, under a name that Keras 3 takes: `{new}`"
            )
            yield Finding(
                CODE, span, message, Fix(edits, f"file name `{old}` → `{new}`"), subject="file names"
            )


def _names_written(program: Program) -> dict[str, str]:
    """The file names of the whole program that have to change."""
    found: dict[str, str] = {}
    for module in program:
        for write, literal in _renames(program, module):
            if literal is not None and isinstance(literal.value, str):
                found.setdefault(literal.value, _renamed(literal.value, write.wanted))
    return found


def _method(module: Module, call: ast.Call) -> _Write | None:
    """`model.save_weights(path)`, `model.save(path)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("save_weights", "save"):
        return None
    value = module.value(call.func)
    sure = any(isinstance(option, Method) and isinstance(option.owner, Instance) for option in options(value))
    if call.func.attr == "save" and not sure:
        return None
    if not _may_be_keras(value):
        return None
    path = _argument(call, 0, "filepath", "filename")
    if path is None:
        return None
    if call.func.attr == "save_weights" and keyword_of(call, "max_shard_size") is not None:
        return None  # which only Keras 3 knows
    if call.func.attr == "save_weights":
        return _Write(call, path, _WEIGHTS, (".weights.json",), sure)
    legacy = () if _does_not_load_back(module, value, path) else (".h5", ".hdf5")
    return _Write(call, path, _MODEL, legacy, sure)


def _does_not_load_back(module: Module, value: Value, path: ast.expr) -> bool:
    """Whether a `.h5` file of the model is loaded again, which Keras 3 refuses for short names such as `mse`."""
    owners = [o.owner for o in options(value) if isinstance(o, Method) and isinstance(o.owner, Instance)]
    if not any(_has_short_names(owner) for owner in owners):
        return False
    name = _literal(module, path)
    for call in module.calls:
        callee = module.api(call.func)
        if name is not None and callee is not None and callee.name == "load_model" and call.args:
            read = _literal(module, call.args[0])
            if read is not None and read.value == name.value and keyword_of(call, "compile") is None:
                return True
    return False


def _has_short_names(model: Instance) -> bool:
    for event in model.events:
        if event.name == "compile":
            for value in (event.arguments.get(1, "loss"), event.arguments.get(2, "metrics")):
                for option in options(value) if value is not None else ():
                    items = option.items if isinstance(option, Seq) else [option]
                    if any(constant(item) in _SHORT_NAMES for item in items):
                        return True
    return False


def _may_be_keras(value: Value) -> bool:
    return not any(
        (isinstance(option, Method) and option.function is not None)
        or (isinstance(option, Result) and not option.of.startswith(("model", "sequential", "keras")))
        for option in options(value)
    )


def _checkpoint(module: Module, call: ast.Call) -> _Write | None:
    """`ModelCheckpoint(path)`."""
    callee = module.api(call.func)
    if callee is None or callee.name != "ModelCheckpoint" or "callbacks" not in callee.path:
        return None
    path = _argument(call, 0, "filepath")
    only = _argument(call, 4, "save_weights_only")
    if path is None or (only is not None and not isinstance(only, ast.Constant)):
        return None
    weights = isinstance(only, ast.Constant) and bool(only.value)
    return _Write(call, path, _WEIGHTS if weights else _MODEL, () if weights else (".h5",), True)


def _argument(call: ast.Call, index: int, *names: str) -> ast.expr | None:
    for name in names:
        keyword = keyword_of(call, name)
        if keyword is not None:
            return keyword.value
    if index < len(call.args) and not any(isinstance(item, ast.Starred) for item in call.args):
        return call.args[index]
    return None


# -- the text of the name --------------------------------------------------------------------------------------


def _literal(module: Module, node: ast.expr, depth: int = 4) -> ast.Constant | None:
    """The string in the program that the file name ends with."""
    if isinstance(node, ast.Constant):
        return node if isinstance(node.value, str) else None
    if depth == 0:
        return None
    if isinstance(node, ast.BinOp):
        return _literal(module, node.left if isinstance(node.op, ast.Mod) else node.right, depth - 1)
    if isinstance(node, ast.JoinedStr) and node.values:
        last = node.values[-1]
        return last if isinstance(last, ast.Constant) else None
    if isinstance(node, ast.Call):
        return _literal_of_call(module, node, depth)
    if isinstance(node, ast.Name):
        return _literal_of_name(module, node, depth)
    return None


def _literal_of_call(module: Module, node: ast.Call, depth: int) -> ast.Constant | None:
    if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _literal(module, node.func.value, depth - 1)
    callee = module.api(node.func)
    if callee is not None and (callee.path.endswith(".join") or callee.name in ("str", "Path")) and node.args:
        return _literal(module, node.args[-1], depth - 1)
    return None


def _literal_of_name(module: Module, node: ast.Name, depth: int) -> ast.Constant | None:
    """What the name is given, if it is given one thing only."""
    values = [
        statement.value
        for statement in module.nodes(ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == node.id for target in statement.targets)
    ]
    return _literal(module, values[0], depth - 1) if len(values) == 1 else None


def _is_computed(node: ast.expr) -> bool:
    return isinstance(node, (ast.BinOp, ast.JoinedStr))


def _renamed(name: str, wanted: str) -> str:
    stem = name
    while (match := _ENDING.search(stem)) is not None:
        stem = stem[: match.start()]
    return stem.rstrip("/") + wanted


# -- the finding -----------------------------------------------------------------------------------------------


def _finding(context: Context, write: _Write, literal: ast.Constant) -> Finding:
    assert isinstance(literal.value, str)
    old, new = literal.value, _renamed(literal.value, write.wanted)
    edits: list[Edit] = []
    made_from = _made_from(old)
    for node in context.module.nodes(ast.Constant):
        if node.value == old and (node is literal or _is_whole(context, node)):
            edits += _rename(context, node, old, new)
        elif isinstance(node.value, str) and made_from is not None and made_from.fullmatch(node.value):
            if _is_whole(context, node):
                edits += _rename(context, node, node.value, _renamed(node.value, write.wanted))
    save_format = keyword_of(write.call, "save_format")
    if save_format is not None:
        edits += remove_arguments(context.source, write.call, [save_format])
    message = f"Keras 3 takes file names in `{write.wanted}` here, not `{old}`"
    if not edits:
        return _advice(context, write)
    assumption = (
        "" if write.sure else f"`{context.source.segment(write.call.func)}` is a method of a Keras model"
    )
    if write.wanted == _MODEL and _ENDING.search(old) is None:
        assumption = "nothing outside of this program reads the folder in the SavedModel format"
    return Finding(
        CODE,
        context.source.span(literal),
        message,
        Fix(edits, f"file name `{old}` → `{new}`", Safety.REVIEW if assumption else Safety.SAFE),
        subject="file names",
        assumption=assumption,
    )


def _made_from(name: str) -> re.Pattern[str] | None:
    """What the names look like that a template such as `weights.{epoch:02d}.hdf5` gives."""
    parts = re.split(r"(\{[^{}]*\}|%[-+ 0-9.]*[sdifeg])", name)
    if len(parts) == 1 or not _ENDING.search(name):
        return None
    return re.compile("".join(r"[-\w.]+" if part[:1] in ("{", "%") else re.escape(part) for part in parts))


def _is_whole(context: Context, node: ast.Constant) -> bool:
    """Whether a string is an argument by itself, not a part of a longer text, nor the name of a download."""
    parent = context.module.parent(node)
    if isinstance(parent, ast.Call):
        callee = context.module.api(parent.func)
        if callee is not None and callee.name == "get_file":
            return False
    return not isinstance(parent, ast.JoinedStr)


def _rename(context: Context, node: ast.Constant, old: str, new: str) -> list[Edit]:
    """Changes the text in the quotes, if it stands there as it is."""
    source = context.source
    text = source.segment(node)
    place = text.find(old)
    if place < 0 or text.count(old) != 1:
        return []
    start = source.start(node) + place
    common = 0
    while common < min(len(old), len(new)) and old[common] == new[common]:
        common += 1
    return [Edit(start + common, start + len(old), new[common:])]


def _advice(context: Context, write: _Write) -> Finding:
    written = context.source.segment(write.path)
    return Finding(
        CODE,
        context.span(write.path),
        f"Keras 3 takes file names that end in `{write.wanted}` here: see that `{written}` does, and where it is read.",
        subject="file names",
    )
