"""The settings of a project: the table `[tool.keras-upgrade]` of its `pyproject.toml`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from keras_upgrade.knowledge.releases import NEWEST
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TABLE = "keras-upgrade"
FILE = "pyproject.toml"


class ConfigurationError(Exception):
    """Settings that are wrong; `str()` says where, what, and what may have been meant."""


@dataclass(frozen=True)
class Configuration:
    """The settings of a project; what is None is not set.

    Attributes:
        path: the file that they were read from; None if there is none.
        select: the rules to apply.
        ignore: the rules not to apply.
        per_file_ignores: rules not to apply in files of certain names or paths.
        exclude: patterns of files and folders to leave out.
        respect_gitignore: whether what Git ignores is left out.
        safe_only: leave out the changes that are right only under an assumption.
        keep_tf_keras: keep `tf.keras` where it still works.
        clear_outputs: remove the outputs of the notebook cells that change.
        add_todo: leave a comment at each advice.
        target: the oldest minor release of Keras 3 to write code for.
        output_format: how findings are shown.
        cache_dir: where what earlier runs have found is kept, seen from the folder of the file.
    """

    path: Path | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] | None = None
    exclude: tuple[str, ...] | None = None
    respect_gitignore: bool | None = None
    safe_only: bool | None = None
    keep_tf_keras: bool | None = None
    clear_outputs: bool | None = None
    add_todo: bool | None = None
    target: int | None = None
    output_format: str | None = None
    cache_dir: str | None = None


def target_of(text: str) -> int:
    """The minor release in `3.4`.

    Raises:
        ValueError: it is none that is known; `str()` says what is needed.
    """
    match = re.fullmatch(r"3\.(\d+)(?:\.\d+)?", text.strip())
    if match is None or int(match[1]) > NEWEST:
        raise ValueError(f"a release of Keras from 3.0 to 3.{NEWEST} is needed")
    return int(match[1])


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError('a list of texts is needed, such as ["KU401"]')
    return tuple(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is needed")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is needed")
    return value


def _target(value: Any) -> int:
    return target_of(str(value))


def _by_file(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError('a table is needed, such as {"legacy/*" = ["KU4"]}')
    return {glob: _texts(codes) for glob, codes in value.items()}


KEYS: dict[str, Callable[[Any], Any]] = {
    "select": _texts,
    "ignore": _texts,
    "per-file-ignores": _by_file,
    "exclude": _texts,
    "respect-gitignore": _flag,
    "safe-only": _flag,
    "keep-tf-keras": _flag,
    "clear-outputs": _flag,
    "add-todo": _flag,
    "target": _target,
    "output-format": _text,
    "cache-dir": _text,
}
"""What may stand in the table, and what reads the value."""


def find(start: Path) -> Configuration:
    """The settings that hold for a folder: those of the nearest `pyproject.toml`, upwards, that has the table.

    Raises:
        ConfigurationError: see `read`.
    """
    folder = Path(os.path.abspath(start))
    for parent in (folder, *folder.parents):
        path = parent / FILE
        try:
            data = path.read_bytes()
        except OSError:  # none there, or none for us
            continue
        if TABLE.encode() in data:
            found = _parse(path, data)
            if found is not None:
                return found
    return Configuration()


def read(path: Path) -> Configuration:
    """The settings in a file, which need not have any.

    Raises:
        ConfigurationError: it cannot be read, is not TOML, or holds a key or value that is none of ours.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    return _parse(path, data) or Configuration(path)


def _parse(path: Path, data: bytes) -> Configuration | None:
    """The settings in the text of a file; None if it has no such table."""
    import tomllib  # noqa: PLC0415

    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}") from None
    tool = content.get("tool")
    table = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: [tool.{TABLE}] is no table")
    return Configuration(path, **{key.replace("-", "_"): _value(path, key, table[key]) for key in table})


def _value(path: Path, key: str, value: Any) -> Any:
    read_value = KEYS.get(key)
    if read_value is None:
        raise ConfigurationError(f"{path}: [tool.{TABLE}] has no key `{key}`; {_suggestion(key)}")
    try:
        return read_value(value)
    except ValueError as error:
        raise ConfigurationError(f"{path}: [tool.{TABLE}] {key} = {value!r}: {error}") from None


def _suggestion(key: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(key.replace("_", "-"), KEYS, 1, 0.5)
    return f"did you mean `{close[0]}`?" if close else f"it may have {', '.join(KEYS)}"
