"""KU908 requirements: versions that forbid Keras 3

A list of requirements, a `setup.py` or a `!pip install` in a notebook that asks for Keras 2 or TensorFlow 1 installs
what the migrated program no longer runs on, if it can be installed at all.

**Since** Keras 3.0, which comes with TensorFlow 2.16 and later.

**Error**

    ERROR: No matching distribution found for tensorflow==1.15.0
    ERROR: No matching distribution found for tensorflow-gpu==2.0.0

**Fix.** `keras>=3` and `tensorflow>=2.16` take the place of older versions; `tensorflow-gpu` is `tensorflow`; what is a
part of Keras (`keras-applications`, `keras-preprocessing`) goes, as does `%tensorflow_version 1.x`. Read are
`requirements*.txt`, `setup.py`, and the lines of notebooks that install packages.

**Not fixed.** Old versions of NumPy, h5py and their like that do not go with TensorFlow 2.16; `keras-contrib` and
`tensorflow-addons`, which the program may still use. `pyproject.toml` and `environment.yml` are not read.

```python before
from setuptools import setup

import keras

OPTIONS = dict(name='mine', install_requires=['tensorflow-gpu==1.15.0', 'keras>=2.2,<3', 'pillow'])
if __name__ == '__main__' and 0:
    setup(name='mine', install_requires=['tensorflow-gpu==1.15.0', 'keras>=2.2,<3', 'pillow'])
result = keras.backend.floatx()
```

```python after
from setuptools import setup

import keras

OPTIONS = dict(name='mine', install_requires=['tensorflow-gpu==1.15.0', 'keras>=2.2,<3', 'pillow'])
if __name__ == '__main__' and 0:
    setup(name='mine', install_requires=['tensorflow>=2.16', 'keras>=3', 'pillow'])
result = keras.backend.floatx()
```

```python unchanged
from setuptools import setup

import keras

if __name__ == '__main__' and 0:
    setup(name='mine', install_requires=['tensorflow', 'keras>=2.4', 'numpy>=1.20'])
result = keras.backend.floatx()
```
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_upgrade.documents.requirements import KIND
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.requirements import REQUIREMENT, Change, change
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context

CODE = "KU908"
PHASE = NAMES
ERRORS = (r"No matching distribution found for (tensorflow|keras)(-gpu)?\s*(==|<|~=)",)
_SUBJECT = "requirements"
_ASSUMPTION = "the environment may be a new one, with Python 3.10 or later"

_INSTALL = re.compile(r"[ \t]*[!%][ \t]*(?:python3?[ \t]+-m[ \t]+)?(?:pip3?|conda|mamba)[ \t]+install\b")
_OLD_MAGIC = re.compile(r"[ \t]*%tensorflow_version[ \t]+1\S*[ \t]*")
_WORD = re.compile(r"(?P<quote>['\"]?)(?P<text>[^\s'\"]+)(?P=quote)")
_LISTS = frozenset({"install_requires", "tests_require", "extras_require", "setup_requires", "requires"})


def check(context: Context) -> Iterator[Finding]:
    """Requirements in lists for pip, in notebooks and in `setup`."""
    if context.module.document.kind == KIND:
        yield from _listed(context)
        return
    yield from _magics(context)
    for call, callee in context.calls():
        if callee.path in ("setuptools.setup", "distutils.core.setup"):
            for keyword in call.keywords:
                if keyword.arg in _LISTS:
                    yield from _in_setup(context, keyword.value)


# -- requirements.txt ----------------------------------------------------------------------------------------


def _listed(context: Context) -> Iterator[Finding]:
    text, start = context.source.original, 0
    for line in text.splitlines(keepends=True):
        match = REQUIREMENT.match(line)
        if match is not None and re.match(r"\s*(?:[;#\\]|--|$)", line[match.end() :]):
            found = change(match["name"], match["extras"] or "", match["specifiers"])
            if found is not None:
                whole = Span(start, start + len(line))
                yield _finding(Span(start, start + match.end()), match[0].rstrip(), found, whole)
        start += len(line)


def _finding(span: Span, written: str, found: Change, whole: Span | None = None, quote: str = "") -> Finding:
    """The finding for one requirement; `whole` is what goes with it when it goes."""
    end = span.start + len(written)
    if found.new is None:
        return Finding(CODE, span, f"`{written}`: {found.note}", subject=_SUBJECT)
    if found.new:
        edit = Edit(span.start, end, f"{quote}{found.new}{quote}")
        done = f"`{written}` → `{found.new}`"
    else:
        edit = Edit(whole.start, whole.end, "") if whole is not None else Edit(span.start, end, "")
        done = f"Removed `{written}`"
    return Finding(
        CODE, span, f"`{written}`: {found.note}", Fix([edit], done, Safety.REVIEW), _SUBJECT, _ASSUMPTION
    )


# -- notebooks -----------------------------------------------------------------------------------------------


def _magics(context: Context) -> Iterator[Finding]:
    """Lines of cells that only Jupyter understands."""
    document = context.module.document
    for cell in document.cells:
        start = cell.start
        lines = zip(
            cell.source.splitlines(keepends=True), cell.masked.splitlines(keepends=True), strict=False
        )
        for line, masked in lines:
            if line != masked:
                yield from _magic(line, start, Span(cell.start, cell.end))
            start += len(line)


def _magic(line: str, start: int, cell: Span) -> Iterator[Finding]:
    if _OLD_MAGIC.fullmatch(line.rstrip("\r\n")):
        span = Span(start, start + len(line.rstrip()))
        removed = Edit(start, min(start + len(line), cell.end), "")
        alone = not line[:1].isspace()  # else it may be all that a block has
        fix = Fix([removed], f"Removed `{line.strip()}`") if alone else None
        yield Finding(CODE, span, "Colab has TensorFlow 2 only", fix, _SUBJECT)
        return
    head = _INSTALL.match(line)
    if head is None:
        return
    for word in _WORD.finditer(line, head.end()):
        match = REQUIREMENT.fullmatch(word["text"])
        found = (
            change(match["name"], match["extras"] or "", match["specifiers"]) if match is not None else None
        )
        if found is None and re.search(r"keras[-_]contrib", word["text"]):
            found = change("keras-contrib", "", "")
        if found is not None:
            span = Span(start + word.start(), start + word.end())
            whole = Span(start + word.start() - 1, start + word.end())  # with the blank before it
            yield _finding(span, word[0], found, whole, word["quote"] or '"')


# -- setup.py ------------------------------------------------------------------------------------------------


def _in_setup(context: Context, node: ast.expr) -> Iterator[Finding]:
    for item in ast.walk(node):
        if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
            continue
        match = REQUIREMENT.fullmatch(item.value)
        found = (
            change(match["name"], match["extras"] or "", match["specifiers"]) if match is not None else None
        )
        text = context.source.segment(item)
        if found is None or text[:1] not in "'\"" or text[:3] in ("'''", '"""'):
            continue
        if found.new == "":
            found = Change(None, f"{found.note}: delete it.")
        yield _finding(context.span(item), text, found, quote=text[0])
