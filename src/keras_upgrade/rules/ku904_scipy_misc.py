"""KU904 scipy-misc: what SciPy, scikit-learn and Python dropped

Programs of the time of Keras 2 read images with `scipy.misc`, load models with `sklearn.externals.joblib`, split data with
`sklearn.cross_validation` and compare versions with `distutils`. None of these is there any more.

**Since** SciPy 1.3 (images) and 1.12, scikit-learn 0.20 and 0.23, Python 3.12 (`distutils`).

**Error**

    ImportError: cannot import name 'imread' from 'scipy.misc'
    AttributeError: module 'scipy.misc' has no attribute 'imresize'
    ModuleNotFoundError: No module named 'sklearn.cross_validation'
    ImportError: cannot import name 'joblib' from 'sklearn.externals'
    ModuleNotFoundError: No module named 'distutils'

**Fix.** The image functions become the calls of PIL that they made; modules and names come from where they are now;
`LooseVersion` that only compares becomes `packaging.version.Version`.

**Not fixed.** `imresize` by a factor, `toimage` with limits: of arrays that are not bytes these functions stretched the
values to 0..255, which PIL does not. `KFold` and its like that get the data: they have `split(x, y)` today.

```python before
import keras
import numpy as np
from scipy.misc import imread, imresize, imsave

imsave('a.png', np.arange(48, dtype='uint8').reshape(4, 4, 3))
image = imread('a.png', mode='RGB')
small = imresize(image, (2, 3), interp='nearest')
result = [image.shape, small.shape, int(image.sum())]
```

```python after
from PIL import Image
import keras
import numpy as np

Image.fromarray(np.arange(48, dtype='uint8').reshape(4, 4, 3)).save('a.png')
image = np.array(Image.open('a.png').convert('RGB'))
small = np.array(Image.fromarray(image).resize((3, 2), Image.NEAREST))
result = [image.shape, small.shape, int(image.sum())]
```

```python unchanged
import keras
import numpy as np
from PIL import Image

image = np.array(Image.fromarray(np.zeros((2, 2), 'uint8')))
result = image.shape
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from keras_upgrade.analysis.values import Result, Seq, constant, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge import neighbours
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.moved_modules import (
    moved_imports,
    moved_references,
    spelled_module,
    unused_imports,
)
from keras_upgrade.rules.shared.tensorflow_code import is_for_both_versions, is_spelled_out, uses_keras
from keras_upgrade.syntax.templates import bind, parse_params

CODE = "KU904"
PHASE = NAMES
WORDS = {"distutils", "scipy", "sklearn"}
ERRORS = (
    r"(cannot import name '\w+' from|module) 'scipy\.misc'|No module named 'scipy\.misc'",
    r"No module named 'sklearn\.(cross_validation|grid_search|learning_curve|externals|datasets\.samples_generator)",
    r"cannot import name '\w+' from 'sklearn\.externals'",
    r"No module named 'distutils'",
)
_SUBJECT = "libraries around Keras"
_BYTES = "the array holds bytes (`uint8`); other values were stretched to 0..255"
_PALETTE = "the image has no palette, as some PNG and GIF files have"
_HEIGHT_WIDTH = "the size is (height, width)"
_FILTERS = {
    "bicubic": "BICUBIC",
    "bilinear": "BILINEAR",
    "cubic": "BICUBIC",
    "lanczos": "LANCZOS",
    "nearest": "NEAREST",
}
_VERSIONS = frozenset({"distutils.version.LooseVersion", "distutils.version.StrictVersion"})


def check(context: Context) -> Iterator[Finding]:
    """Uses of modules that are gone."""
    if not uses_keras(context):
        return
    seen: set[ast.expr] = set()
    for call, callee in context.calls():
        if callee.path in neighbours.IMAGES and is_spelled_out(context, call.func):
            if not is_for_both_versions(context, call):
                seen.add(call.func)
                yield _image(context, call, callee.path)
        elif callee.path in neighbours.SPLITTERS:
            yield from _splitter(context, call)
    yield from moved_imports(context, CODE, neighbours.moved, _SUBJECT)
    yield from moved_references(context, CODE, neighbours.moved, _SUBJECT)
    yield from _versions(context)
    yield from unused_imports(context, CODE, _is_gone, _SUBJECT)
    yield from _rest(context, seen)


def _is_gone(path: str) -> bool:
    return path in neighbours.IMAGES or neighbours.advice(path) is not None


# -- images --------------------------------------------------------------------------------------------------


class _Images:
    """How NumPy and PIL are written in the module, and the imports that the text needs."""

    def __init__(self, context: Context) -> None:
        self.np, np_imports = spelled_module(context, "numpy", "np")
        self.image, image_imports = spelled_module(context, "PIL.Image", "Image")
        self._imports = ((self.np, np_imports), (self.image, image_imports))

    def imports(self, text: str) -> tuple[str, ...]:
        """The import statements for names in `text`."""
        return tuple(item for name, imports in self._imports if f"{name}." in text for item in imports)


def _image(context: Context, call: ast.Call, path: str) -> Finding:
    name = path.rpartition(".")[2]
    bound = bind(call, parse_params(neighbours.IMAGES[path]))
    images = _Images(context)
    found = None if bound is None else _rewritten(context, images, name, bound)
    written = context.source.segment(call.func)
    if found is None:
        return Finding(
            CODE,
            context.span(call.func),
            f"`{path}` is gone: `PIL.Image.open` and `PIL.Image.fromarray` give images with `resize((width, height))`, "
            "`convert(mode)` and `save(name)`. Of arrays that are not bytes it stretched the values to 0..255 first.",
            subject=_SUBJECT,
        )
    text, assumption = found
    span = context.span(call)
    return Finding(
        CODE,
        span,
        f"`{path}` is gone",
        Fix(
            [Edit(span.start, span.end, text)],
            f"`{written}(...)` → `{text}`",
            Safety.REVIEW if assumption else Safety.SAFE,
            images.imports(text),
        ),
        _SUBJECT,
        assumption,
    )


def _rewritten(
    context: Context, images: _Images, name: str, bound: Mapping[str, ast.expr]
) -> tuple[str, str] | None:
    """The new text and what it rests on."""
    texts = {key: context.source.segment(node) for key, node in bound.items()}
    if name in ("imread", "fromimage"):
        opened = f"{images.image}.open({texts['name']})" if name == "imread" else texts["im"]
        return _read(images, opened, bound, texts)
    picture = f"{images.image}.fromarray({_array(context, images, bound['arr'])})"
    if name == "imsave":
        given = f", {texts['format']}" if "format" in texts else ""
        return f"{picture}.save({texts['name']}{given})", _BYTES
    if name == "toimage":
        return (picture, _BYTES) if set(bound) <= {"arr"} else None
    interp = bound.get("interp")
    chosen = _FILTERS.get(str(interp.value if isinstance(interp, ast.Constant) else interp or "bilinear"))
    if chosen is None or "mode" in bound:
        return None
    if name == "imrotate":
        return f"{images.np}.array({picture}.rotate({texts['angle']}, {images.image}.{chosen}))", _BYTES
    size = _size(context, bound["size"], texts["size"])
    if size is None:
        return None
    text, known = size
    assumption = _BYTES if known else f"{_BYTES}; {_HEIGHT_WIDTH}"
    return f"{images.np}.array({picture}.resize({text}, {images.image}.{chosen}))", assumption


def _read(
    images: _Images, opened: str, bound: Mapping[str, ast.expr], texts: Mapping[str, str]
) -> tuple[str, str] | None:
    flatten, mode, name = bound.get("flatten"), bound.get("mode"), bound.get("name")
    if flatten is not None and not isinstance(flatten, ast.Constant):
        return None
    if isinstance(flatten, ast.Constant) and flatten.value:
        return (f"{images.np}.array({opened}.convert('F'))", "") if mode is None else None
    if mode is not None and not (isinstance(mode, ast.Constant) and mode.value is None):
        return f"{images.np}.array({opened}.convert({texts['mode']}))", ""
    is_photo = isinstance(name, ast.Constant) and str(name.value).lower().endswith((".jpg", ".jpeg"))
    return f"{images.np}.array({opened})", "" if is_photo else _PALETTE


def _array(context: Context, images: _Images, node: ast.expr) -> str:
    """The array; as bytes where it is known to be an image that was read and made floats of."""
    text = context.source.segment(node)
    floats = [
        option
        for option in options(context.value(node))
        if isinstance(option, Result) and option.of.endswith("imread.astype()")
    ]
    return f"{images.np}.uint8({text})" if floats else text


def _size(context: Context, node: ast.expr, text: str) -> tuple[str, bool] | None:
    """(width, height) of PIL in place of (height, width), and whether it surely was the latter."""
    if isinstance(node, (ast.Tuple, ast.List)):
        if len(node.elts) < 2 or any(isinstance(item, ast.Starred) for item in node.elts):
            return None
        height, width = (context.source.segment(item) for item in node.elts[:2])
        return f"({width}, {height})", True
    value = context.value(node)
    if isinstance(node, ast.Constant) or constant(value) is not None:
        return None  # a factor, or per cent
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return None
    return f"({text}[1], {text}[0])", isinstance(value, Seq)


# -- scikit-learn --------------------------------------------------------------------------------------------


def _splitter(context: Context, call: ast.Call) -> Iterator[Finding]:
    old = any(keyword.arg in neighbours.OLD_SPLITTER_ARGUMENTS for keyword in call.keywords)
    if old or len(call.args) > 1:
        text = context.source.segment(call.func)
        yield Finding(
            CODE,
            context.span(call.func),
            f"`{text}` takes `n_splits=` alone today, and `split(x, y)` gives the indices: "
            f"`for train, test in {text}(n_splits=...).split(x, y)`.",
            subject=_SUBJECT,
        )


# -- versions ------------------------------------------------------------------------------------------------


def _versions(context: Context) -> Iterator[Finding]:
    """`LooseVersion` that is only called to compare, imported by name."""
    for item in context.module.imports:
        if item.target not in _VERSIONS or not isinstance(item.statement, ast.ImportFrom):
            continue
        names = context.module.names_of(item.bound)
        if len(item.statement.names) > 1 or not all(_compares(context, node) for node in names):
            continue
        source = context.source
        new = "Version" if "Version" not in context.module.names() else f"Version as {item.bound}"
        edits = [
            Edit(
                source.start(item.statement),
                source.end(item.statement),
                f"from packaging.version import {new}",
            )
        ]
        if new == "Version":
            edits += [Edit(source.start(node), source.end(node), "Version") for node in names]
        yield Finding(
            CODE,
            context.span(item.statement),
            "Python 3.12 has no `distutils`",
            Fix(edits, f"`{item.target}` → `packaging.version.Version`"),
            subject=_SUBJECT,
        )


def _compares(context: Context, node: ast.Name) -> bool:
    call = context.module.parent(node)
    outer = context.module.parent(call) if call is not None else None
    if not (isinstance(call, ast.Call) and call.func is node and isinstance(outer, ast.Compare)):
        return False
    sides = [outer.left, *outer.comparators]
    return all(isinstance(side, ast.Call) and _is_version(context, side) for side in sides)


def _is_version(context: Context, call: ast.Call) -> bool:
    api = context.module.api(call.func)
    return api is not None and api.path in _VERSIONS


# -- the rest ------------------------------------------------------------------------------------------------


def _rest(context: Context, seen: set[ast.expr]) -> Iterator[Finding]:
    """Names without an equal, and image functions that are passed on."""
    for node in context.module.references:
        found = context.module.api(node)
        if found is None or node in seen or not isinstance(node.ctx, ast.Load):
            continue
        todo = neighbours.advice(found.path)
        if found.path in neighbours.IMAGES:
            todo = "`PIL.Image` does it: `Image.open`, `Image.fromarray`, `resize`, `save`."
        if todo is None or is_for_both_versions(context, node) or _is_answered(context, node, found.path):
            continue
        yield Finding(
            CODE,
            context.span(node),
            f"`{found.path}` is gone: {todo}",
            subject=_SUBJECT,
        )


def _is_answered(context: Context, node: ast.expr, path: str) -> bool:
    """Whether `LooseVersion` is rewritten here."""
    return path in _VERSIONS and isinstance(node, ast.Name) and _compares(context, node)
