"""What earlier runs knew, given out only if all that it rests on is still so.

What is known of a file counts as long as the system says that it is the same file. What was found in a program counts as
long as its documents, the files that use it and the modules that it imports have the content that they had, and each
module that was looked for is found, or not found, as it was then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from keras_upgrade.catalogue import Catalogue, Entry
from keras_upgrade.outcomes import Found
from keras_upgrade.plain import MalformedError, dumps, loads
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.analysis.places import Files
    from keras_upgrade.cache.store import Store

type Lookups = Mapping[tuple[str, str, int], tuple[Path, ...]]
"""What was looked for (see `Files.find`), and what was found."""


@dataclass(frozen=True, slots=True)
class _Lookup:
    folder: str
    name: str
    level: int
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    path: str
    digest: str | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found in a program, and what it rests on."""

    lookups: tuple[_Lookup, ...]
    contents: tuple[_Content, ...]
    found: tuple[Found, ...]


class Memory:
    """The knowledge of earlier runs, and of this one for later runs.

    Arguments:
        store: where it is.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def trouble(self) -> str:
        """Why it cannot be used, in words; empty if it can."""
        return self._store.trouble

    def close(self) -> None:
        """Writes what is new."""
        self._store.close()

    def entry(self, key: str) -> Entry | None:
        """What is known of a file."""
        return self._fact(Entry, "files", _text(key))

    def keep_entry(self, key: str, entry: Entry) -> None:
        """Keeps what is known of a file."""
        self._keep("files", _text(key), entry)

    def found(self, key: str, count: int, files: Files, catalogue: Catalogue) -> Sequence[Found] | None:
        """What was found in the documents of a program, in their order, if nothing that it rests on has changed.

        Args:
            key: what the program was kept under.
            count: how many documents it has.
            files: where modules are looked for now.
            catalogue: the files as they are now.
        """
        answer = self._fact(_Answer, "groups", key)
        if answer is None or len(answer.found) != count:
            return None
        for lookup in answer.lookups:
            found = files.find(Path(lookup.folder), lookup.name, lookup.level)
            if tuple(map(str, found)) != lookup.found:
                return None
        if any(_digest(catalogue, Path(one.path)) != one.digest for one in answer.contents):
            return None
        return answer.found

    def keep_found(
        self, key: str, found: Sequence[Found], lookups: Lookups, catalogue: Catalogue, since: int
    ) -> None:
        """Keeps what was found in the documents of a program, unless it rests on something that changed meanwhile.

        Args:
            key: stands for the documents, the files that use them, and all settings.
            found: what was found in each.
            lookups: the modules that were looked for.
            catalogue: the files.
            since: when the work began, in nanoseconds.
        """
        modules = sorted({path for paths in lookups.values() for path in paths})
        contents = tuple(_Content(str(path), _digest(catalogue, path)) for path in modules)
        if catalogue.is_unchanged(modules, since):
            looked = tuple(_Lookup(*key, tuple(map(str, paths))) for key, paths in lookups.items())
            self._keep("groups", key, _Answer(looked, contents, tuple(found)))

    def _fact[Fact](self, kind: type[Fact], table: str, key: str) -> Fact | None:
        mark, _, text = (self._store.get(table, key) or "").partition("\n")
        try:
            return loads(kind, text) if mark == _mark(text) else None
        except MalformedError:
            return None

    def _keep(self, table: str, key: str, value: object) -> None:
        text = dumps(type(value), value)
        self._store.put(table, key, f"{_mark(text)}\n{text}")


def _mark(text: str) -> str:
    """By what it is seen that a text is not as it was written."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def key_of(settings: str, documents: Sequence[Path], users: Sequence[Path], catalogue: Catalogue) -> str:
    """What stands for the documents of a program, the files that use it, and the settings, as they are now."""
    rows = [[str(path), catalogue.key(path), _digest(catalogue, path)] for path in (*documents, *users)]
    text = json.dumps([settings, len(documents), rows])
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _digest(catalogue: Catalogue, path: Path) -> str | None:
    facts = catalogue.content(path)
    return None if facts is None else facts.digest


def _text(key: str) -> str:
    """The path without what no text can hold."""
    return key.encode("utf-8", "backslashreplace").decode()
