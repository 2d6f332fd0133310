"""KU902 numpy-name: names that NumPy dropped

Programs of the time of Keras 2 use names that NumPy has taken away since: the aliases of Python's own types in 1.24, old
spellings of constants, types and functions in 2.0 and later. TensorFlow of today comes with NumPy 2.

**Since** NumPy 1.24 and 2.0 (release notes of NumPy).

**Error**

    AttributeError: module 'numpy' has no attribute 'float'.
    AttributeError: `np.Inf` was removed in the NumPy 2.0 release. Use `np.inf` instead.

**Fix.** The name becomes the one that means the same.

**Not fixed.** `np.trapz`, whose new name NumPy 1.26 does not have; `np.bool` and `np.long`, which NumPy 2 has again, with another meaning; `np.asscalar` and functions without
an equal.

```python before
import keras
import numpy as np

x = np.zeros((2, 3), dtype=np.float)
best = -np.Inf
result = [x.dtype.name, best, np.product(x.shape), np.in1d([1, 2], [2]).tolist()]
```

```python after
import keras
import numpy as np

x = np.zeros((2, 3), dtype=float)
best = -np.inf
result = [x.dtype.name, best, np.prod(x.shape), np.isin([1, 2], [2]).tolist()]
```

```python unchanged
import keras
import numpy as np

float_ = np.float32(1.5)
trapezoid = np.trapezoid if hasattr(np, 'trapezoid') else np.trapz
result = [float_, np.array([1], dtype=bool).dtype.name, np.inf, float(trapezoid([1.0, 2.0]))]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU902"
PHASE = NAMES
WORDS = {"numpy"}
ERRORS = (
    r"module 'numpy' has no attribute '(float|int|object|str|complex|product|in1d|row_stack|mat|round_)'",
    r"`np\.\w+` was (removed in the NumPy|a deprecated alias)",
)

_BUILTINS = frozenset({"float", "int", "object", "str", "complex"})
"""They were Python's own types."""
_NAMES = {
    "Inf": "inf",
    "Infinity": "inf",
    "NaN": "nan",
    "PINF": "inf",
    "alltrue": "all",
    "bool8": "bool_",
    "complex_": "complex128",
    "cumproduct": "cumprod",
    "float_": "float64",
    "in1d": "isin",
    "infty": "inf",
    "int0": "intp",
    "mat": "asmatrix",
    "object0": "object_",
    "product": "prod",
    "round_": "round",
    "row_stack": "vstack",
    "sometrue": "any",
    "string_": "bytes_",
    "uint0": "uintp",
    "unicode": "str_",
    "unicode_": "str_",
}
"""What became of the others."""


def check(context: Context) -> Iterator[Finding]:
    """Attributes of `numpy` that it has no more."""
    for node in context.module.references:
        api = context.module.api(node)
        if not isinstance(node, ast.Attribute) or api is None or api.package != "numpy":
            continue
        name = api.path.removeprefix("numpy.")
        if name != node.attr or not (name in _BUILTINS or name in _NAMES):
            continue
        if name in _BUILTINS and context.module.frame.names.get(name) is not None:
            continue  # the program has made something else of it
        yield _finding(context, node, name)


def _finding(context: Context, node: ast.Attribute, name: str) -> Finding:
    source = context.source
    start, end = source.start(node), source.end(node)
    owner = source.text[start : end - len(node.attr)]
    new = name if name in _BUILTINS else owner + _NAMES[name]
    old = source.text[start:end]
    return Finding(
        CODE,
        context.span(node),
        f"NumPy has no `{name}` any more",
        Fix([Edit(start, end, new)], f"`{old}` → `{new}`"),
        subject="NumPy names",
    )
