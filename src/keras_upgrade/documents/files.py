"""Reading, finding and writing files."""

from __future__ import annotations

import contextlib
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from hashlib import blake2b
from pathlib import Path

from keras_upgrade.documents.container import Container
from keras_upgrade.documents.errors import DocumentError, from_os_error
from keras_upgrade.documents.model import Document, Problem
from keras_upgrade.documents.python import PYTHON_SUFFIXES, PythonFile, read_python
from keras_upgrade.documents.requirements import KIND, is_requirements, read_requirements
from keras_upgrade.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Literal

_KINDS = dict.fromkeys(PYTHON_SUFFIXES, "python") | {
    ".ipynb": "notebook",
    ".md": "markdown",
    ".markdown": "markdown",
}
_HELD = 8
"""So many documents whose text was asked for are held at a time."""
_SCRIPT = pattern(rb"#![^\n]*\bpython")
_FOUND_SUFFIXES = (".py", ".ipynb", ".md")
_SKIPPED_FOLDERS = frozenset(
    (
        "__pycache__",
        "__pypackages__",
        "_build",
        "build",
        "buck-out",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    )
)


def load(path: Path, data: bytes | None = None, *, is_plain: bool = False) -> Document:
    """The document in a file; its suffix says of which kind it is, or that of a script without one, its first line.

    Args:
        path: the file.
        data: its content, if it has been read already.
        is_plain: whether it is known that each cell parses just as it is (`Document.is_plain`).

    Raises:
        DocumentError: it cannot be read, or is not what its suffix says. Python that does not parse is
            no such error: see `Document.problems`.
    """
    kind = KIND if is_requirements(path) else _KINDS.get(path.suffix.lower())
    if kind is None and not path.suffix:
        data = _content(path) if data is None else data
        kind = "python" if _SCRIPT.match(data) else None
    if kind is None:
        raise DocumentError(
            path,
            None,
            "is neither .py nor .ipynb nor .md nor a list of requirements",
            "Give files of these kinds, or folders",
        )
    return Document(path, _read(kind, path, _content(path) if data is None else data), is_plain=is_plain)


def digest(data: bytes) -> str:
    """What stands for the content of a file."""
    return blake2b(data, digest_size=16).hexdigest()


class Unread(Document):
    """The document of a file whose text is not held: it is read should it be asked for, and let go of after others were.

    Arguments:
        path: the file.
        digest: stands for the content that the file must still have. Without it, what cannot be read is empty.
        kind: the kind of the document, if it is known.
        problems: what keeps its cells from being parsed, if it is known.
        is_plain: whether it is known that each cell parses just as it is.
    """

    _recent: ClassVar[deque[Unread]] = deque()

    def __init__(
        self,
        path: Path,
        *,
        digest: str = "",
        kind: str = "",
        problems: tuple[Problem, ...] | None = None,
        is_plain: bool = False,
    ) -> None:
        self.path = path
        self._digest = digest
        self._problems = problems
        self._was_plain = is_plain
        if kind:
            self.kind = kind

    @property
    def is_read(self) -> bool:
        """Whether something has been asked for."""
        return "cells" in self.__dict__

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps cells from being parsed, in their order."""
        return super().problems if self._problems is None else self._problems

    def to_bytes(self) -> bytes:
        """The file's content.

        Raises:
            DocumentError: it cannot be read, or has another content now.
        """
        return self._data() if self._digest else super().to_bytes()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self.is_read:
            raise AttributeError(name)
        document, own = self._loaded(), self.__dict__.copy()
        if len(self._recent) >= _HELD:
            self._recent.popleft().let_go()
        self._recent.append(self)
        self.__dict__.update(document.__dict__)
        self.__dict__["_own"] = own
        return getattr(self, name)

    def itself(self) -> Document:
        """The document with its text, as a file that may be changed from now on has it.

        Raises:
            DocumentError: it cannot be read, or has another content now.
        """
        return self._loaded()

    def let_go(self) -> None:
        """Does not hold the text any longer."""
        if self.is_read:
            own = self.__dict__["_own"]
            self.__dict__.clear()
            self.__dict__.update(own)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__["_own"] if self.is_read else self.__dict__

    def _loaded(self) -> Document:
        if self._digest:
            return load(self.path, self._data(), is_plain=self._was_plain)
        try:
            return load(self.path)
        except DocumentError:
            return loads("", path=self.path)

    def _data(self) -> bytes:
        data = _content(self.path)
        if digest(data) != self._digest:
            raise DocumentError(
                self.path, None, "was changed by someone else meanwhile", "Run the command again"
            )
        return data


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise from_os_error(path, error, "read") from error


def _read(kind: str, path: Path, data: bytes) -> Container:
    if kind == "notebook":  # most runs need one of the readers only
        from keras_upgrade.documents.notebook import read_notebook  # noqa: PLC0415

        return read_notebook(path, data)
    if kind == "markdown":
        from keras_upgrade.documents.markdown import read_markdown  # noqa: PLC0415

        return read_markdown(path, data)
    return read_requirements(path, data) if kind == KIND else read_python(path, data)


def loads(
    text: str,
    kind: Literal["python", "notebook", "markdown", "requirements"] = "python",
    path: Path = Path("<text>"),
) -> Document:
    """The document of a text.

    Raises:
        DocumentError: see `load`.
    """
    if kind == "python":
        return Document(path, PythonFile(path, text))
    return Document(path, _read(kind, path, text.encode("utf-8", "surrogatepass")))


def write_atomically(path: Path, data: bytes) -> None:
    """Replaces the content of a file (of the file behind a symbolic link) at once or not at all.

    The file keeps its permissions; a new one gets the usual ones.

    Raises:
        DocumentError: it cannot be written; the file is as it was, and no other file is left behind.
    """
    try:
        _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise from_os_error(path, error, "written") from error


def _replace(target: Path, data: bytes) -> None:
    mode = _mode(target)
    temporary = target.with_name(f".keras-upgrade-{os.urandom(8).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _mode(target: Path) -> int | None:
    """The permissions of the file, or None if there is no such file yet."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(0, "not a regular file")
    return stat.S_IMODE(status.st_mode)


