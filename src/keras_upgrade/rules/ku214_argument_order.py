"""KU214 argument-order: arguments by position that stand at other places today

Some classes and methods lost an argument in the middle, or got one: `LambdaCallback(None, None, f)` called `f` for each
batch, and calls it once, at the beginning of the training, today.

**Since** Keras 3.0.

**Error**

    TypeError: TensorBoard.__init__() takes from 1 to 10 positional arguments but 11 were given

**Fix.** The arguments get their names, from the first one on that stands elsewhere today.

**Not fixed.** Calls in programs that Keras 3 runs as they are: their order may be that of today. Where versions of Keras 2
differ, the values decide: a text cannot be a number of groups.

```python before
import numpy as np
from keras.callbacks import LambdaCallback
from keras.layers import Dense
from keras.layers.core import Flatten
from keras.models import Sequential

seen = []
model = Sequential([Flatten(input_shape=(2,)), Dense(1)])
model.compile('sgd', 'mse')
count = LambdaCallback(None, None, None, lambda batch, logs: seen.append(batch))
model.fit(np.ones((4, 2)), np.zeros((4, 1)), batch_size=2, verbose=0, callbacks=[count])
result = seen
```

```python after
import numpy as np
from keras.callbacks import LambdaCallback
from keras.layers import Dense
from keras.layers import Flatten
from keras.models import Sequential

seen = []
model = Sequential([Flatten(input_shape=(2,)), Dense(1)])
model.compile('sgd', 'mse')
count = LambdaCallback(None, None, on_train_batch_begin=None, on_train_batch_end=lambda batch, logs: seen.append(batch))
model.fit(np.ones((4, 2)), np.zeros((4, 1)), batch_size=2, verbose=0, callbacks=[count])
result = seen
```

```python unchanged
import keras
import numpy as np

begun = []
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile('sgd', 'mse')
begin = keras.callbacks.LambdaCallback(None, None, lambda logs: begun.append(1))
model.fit(np.ones((4, 2)), np.zeros((4, 1)), batch_size=2, verbose=0, callbacks=[begin])
result = begun
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.knowledge import arguments
from keras_upgrade.knowledge.surface import Surface
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.ku201_argument import path_of
from keras_upgrade.syntax.edits import argument_span, keyword_of

CODE = "KU214"
PHASE = NAMES
ERRORS = (
    r"(TensorBoard|LambdaCallback|Conv\dD|Embedding|Sequential)\.__init__\(\) takes (from \d+ to )?\d+ positional arguments?",
)
_OTHERS = (".add_weight", ".add_variable", "_generator", ".compile")  # of KU201, KU202 and KU607


def check(context: Context) -> Iterator[Finding]:
    """Calls with more arguments by position than have kept their places."""
    if not context.migrating:
        return
    for call in context.module.calls:
        path = path_of(context, call) if len(call.args) > 1 else None
        if path is not None and not path.endswith(_OTHERS):
            named = _named(context, call, path)
            if named:
                yield _finding(context, call, path, named)


def _named(context: Context, call: ast.Call, path: str) -> Mapping[str, ast.expr]:
    """The arguments that have to be given by names, which are those of Keras 2; KU201 sees what became of them."""
    order, given = arguments.order(path, _surface(context, call)), call.args
    if order is None:
        return {}
    known = _of_images(given) if path.endswith(".load_img") else order.names
    if not order.same < len(given) <= len(known):
        return {}
    names = known[order.same : len(given)]
    if any(isinstance(item, ast.Starred) for item in given) or any(keyword_of(call, name) for name in names):
        return {}
    named = dict(zip(names, given[order.same :], strict=True))
    return {} if _tells_todays_order(path.rpartition(".")[2], given) else named


def _of_images(given: Sequence[ast.expr]) -> Sequence[str]:
    """The parameters of `load_img`, of which the third was the size before Keras 2.2.3; none where it may be either."""
    third = given[2] if len(given) > 2 else None
    if third is None or (isinstance(third, ast.Constant) and isinstance(third.value, str)):
        return ("path", "grayscale", "color_mode", "target_size", "interpolation")
    if isinstance(third, ast.Tuple):
        return ("path", "grayscale", "target_size", "interpolation")
    return ()


def _surface(context: Context, call: ast.Call) -> Surface:
    callee = context.module.api(call.func)
    return "tf.keras" if callee is not None and callee.package.startswith("tensorflow") else "keras"


def _tells_todays_order(name: str, given: Sequence[ast.expr]) -> bool:
    """Whether the values tell that a version of Keras 2 was meant which had the order of today.

    The fourth argument of `Adam` was `epsilon` in some, the flag `amsgrad` in others; the seventh of a convolution the
    number of groups, or the activation; the third of a cross-entropy the axis, or the reduction.
    """
    if name == "Adam" and len(given) > 3:
        return not (isinstance(given[3], ast.Constant) and isinstance(given[3].value, bool))
    class_at = {
        "SparseCategoricalCrossentropy": 1,
        "SensitivityAtSpecificity": 2,
        "SpecificityAtSensitivity": 2,
    }
    if name in class_at:  # the number of a class, or the reduction, or the name
        chosen = given[class_at[name]]
        return isinstance(chosen, ast.Constant) and not isinstance(chosen.value, str)
    place = 6 if name.startswith("Conv") else 2 if name.endswith("Crossentropy") else len(given)
    item = given[place] if place < len(given) else None
    if isinstance(item, ast.UnaryOp):  # -1
        item = item.operand
    return isinstance(item, ast.Constant) and isinstance(item.value, int)


def _finding(context: Context, call: ast.Call, path: str, named: Mapping[str, ast.expr]) -> Finding:
    source = context.source
    starts = {name: argument_span(source, call, argument).start for name, argument in named.items()}
    texts = ", ".join(f"`{name}=`" for name in named)
    owner = path.rpartition(".")[2]
    return Finding(
        CODE,
        context.span(call.func),
        f"arguments of `{owner}` stand at other places today: {texts}",
        Fix(
            [Edit(start, start, f"{name}=") for name, start in starts.items()], f"`{owner}`: {texts} by name"
        ),
        subject=f"`{owner}` arguments",
    )
