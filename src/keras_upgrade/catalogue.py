"""The files of a run by path: what is known of each, read once, or taken over from an earlier run if it is the same file."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from keras_upgrade.documents import Document, DocumentError, digest, load
from keras_upgrade.documents.errors import from_os_error
from keras_upgrade.facts import ContentFacts, DocumentFacts, content_facts, document_facts
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.cache.memory import Memory

ROOM = 1_000_000
"""Characters of code that are held from reading to analysing; what is more is read again."""
_FINE, _COARSE = 20_000_000, 2_000_000_000
"""Nanoseconds in which a file may change twice and keep its times, on file systems that write them finely or coarsely."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why the content of a file makes no document; see `DocumentError`."""

    line: int | None
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What the system says of a file without reading it."""

    size: int
    changed: int
    made: int
    number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a file.

    Attributes:
        signature: the state of the file when it was read.
        settled: whether a later change would show in it: the file was not written just before.
        content: what its bytes tell.
        document: what the document tells, or why there is none; None while nobody has asked.
    """

    signature: Signature
    settled: bool
    content: ContentFacts
    document: DocumentFacts | None = None
    unreadable: Unreadable | None = None


class Catalogue:
    """The files of a run.

    Arguments:
        memory: what earlier runs knew.
    """

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory
        self._entries: dict[str, Entry | None] = {}
        self._keys: dict[str, str] = {}
        self._held: dict[str, Document] = {}
        self._room = ROOM

    def content(self, path: Path) -> ContentFacts | None:
        """What the bytes of a file tell; None if it cannot be read."""
        entry = self._entry(path)
        return None if entry is None else entry.content

    def document(self, path: Path) -> DocumentFacts:
        """What the document in a file tells.

        Raises:
            DocumentError: it cannot be read.
        """
        entry = self._entry(path)
        if entry is None:
            load(path)  # says why
            raise DocumentError(path, None, "cannot be read")
        if entry.document is None and entry.unreadable is None:
            entry = self._read(path)
        if entry.unreadable is not None:
            why = entry.unreadable
            raise DocumentError(path, why.line, why.message, why.hint)
        assert entry.document is not None
        return entry.document

    def take(self, path: Path) -> Document:
        """The document in a file, which is not held any longer.

        Raises:
            DocumentError: it cannot be read.
        """
        key = self.key(path)
        document = self._held.pop(key, None)
        if document is None:
            return load(path)
        self._room += len(document.text)
        return document

    def forget(self, path: Path) -> None:
        """Lets go of a document that is not needed after all."""
        document = self._held.pop(self.key(path), None)
        if document is not None:
            self._room += len(document.text)

    def is_unchanged(self, paths: Iterable[Path], since: int) -> bool:
        """Whether what is known of files was true all the time since (in nanoseconds), and a change would have shown."""
        for path in paths:
            key = self.key(path)
            entry, now = self._entries.get(key), _signature(key)
            if entry is None:
                if now is not None:
                    return False
            elif now != entry.signature or not _is_settled(entry.signature, since):
                return False
        return True

    def key(self, path: Path) -> str:
        """The absolute path of a file."""
        name = str(path)
        if name not in self._keys:
            self._keys[name] = os.path.abspath(name)
        return self._keys[name]

    def _entry(self, path: Path) -> Entry | None:
        key = self.key(path)
        if key not in self._entries:
            self._entries[key] = self._looked_up(path, key)
        return self._entries[key]

    def _looked_up(self, path: Path, key: str) -> Entry | None:
        now = time.time_ns()
        signature = _signature(key)
        if signature is None:
            return None
        known = None if self._memory is None else self._memory.entry(key)
        if known is not None and known.settled and known.signature == signature:
            return known
        try:
            data = path.read_bytes()
        except OSError:
            return None
        settled = _is_settled(signature, now)
        if known is not None and known.content.digest == digest(data):
            entry = Entry(signature, settled, known.content, known.document, known.unreadable)
        else:
            entry = Entry(signature, settled, content_facts(path, data))
        self._remember(key, entry)
        return entry

    def _read(self, path: Path) -> Entry:
        """Reads the document in a file, and holds it if there is room.

        Raises:
            DocumentError: the system does not let us.
        """
        key, now = self.key(path), time.time_ns()
        signature = _signature(key)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise from_os_error(path, error, "read") from error
        entry = self._entries[key]
        if signature is None or entry is None or entry.content.digest != digest(data):  # it changed meanwhile
            signature = signature or Signature(0, 0, 0, 0)
            entry = Entry(signature, _is_settled(signature, now), content_facts(path, data))
        facts, why = None, None
        try:
            document = load(path, data)
        except DocumentError as error:
            why = Unreadable(error.line, error.message, error.hint)
        else:
            facts = document_facts(document)
            if self._room >= facts.size:
                self._room -= facts.size
                self._held[key] = document
        entry = Entry(entry.signature, entry.settled, entry.content, facts, why)
        self._entries[key] = entry
        self._remember(key, entry)
        return entry

    def _remember(self, key: str, entry: Entry) -> None:
        if self._memory is not None:
            self._memory.keep_entry(key, entry)


def _signature(key: str) -> Signature | None:
    """What the system says of a file; None if there is none."""
    try:
        status = os.stat(key)
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(status.st_mode):
        return None
    return Signature(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _is_settled(signature: Signature, now: int) -> bool:
    """Whether a file that changes at a time, or later, would have another signature."""
    coarse = signature.made % 1_000_000 == 0
    return max(signature.changed, signature.made) + (_COARSE if coarse else _FINE) < now