def discover(
    paths: Iterable[Path],
    exclude: Sequence[str] = (),
    is_ignored: Callable[[Path, bool], bool] = lambda _path, _is_folder: False,
) -> Iterator[Path | DocumentError]:
    """The files to work on, each once: those given as they are, and in folders all `.py`, `.ipynb` and `.md`.

    Lists of requirements (`requirements.txt`, `pyproject.toml`, `setup.cfg`, `environment.yml`) are found as well.
    Left out are folders that hold no work of the user: hidden ones, virtual environments, caches and build results.
    Symbolic links are followed.

    Args:
        paths: files and folders.
        exclude: patterns (`*`, `?`, `[]`) for names, or for paths below the given folder (`docs/*`).
        is_ignored: says of a path, and whether it is a folder, that it is to be left out.

    Yields:
        Files in sorted order per folder, and errors for what is missing or cannot be looked into.
    """
    walk = _Walk(exclude, is_ignored)
    for path in paths:
        if path.is_dir():
            yield from walk.top(path)
        elif path.exists():
            yield from walk.file(path)
        else:
            yield DocumentError(path, None, "does not exist", "Check the spelling")


class _Walk:
    """What has been seen, so that neither a file nor a folder comes twice."""

    def __init__(self, exclude: Sequence[str], is_ignored: Callable[[Path, bool], bool]) -> None:
        self._exclude = [pattern.rstrip("/") for pattern in exclude]
        self._is_ignored = is_ignored
        self._seen: set[str] = set()

    def file(self, path: Path) -> Iterator[Path]:
        """The file, unless it has been given already."""
        if self._is_new(path):
            yield path

    def top(self, folder: Path) -> Iterator[Path | DocumentError]:
        """The files in a folder that the user gave; one that is to be left out as a whole is meant to be taken."""
        is_ignored = self._is_ignored
        if is_ignored(folder, True):
            self._is_ignored = lambda _path, _is_folder: False
        yield from self.folder(folder, "")
        self._is_ignored = is_ignored

    def folder(self, folder: Path, below: str) -> Iterator[Path | DocumentError]:
        """The files in a folder; `below` is its path from the folder that the user gave."""
        if not self._is_new(folder):
            return
        try:
            with os.scandir(folder) as entries:
                names = sorted(entries, key=lambda entry: entry.name)
            if below and any(entry.name == "pyvenv.cfg" for entry in names):
                return
        except OSError as error:
            yield from_os_error(folder, error, "looked into")
            return
        for entry in names:
            yield from self._entry(entry, folder / entry.name, f"{below}{entry.name}")

    def _entry(self, entry: os.DirEntry[str], path: Path, below: str) -> Iterator[Path | DocumentError]:
        if any(fnmatchcase(entry.name, pattern) or fnmatchcase(below, pattern) for pattern in self._exclude):
            return
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except OSError as error:  # a link to itself, say
            yield from_os_error(path, error, "looked into")
            return
        if is_folder:
            if entry.name.startswith(".") or entry.name in _SKIPPED_FOLDERS or self._is_ignored(path, True):
                return
            yield from self.folder(path, f"{below}/")
        elif is_file and (path.suffix.lower() in _FOUND_SUFFIXES or is_requirements(path)):
            if not self._is_ignored(path, False):
                yield from self.file(path)

    def _is_new(self, path: Path) -> bool:
        real = os.path.realpath(path)
        if real in self._seen:
            return False
        self._seen.add(real)
        return True
