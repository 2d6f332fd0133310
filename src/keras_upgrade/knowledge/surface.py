"""Which public names Keras 3 has, and which names Keras 2 gave to a star import.

Keras 3 has two surfaces that differ: the package `keras`, and `tf.keras` (`keras._tf_keras.keras`), which
carries some legacy names more and a few loss functions less. A path is always written with the prefix
`keras.`; the argument `surface` says which package is meant. Measured by `scripts/measure_keras3.py`.

A name that exists may still be a stub (`keras.optimizers.legacy.Adam` raises when called) or mean another
thing (`keras.backend.*` on `tf.keras`): ask `moved.lookup` and `backend.ROWS` first.
"""

from __future__ import annotations

from functools import cache

from keras_upgrade.knowledge.tables import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

type Surface = Literal["keras", "tf.keras"]


@cache
def _modules(surface: Surface) -> dict[str, dict[str, str]]:
    """{module: {name: kind}} of Keras 3."""
    data = load("keras3")
    groups: dict[str, dict[str, str]] = data["keras"]
    if surface == "tf.keras":
        gone = frozenset(data["not in tf.keras"])
        groups = {module: rows for module, rows in groups.items() if module not in gone} | data["tf.keras"]
    return {
        module: {name: kind for kind, names in rows.items() for name in names.split()}
        for module, rows in groups.items()
    }


@cache
def _modules2(surface: Surface) -> dict[str, frozenset[str]]:
    """{module: names} of Keras 2."""
    data = load("keras2")
    groups: dict[str, str] = data["keras"]
    if surface == "tf.keras":
        gone = frozenset(data["not in tf.keras"])
        groups = {module: names for module, names in groups.items() if module not in gone} | data["tf.keras"]
    return {module: frozenset(names.split()) for module, names in groups.items()}


@cache
def kind(path: str, surface: Surface = "keras") -> str | None:
    """`m` module, `c` class, `f` function or `o` other, for a public name of Keras 3; None for anything else.

    Attributes of classes (`keras.Model.fit`) are not measured: None.
    """
    modules = _modules(surface)
    if path in modules:
        return "m"
    module, _, name = path.rpartition(".")
    return modules.get(module, {}).get(name)


def exists(path: str, surface: Surface = "keras") -> bool:
    """Whether Keras 3 has the public name, such as `keras.layers.Dense`."""
    return kind(path, surface) is not None


def import_only(path: str, surface: Surface = "keras") -> bool:
    """Whether the name can be imported, but not reached as an attribute (`tf.keras.saving` of TF 2.21)."""
    modules: list[str] = load("keras3")["import only"]
    return surface == "tf.keras" and any(
        path == module or path.startswith(f"{module}.") for module in modules
    )


def members(module_path: str, surface: Surface = "keras") -> frozenset[str]:
    """The names that `from <module> import *` binds with Keras 3 (no module there has `__all__`)."""
    return frozenset(_modules(surface).get(module_path, ()))


def members2(module_path: str, surface: Surface = "keras") -> frozenset[str]:
    """The names that `from <module> import *` bound with some Keras 2 version.

    For `keras` the union of what 2.0 to 2.3.1 and 2.15 had, for `tf.keras` of what TF 1.15 and 2.15 had.
    """
    return _modules2(surface).get(module_path, frozenset())


def is_module2(path: str, surface: Surface = "keras") -> bool:
    """Whether Keras 2 had a module of this name whose members are known."""
    return path in _modules2(surface)


def is_source2(path: str) -> bool:
    """Whether a path below `keras.src` is of Keras 2, which had that package from 2.13 on."""
    parts = path.removeprefix("keras.src.").split(".")
    sources = _sources2()
    return any(".".join(parts[:count]) in sources for count in range(1, min(len(parts), 3) + 1))


@cache
def _sources2() -> frozenset[str]:
    """The modules and packages below `keras.src` that Keras 2.15 has and Keras 3.15 has not."""
    return frozenset(load("keras2_sources"))


def origin2(path: str) -> str:
    """What a module that Keras 2 merely imported really is: `keras.models.K` is `keras.backend`.

    Any other path is given back as it is.
    """
    origins: dict[str, str] = load("keras2")["origin"]
    return origins.get(path, path)


def since(path: str) -> tuple[int, int] | None:
    """The first Keras 3 minor version with the name, at least `(3, 0)`; None if 3.15 does not have it."""
    if not exists(path):
        return None
    versions: dict[str, str] = load("keras3")["since"]
    major, minor = versions.get(path, "3.0").split(".")
    return int(major), int(minor)


def version() -> str:
    """The Keras 3 version that was measured."""
    return str(load("keras3")["version"]["keras"])
