"""What the public and internal names of Keras 2 became: built by `scripts/build_moved.py`.

Paths are written with the prefix `keras.`, also those of `tf.keras`.
"""

from __future__ import annotations

from functools import cache

from keras_upgrade.knowledge import backend, surface
from keras_upgrade.knowledge.surface import Surface
from keras_upgrade.knowledge.tables import load
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.templates import parse_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

type How = Literal["safe", "review", "advise"]


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a name.

    Attributes:
        new: its path in Keras 3, or None if nothing took its place.
        surface: where `new` is: in the package `keras`, or only in `tf.keras` (then `new` starts with
            `tensorflow.keras.`).
        how: `safe`, `review` (another object that does the same under the words of `note`), or `advise` (no
            `new`).
        note: what differs, or what to do.
    """

    new: str | None
    surface: Surface
    how: How
    note: str


@cache
def _gone() -> dict[str, str]:
    """{path: note} of the names without a successor."""
    data = load("moved")
    notes: list[str] = data["notes"]
    return {
        f"{module}.{name}": notes[int(number)]
        for number, modules in data["gone"].items()
        for module, names in modules.items()
        for name in names.split()
    }


@cache
def _of_backend() -> frozenset[str]:
    """The paths that `backend.ROWS` answers for, in all places that had them (`tensorflow_backend.sum`)."""
    groups: dict[str, str] = load("moved")["backend"]
    return frozenset(f"{module}.{name}" for module, names in groups.items() for name in names.split())


def _from_table(path: str) -> Moved | None:
    entry = load("moved")["moved"].get(path)
    if entry:
        new, how, number = entry
        note: str = load("moved")["notes"][number]
        if how == "tf":
            return Moved(new, "tf.keras", "safe", note)
        return Moved(new, "keras", how, note)
    gone = _gone().get(path)
    return None if gone is None else Moved(None, "keras", "advise", gone)


def _from_backend(path: str) -> Moved | None:
    """The answer of the backend table: a path only where the function was merely renamed."""
    module, _, name = path.rpartition(".")
    row = backend.ROWS.get(name)
    if row is None or not (path in _of_backend() or module == "keras.backend"):
        return None
    if row.kept:
        return (
            None if module == "keras.backend" else Moved(f"keras.backend.{name}", "keras", "safe", row.note)
        )
    simple = parse_row(row.old, row.new).simple if row.new else None
    if simple is None:
        note = f"The call becomes `{row.new}`. {row.note}".rstrip() if row.new else row.note
        return Moved(None, "keras", "advise", note)
    note = f"Right if {row.assumption}. {row.note}".rstrip() if row.assumption else row.note
    return Moved(simple.callee, "keras", row.how, note)


@cache
def lookup(path: str, surface_: Surface = "keras") -> Moved | None:
    """What the Keras 2 name `path` of the package `surface_` became, seen from `keras` of Keras 3.

    None if it is still there at the same place, or if nothing is known of it. For `keras.backend` functions
    the call has to be rewritten by `backend.ROWS`; a name that is passed around (`map(K.square, xs)`) may
    take `new` if the row is simple.
    """
    found = _from_backend(path) or _from_table(path)
    if found:
        if found.new == path:  # there, but not on `tf.keras`
            return found if surface_ == "tf.keras" and not surface.exists(path, "tf.keras") else None
        return found
    if surface.exists(path):
        if surface_ == "tf.keras" and not surface.exists(path, "tf.keras"):
            return Moved(path, "keras", "safe", "")
        return None
    parent, _, name = path.rpartition(".")
    if not parent or parent == "keras":
        return None
    return _below(lookup(parent, surface_), name)


def _below(above: Moved | None, name: str) -> Moved | None:
    """A name that no table has, below a module or class that moved."""
    if above is None:
        return None
    if above.new is None:
        return above
    path = f"{above.new}.{name}"
    plain = path.removeprefix("tensorflow.")
    above_kind = surface.kind(above.new.removeprefix("tensorflow."), above.surface)
    if above_kind == "m" and not surface.exists(plain, above.surface):
        return None
    return Moved(path, above.surface, above.how, above.note)


def paths() -> frozenset[str]:
    """The Keras 2 paths that the table knows."""
    return frozenset((*load("moved")["moved"], *_gone(), *_of_backend()))


def modules() -> frozenset[str]:
    """The Keras 2 modules (`keras.engine.topology`) that the table knows."""
    return frozenset(parent for path in paths() if "." in (parent := path.rpartition(".")[0]))


def count() -> int:
    """How many Keras 2 paths the facts file holds (`tf.keras` folded onto `keras`)."""
    return int(load("moved")["count"])
