"""KU603 callback-model: a callback that assigns `self.model`

`fit` gives each callback its model; in Keras 3 the attribute `model` of a callback can only be read. A constructor
that assigns it raises. What it assigned was overwritten by `fit` in Keras 2 as well.

**Since** Keras 3.0.

**Error**

    AttributeError: property 'model' of 'Report' object has no setter

**Fix.** The assignment goes away: while the model is trained, `self.model` is that model, as it was in Keras 2.

**Not fixed.** A callback that has a model of its own for something else: give that another name.

```python before
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Report(Callback):
    def __init__(self, model, prefix):
        super(Report, self).__init__()
        self.model = model
        self.seen = [prefix]

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(self.model.count_params())


model = Sequential([Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
report = Report(model, 7)
model.fit(np.ones((2, 2)), np.ones((2, 1)), epochs=2, verbose=0, callbacks=[report])
result = report.seen
```

```python after
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential


class Report(Callback):
    def __init__(self, model, prefix):
        super(Report, self).__init__()
        self.seen = [prefix]

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(self.model.count_params())


model = Sequential([Dense(1, input_shape=(2,))])
model.compile('sgd', 'mse')
report = Report(model, 7)
model.fit(np.ones((2, 2)), np.ones((2, 1)), epochs=2, verbose=0, callbacks=[report])
result = report.seen
```

```python unchanged
class Report:
    def __init__(self, model):
        self.model = model


result = Report(3).model
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.outputs import is_callback_class
from keras_upgrade.analysis.values import Class, Function
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU603"
PHASE = NAMES
WORDS = {"class"}
ERRORS = (r"property 'model' of '\w+' object has no setter",)


def check(context: Context) -> Iterator[Finding]:
    """Assignments of `self.model` in callbacks."""
    for cls in context.module.classes:
        if not is_callback_class(cls):
            continue
        for member in cls.members.values():
            if isinstance(member, Function) and isinstance(member.node, ast.FunctionDef):
                for statement in walk(member.node):
                    if isinstance(statement, ast.Assign) and _assigns_model(statement, member.node):
                        yield _finding(context, cls, statement)


def _assigns_model(statement: ast.Assign, method: ast.FunctionDef) -> bool:
    parameters = [*method.args.posonlyargs, *method.args.args]
    if len(statement.targets) != 1 or not parameters:
        return False
    target = statement.targets[0]
    return (
        isinstance(target, ast.Attribute)
        and target.attr == "model"
        and isinstance(target.value, ast.Name)
        and target.value.id == parameters[0].arg
    )


def _finding(context: Context, cls: Class, statement: ast.Assign) -> Finding:
    block = context.module.body_of(statement)
    limit = context.module.document.span_of(context.module.cell_of(statement))
    text = context.source.segment(statement)
    return Finding(
        CODE,
        context.span(statement),
        f"`model` of the callback `{cls.node.name}` cannot be assigned; `fit` sets it",
        Fix(
            [remove_statement(context.source, statement, sole=len(block) == 1, limit=limit)],
            f"Removed `{text}`",
            Safety.REVIEW,
        ),
        subject=f"`{cls.node.name}` callback",
        assumption="`self.model` is read while this model is trained, not before",
    )
