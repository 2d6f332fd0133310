"""Stand-ins of the functions that download a file: `get_file`, `urlretrieve` and `wget.download`."""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import os
import pathlib
import tempfile
import urllib.parse
from email.message import Message
from typing import Any, Callable

from . import files, network, notes
from .downloads import DownloadError, Downloads, keras_homes

Function = Callable[..., Any]


class Files:
    """Makes the stand-ins; what they make up lands in the run's temporary folder, or where the program wants it."""

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads
        self._home: str | None = None

    def get_file(self, original: Function) -> Function:
        """Stand-in of `keras.utils.get_file`.

        The real function does all of its work but the download: where the file lands and how an archive is unpacked
        depends on the version of Keras.
        """

        @functools.wraps(original)
        def get_file(*args: Any, **kwargs: Any) -> Any:
            bound = inspect.signature(original).bind(*args, **kwargs)
            bound.apply_defaults()
            asked = bound.arguments
            if self._downloads.is_busy or _is_near(str(asked["origin"])) or asked["origin"] is None:
                return original(*args, **kwargs)
            try:
                return self._downloads.real(lambda: original(*args, **kwargs), cached=_is_cached(asked))
            except DownloadError:
                return self._made_up(original, asked)

        return get_file

    def urlretrieve(self, original: Function) -> Function:
        """Stand-in of `urllib.request.urlretrieve`."""

        @functools.wraps(original)
        def urlretrieve(url: Any, filename: Any = None, *args: Any, **kwargs: Any) -> Any:
            address = str(getattr(url, "full_url", url))
            if self._downloads.is_busy or _is_near(address):
                return original(url, filename, *args, **kwargs)
            try:
                return self._downloads.real(lambda: original(url, filename, *args, **kwargs), cached=False)
            except DownloadError:
                return self._written(filename, address, "urlretrieve"), Message()

        return urlretrieve

    def wget_download(self, original: Function) -> Function:
        """Stand-in of `wget.download`."""

        @functools.wraps(original)
        def download(url: str, out: str | None = None, *args: Any, **kwargs: Any) -> Any:
            try:
                return self._downloads.real(lambda: original(url, out, *args, **kwargs), cached=False)
            except DownloadError:
                name = _base_name(url)
                path = os.path.join(out, name) if out and os.path.isdir(out) else out or name
                return self._written(path, url, "wget.download")

        return download

    def _written(self, path: Any, address: str, function: str) -> str:
        """Make a file up at a path; without one, in the temporary folder."""
        target = os.path.join(self._folder(), _base_name(address)) if path is None else os.fspath(path)
        if os.path.isdir(os.path.dirname(target) or "."):
            name = _known_name([os.path.basename(target), _base_name(address)])
            what = files.make(target, name)
            notes.note("replaced", f"{function}({name!r}): {what}")
            return str(target)
        raise FileNotFoundError(2, "No such file or directory", target)  # as the real functions say

    def _made_up(self, original: Function, asked: dict[str, Any]) -> Any:
        name = _known_name([os.path.basename(str(asked["fname"] or "")), _base_name(str(asked["origin"]))])
        source = os.path.join(tempfile.mkdtemp(), name)
        what = files.make(source, name)
        wanted = dict(asked)
        wanted.update(origin=pathlib.Path(source).as_uri(), md5_hash=None, file_hash=None)
        self._keep_inside(wanted)
        with contextlib.redirect_stdout(io.StringIO()):  # it would show the progress of a download
            path = self._downloads.undisturbed(lambda: original(**wanted))
        notes.note("replaced", f"get_file({name!r}): {what}")
        os.remove(source)
        return path

    def _keep_inside(self, wanted: dict[str, Any]) -> None:
        """Let nothing made up land outside of the working folder and the temporary one."""
        folder = os.path.join(os.path.expanduser(str(wanted["cache_dir"] or "")), str(wanted["cache_subdir"]))
        target = os.path.realpath(os.path.join(folder, str(wanted["fname"] or "")))
        inside = [os.path.realpath(path) + os.sep for path in (os.getcwd(), tempfile.gettempdir())]
        if wanted["cache_dir"] is None or not target.startswith(tuple(inside)):
            wanted["cache_dir"] = self._folder()
            subfolder = str(wanted["cache_subdir"]).strip(os.sep)
            wanted["cache_subdir"] = "datasets" if ".." in subfolder else subfolder
            if wanted["fname"] and os.path.isabs(str(wanted["fname"])):
                wanted["fname"] = os.path.basename(str(wanted["fname"]))
        # Keras goes elsewhere if the folder cannot be written to, as one that does not exist.
        os.makedirs(os.path.expanduser(str(wanted["cache_dir"])), exist_ok=True)

    def _folder(self) -> str:
        if self._home is None:
            self._home = tempfile.mkdtemp()
        return self._home


def _is_near(address: str) -> bool:
    """Whether an address is a file's, or on this machine."""
    parts = urllib.parse.urlsplit(address)
    return parts.scheme == "file" or bool(parts.hostname and network.is_local(parts.hostname))


def _is_cached(asked: dict[str, Any]) -> bool:
    """Whether `get_file` has downloaded a file already."""
    homes = [os.path.expanduser(str(asked["cache_dir"]))] if asked["cache_dir"] else keras_homes()
    name = str(asked["fname"] or _base_name(str(asked["origin"])))
    paths = [os.path.join(home, str(asked["cache_subdir"]), name) for home in homes]
    return any(os.path.isfile(path + ending) for path in paths for ending in ("", ".tar.gz", "_archive"))


def _base_name(address: str) -> str:
    """The name of the file at an address."""
    parts = urllib.parse.urlsplit(address)
    return os.path.basename(urllib.parse.unquote(parts.path).rstrip("/")) or parts.netloc or "index.html"


def _known_name(names: list[str]) -> str:
    """The first of the names that tells what to write, else the first one."""
    given = [name for name in names if name]
    return next((name for name in given if files.can_make(name)), given[0])
