"""What is known of a file from its content: enough to tell which files matter, and which belong together.

Two kinds of facts. Those of the *bytes* are cheap, and tell which files can have to do with Keras. Those of the
*document* need it read and parsed. Both are plain data, so that they can be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from keras_upgrade.analysis.places import code_of, imported_names
from keras_upgrade.documents import Document, Position, Problem, digest
from keras_upgrade.documents.requirements import KIND
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

type Imports = tuple[tuple[int, str], ...]
"""Names that may be imported, each with the dots before it."""

_HELPED = r"\b(?:numpy|scipy|sklearn|matplotlib|distutils|keras_contrib|tensorflow_addons)\b"
HELPER = pattern(_HELPED)
"""What a module that a Keras program imports may use in a way that is gone, though it never names Keras."""
_HELPER_BYTES = pattern(_HELPED.encode())
_NAMES = (b"keras", b"tensorflow")
_CODING = pattern(rb"coding[:=][ \t]*([-\w.]+)")
_PLAIN = pattern(rb"utf-?8|us-ascii|ascii|latin|iso-8859|cp125|windows-125", re.IGNORECASE)
"""Encodings in which letters of English are the same bytes."""
_CONCERNS_KERAS = pattern(r"keras|tensorflow", re.IGNORECASE)
_INSIDE_KERAS = pattern(r"^[ \t]*(?:from|import)[ \t]+(keras\.src[\w.]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """What the bytes of a file tell.

    Attributes:
        digest: stands for the content.
        may_name_keras: whether it may name Keras or TensorFlow; taken in too much rather than too little.
        concerns_keras: whether its code does, and is not written for Keras 3.
        may_help: whether it uses something around Keras that is gone.
        imports: what its code may import.
    """

    digest: str
    may_name_keras: bool
    concerns_keras: bool
    may_help: bool
    imports: Imports


@dataclass(frozen=True, slots=True)
class Strange:
    """A comment that keeps off a rule that there is not."""

    position: Position
    word: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a document tells that has been read.

    Attributes:
        kind: as `Document.kind`.
        has_code: whether it has any cells.
        is_plain: whether each of its cells parses as it is.
        size: how many characters its text has.
        concerns_keras: whether its code names Keras or TensorFlow, and is not written for Keras 3.
        may_help: whether it uses something around Keras that is gone.
        imports: what it may import.
        problems: what keeps cells from being parsed.
        strange: the comments that name a rule which there is not.
    """

    kind: str
    has_code: bool
    is_plain: bool
    size: int
    concerns_keras: bool
    may_help: bool
    imports: Imports
    problems: tuple[Problem, ...]
    strange: tuple[Strange, ...]


def content_facts(path: Path, data: bytes) -> ContentFacts:
    """What the content of a file tells."""
    code = code_of(path, data)
    named = _may_name_keras(path, data)
    return ContentFacts(
        digest(data),
        named,
        named and concerns(code),
        _HELPER_BYTES.search(data) is not None,
        _once(imported_names(code)),
    )


def document_facts(document: Document) -> DocumentFacts:
    """What a document tells."""
    is_list = document.kind == KIND
    return DocumentFacts(
        document.kind,
        bool(document.cells),
        document.is_plain,
        len(document.text),
        concerns(document.source if is_list else document.text),
        HELPER.search(document.text) is not None,
        () if is_list else _once(imported_names(document.text)),
        document.problems,
        strange(document),
    )


def concerns(text: str) -> bool:
    """Whether code names Keras or TensorFlow; not if it was written for Keras 3."""
    return _CONCERNS_KERAS.search(text) is not None and not _is_of_keras3(text)


def _is_of_keras3(text: str) -> bool:
    """Whether code reaches into the insides of Keras 3: then it was written for it."""
    modules = _INSIDE_KERAS.findall(text) if "keras.src" in text else ()
    if not modules:
        return False
    from keras_upgrade.knowledge.surface import is_source2  # noqa: PLC0415

    return not any(is_source2(module) for module in modules)


def _once(names: Iterable[tuple[int, str]]) -> Imports:
    return tuple(dict.fromkeys(names))


def strange(document: Document) -> tuple[Strange, ...]:
    """The comments of a document that keep off a rule which there is not."""
    if "keras-upgrade" not in document.source.casefold() and not any(cell.tags for cell in document.cells):
        return ()
    from keras_upgrade.ignoring import ignored  # noqa: PLC0415

    return tuple(
        Strange(document.position(stretch.span.start), word)
        for stretch in ignored(document)
        for word in stretch.unknown
    )


def _may_name_keras(path: Path, data: bytes) -> bool:
    small = data.lower()
    return any(name in small for name in _NAMES) or _is_disguised(path, data)


def _is_disguised(path: Path, data: bytes) -> bool:
    """Whether the letters of a file may be other bytes than those of ASCII."""
    if b"\0" in data:
        return True
    if path.suffix == ".ipynb":
        return rb"\u00" in data
    coding = _CODING.search(data, 0, 400)
    return coding is not None and _PLAIN.match(coding[1]) is None
