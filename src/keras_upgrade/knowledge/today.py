"""Which names, members and arguments the newest Keras and TensorFlow have: measured by `scripts/measure_today.py`.

What it answers is whether a program finds there what it names, whatever any rule says of it. The public names of Keras
are those of `surface`; here are those of TensorFlow, and what the classes and functions of both have and take.
"""

from __future__ import annotations

from functools import cache

from keras_upgrade.knowledge import surface
from keras_upgrade.knowledge.surface import Surface
from keras_upgrade.knowledge.tables import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

_ANY = "*"
_SURFACES: dict[str, Surface] = {
    "keras": "keras",
    "tensorflow.keras": "tf.keras",
    "tensorflow.compat.v2.keras": "tf.keras",
    "tensorflow._api.v2.keras": "tf.keras",
}
"""The packages under which Keras 3 is importable."""
_TENSORFLOW = {
    "tensorflow": "tensorflow",
    "tensorflow.compat.v2": "tensorflow",
    "tensorflow.compat.v1": "tensorflow.compat.v1",
}
_LAZY = ("initializers", "losses", "metrics", "optimizers")
"""Modules of `tf` that are those of `tf.keras`."""

type _Table = Literal["members", "parameters"]


@cache
def is_there(path: str, package: str) -> bool:
    """Whether a name can be reached today.

    Args:
        path: the canonical path: `keras.layers.Dense`, `tensorflow.data.Dataset.map`.
        package: the package that it was spelled with: `tensorflow.keras`, `tensorflow.compat.v1`, ...
    """
    root, _, rest = path.partition(".")
    if path.startswith(("keras.src", "tensorflow.python")):
        return _is_inside(path) and package == root
    if root == "keras":
        side = _SURFACES.get(package)
        return side is not None and _in_keras(path, side)
    if root == "tensorflow" and package in _TENSORFLOW:
        first = rest.partition(".")[0]
        if first in _LAZY and package != "tensorflow.compat.v1":
            return _in_keras(f"keras.{rest}", "tf.keras")
        return _in_tensorflow(f"{_TENSORFLOW[package]}.{rest}" if rest else root)
    return False


def has_member(path: str, name: str) -> bool | None:
    """Whether the instances of a class (`keras.Model`) have a method or attribute; None for a class that is not known."""
    return _holds("today_keras", "members", path, name)


def takes(path: str, keyword: str) -> bool | None:
    """Whether a class, function or method of Keras takes a keyword; None where that is not known."""
    return _holds("today_keras", "parameters", path, keyword)


def _in_keras(path: str, side: Surface) -> bool:
    if surface.exists(path, side):
        return True
    owner, _, name = path.rpartition(".")
    if not owner:
        return False
    if _is_dunder(name):
        return _in_keras(owner, side)
    if owner.count(".") and surface.kind(owner, side) == "c":
        return has_member(owner, name) is not False
    return surface.kind(owner, side) in ("f", "o")


@cache
def _in_tensorflow(path: str) -> bool:
    names = _names()
    if path in names:
        return True
    owner, _, name = path.rpartition(".")
    if not owner:
        return False
    if name in names.get(owner, ()):
        return True
    if _is_dunder(name):
        return _in_tensorflow(owner)
    if owner in names or not _in_tensorflow(owner):
        return False
    return _holds("today_tensorflow", "members", owner, name) is not False


def _is_inside(path: str) -> bool:
    """Whether a private module has the name. Members of its classes were not measured."""
    names: dict[str, str] = load("today_inside")["names"]
    if path in names:
        return True
    module, _, name = path.rpartition(".")
    while module and module not in names:
        module, _, name = module.rpartition(".")
    return bool(module) and (name in names[module].split() or _is_dunder(name))


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


@cache
def _names() -> dict[str, frozenset[str]]:
    """{module: names} of TensorFlow."""
    rows: dict[str, str] = load("today_tensorflow")["names"]
    return {module: frozenset(names.split()) for module, names in rows.items()}


def _holds(file: str, table: _Table, path: str, name: str) -> bool | None:
    known = _set(file, table, path)
    return None if known is None else name in known or _ANY in known


@cache
def _set(file: str, table: _Table, path: str) -> frozenset[str] | None:
    """A set of names: each is written as another one and what it has more."""
    rows: Any = load(file)[table]
    row: str | None = rows.get(path)
    if row is None:
        return None
    base, *more = row.split()
    return frozenset(more) | (_set(file, table, base) or frozenset())
