"""KU908 requirements: versions that forbid Keras 3

A list of requirements, a `setup.py` or a `!pip install` in a notebook that asks for Keras 2 or TensorFlow 1 installs
what the migrated program no longer runs on, if it can be installed at all.

**Since** Keras 3.0, which comes with TensorFlow 2.16 and later.

**Error**

    ERROR: No matching distribution found for tensorflow==1.15.0
    ERROR: No matching distribution found for tensorflow-gpu==2.0.0

**Fix.** `keras>=3` and `tensorflow>=2.16` take the place of older versions; `tensorflow-gpu` is `tensorflow`; what is a
part of Keras (`keras-applications`, `keras-preprocessing`) goes, as does `%tensorflow_version 1.x`. Read are
`requirements*.txt`, `setup.py`, `setup.cfg`, `pyproject.toml` (also with Poetry's tables), conda's `environment.yml`,
and the lines of notebooks that install packages. In `environment.yml`, `python=3.6` becomes `python=3.12`.

**Not fixed.** Old versions of NumPy, h5py and their like that do not go with TensorFlow 2.16; `keras-contrib` and
`tensorflow-addons`, which the program may still use; `requires-python = ">=3.6,<3.8"`; versions with a hash, and conda's
builds for an old Python (`numpy=1.16.4=py36_0`), which only the tool that wrote them can write anew. All of these are
pointed out. Lock files, and files of other names (`environment-gpu.yml`), are not read.

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
from collections.abc import Iterator, Sequence

from keras_upgrade.documents.pins import Pin, pins
from keras_upgrade.documents.requirements import KIND
from keras_upgrade.documents.spans import Edit, Span
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.requirements import (
    CONDA_REQUIREMENT,
    REQUIREMENT,
    Change,
    change,
    is_for_old_python,
    is_library,
    normalized,
    python_change,
)
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.walking import walk

CODE = "KU908"
PHASE = NAMES
WORDS = {"install", "requirements", "setup", "tensorflow_version"}
ERRORS = (r"No matching distribution found for (tensorflow|keras)(-gpu)?\s*(==|<|~=)",)
_SUBJECT = "requirements"
_ASSUMPTION = "the environment may be a new one, with Python 3.10 or later"

_INSTALL = pattern(r"[ \t]*[!%][ \t]*(?:python3?[ \t]+-m[ \t]+)?(?:pip3?|conda|mamba)[ \t]+install\b")
_OLD_MAGIC = pattern(r"[ \t]*%tensorflow_version[ \t]+1\S*[ \t]*")
_WORD = pattern(r"(?P<quote>['\"]?)(?P<text>[^\s'\"]+)(?P=quote)")
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
                elif keyword.arg == "python_requires":
                    yield from _python_of_setup(context, keyword.value)


def _finding(span: Span, written: str, found: Change, edits: Sequence[Edit]) -> Finding:
    """The finding for one requirement; where no edits can be made, it says what to do."""
    message = f"`{written}`: {found.note}"
    if found.new is None:
        return Finding(CODE, span, message, subject=_SUBJECT)
    if not edits:
        todo = f"write `{found.new}`" if found.new else "delete it"
        return Finding(CODE, span, f"{message}: {todo}.", subject=_SUBJECT)
    done = f"`{written}` → `{found.new}`" if found.new else f"Removed `{written}`"
    return Finding(CODE, span, message, Fix(edits, done, Safety.REVIEW), _SUBJECT, _ASSUMPTION)


# -- lists of requirements -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Listed:
    """A requirement of a list, taken apart."""

    pin: Pin
    span: Span
    written: str
    name: str
    extras: str = ""
    specifiers: str = ""
    channel: str = ""
    build: str = ""
    hashed: bool = False


def _listed(context: Context) -> Iterator[Finding]:
    text = context.source.original
    listed = [item for pin in pins(context.module.document.path, text) if (item := _read(pin, text))]
    concerned = any(is_library(item.name) for item in listed)
    old_builds = []
    for item in listed:
        is_python = item.name == "python"
        if is_python and not concerned:
            continue
        if is_python and item.pin.style != "conda":
            found = python_change(item.specifiers, item.pin.style)
        else:
            found = change(item.name, item.extras, item.specifiers, item.pin.style)
        if found is not None:
            yield _finding(item.span, item.written, found, _edits(item, found, listed, text))
        elif is_for_old_python(item.build):
            old_builds.append(item)
    if concerned and old_builds:
        yield _of_old_builds(old_builds)


def _read(pin: Pin, text: str) -> _Listed | None:
    part = text[pin.span.start : pin.span.end]
    if pin.name:
        written = part if pin.style == "pip" else f'{pin.name} = "{part}"'
        return _Listed(pin, pin.span, written, pin.name, specifiers=part)
    if pin.style == "conda":
        match = CONDA_REQUIREMENT.fullmatch(part)
        if match is None:
            return None
        channel, build = match["channel"] or "", match["build"] or ""
        return _Listed(
            pin, pin.span, part, match["name"], "", match["specifiers"] or "", channel=channel, build=build
        )
    match = REQUIREMENT.match(part)
    rest = None if match is None else re.match(r"\s*(?:[;#]|(\\|--hash)|--|$)", part[match.end() :])
    if match is None or rest is None:
        return None
    written = match[0].rstrip()
    span = Span(pin.span.start, pin.span.start + len(written))
    hashed = rest[1] is not None
    return _Listed(
        pin, span, written, match["name"], match["extras"] or "", match["specifiers"], hashed=hashed
    )


def _edits(item: _Listed, found: Change, listed: list[_Listed], text: str) -> list[Edit]:
    """How the change is made; none if a person has to."""
    if found.new is None or item.hashed:
        return []
    if not found.new:
        whole = item.pin.whole
        return [Edit(whole.start, whole.end, "")] if whole is not None else []
    if not item.pin.name:
        return [Edit(item.span.start, item.span.end, item.channel + found.new)]
    name, sign, version = found.new.partition(">=")
    edits = [Edit(item.span.start, item.span.end, sign + version)]
    if normalized(item.name) != name:
        key = item.pin.key
        taken = any(normalized(other.name) == name for other in listed)
        # `[tool.poetry.extras]` may name it too.
        if key is None or taken or re.search(rf"[\"']{re.escape(item.name)}[\"']", text):
            return []
        edits.insert(0, Edit(key.start, key.end, name))
    return edits


def _of_old_builds(items: list[_Listed]) -> Finding:
    first = items[0]
    others = f" (and {len(items) - 1} more)" if len(items) > 1 else ""
    message = (
        f"`{first.written}`{others} is a build for an old Python: keep only the packages that the program asks for, "
        "and without versions, as `conda env export --from-history` lists them."
    )
    return Finding(CODE, first.span, message, subject=_SUBJECT)


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
            quote = word["quote"] or '"'
            if found.new:
                edit = Edit(span.start, span.end, f"{quote}{found.new}{quote}")
            else:
                edit = Edit(span.start - 1, span.end, "")  # with the blank before it
            yield _finding(span, word[0], found, [edit])


# -- setup.py ------------------------------------------------------------------------------------------------


def _in_setup(context: Context, node: ast.expr) -> Iterator[Finding]:
    for item in walk(node):
        if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
            continue
        match = REQUIREMENT.fullmatch(item.value)
        found = (
            change(match["name"], match["extras"] or "", match["specifiers"]) if match is not None else None
        )
        text, span = context.source.segment(item), context.span(item)
        if found is None or text[:1] not in "'\"" or text[:3] in ("'''", '"""'):
            continue
        edit = Edit(span.start, span.end, f"{text[0]}{found.new}{text[0]}")
        yield _finding(span, text, found, [edit] if found.new else [])


def _python_of_setup(context: Context, node: ast.expr) -> Iterator[Finding]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found = python_change(node.value, "pip")
        if found is not None:
            yield _finding(context.span(node), context.source.segment(node), found, [])
