"""KU903 matplotlib-argument: what Matplotlib renamed

Programs of the time of Keras 2 draw with `grid(b=True)` and the styles of seaborn, which Matplotlib has renamed.

**Since** Matplotlib 3.6 and 3.8 (release notes of Matplotlib).

**Error**

    ValueError: keyword grid_b is not recognized; valid keywords are ['size', 'width', ...]
    OSError: 'seaborn-whitegrid' is not a valid package style, ...

**Fix.** `visible=` for `b=`, `seaborn-v0_8-whitegrid` for `seaborn-whitegrid`.

**Not fixed.** Styles that are not written out.

```python before
import keras
import matplotlib.pyplot as plt

plt.style.use('seaborn-whitegrid')
figure, axes = plt.subplots()
axes.grid(b=True, axis='y')
plt.grid(b=None)
result = len(figure.axes)
```

```python after
import keras
import matplotlib.pyplot as plt

plt.style.use('seaborn-v0_8-whitegrid')
figure, axes = plt.subplots()
axes.grid(visible=True, axis='y')
plt.grid(visible=None)
result = len(figure.axes)
```

```python unchanged
import keras
import matplotlib.pyplot as plt

plt.style.use(['ggplot'])
plt.grid(True)
result = 0
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.values import Api, Result, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.patterns import pattern
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.edits import keyword_of, rename_keyword
from keras_upgrade.syntax.walking import walk

CODE = "KU903"
PHASE = NAMES
WORDS = {"grid", "style"}
ERRORS = (r"keyword grid_b is not recognized", r"'seaborn[\w-]*' is not a valid package style")

_STYLE = pattern(r"seaborn(-(?!v0_8)[\w-]+)?")


def check(context: Context) -> Iterator[Finding]:
    """Calls of `grid` with `b=`, and styles of seaborn."""
    for call in context.module.calls:
        path = _path(context, call)
        if path.endswith(".grid"):
            keyword = keyword_of(call, "b")
            if keyword is not None and keyword_of(call, "visible") is None:
                yield Finding(
                    CODE,
                    context.span(call.func),
                    "`b=` of `grid` is `visible=` now",
                    Fix([rename_keyword(context.source, keyword, "visible")], "`grid`: `b=` → `visible=`"),
                    subject="Matplotlib",
                )
        elif path in (
            "matplotlib.pyplot.style.use",
            "matplotlib.style.use",
            "matplotlib.pyplot.style.context",
        ):
            for node in walk(call.args[0]) if call.args else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield from _style(context, node, node.value)


def _path(context: Context, call: ast.Call) -> str:
    """Of a function of Matplotlib, or of a method of what one of these has given; else empty."""
    for option in options(context.value(call.func)):
        path = option.path if isinstance(option, Api) else option.of if isinstance(option, Result) else ""
        if path.startswith("matplotlib."):
            return path
    return ""


def _style(context: Context, node: ast.Constant, name: str) -> Iterator[Finding]:
    if not _STYLE.fullmatch(name):
        return
    source = context.source
    start, end = source.start(node), source.end(node)
    new = name.replace("seaborn", "seaborn-v0_8", 1)
    text = source.text[start:end].replace(name, new, 1)
    yield Finding(
        CODE,
        context.span(node),
        f"Matplotlib's style `{name}` has another name",
        Fix([Edit(start, end, text)], f"`{name}` → `{new}`"),
        subject="Matplotlib",
    )
