"""What the tables of `knowledge` say about the name, or the argument, that an error message names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_upgrade.knowledge import arguments, backend, moved, surface, tensorflow1
from keras_upgrade.records import dataclass
from keras_upgrade.syntax.templates import parse_row

NAMES = (
    re.compile(r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'"),
    re.compile(
        r"cannot import name '(?P<name>\w+)' from (?:partially initialized module )?'(?P<module>[\w.]+)'"
    ),
    re.compile(r"No module named '?(?P<module>[\w.]+)'?(?P<name>)"),
)
ARGUMENT = (
    re.compile(r"(?P<owner>\w+)\.__init__\(\) got an unexpected keyword argument '(?P<name>\w+)'"),
    re.compile(r"Unrecognized keyword arguments passed to (?P<owner>\w+): \{'(?P<name>\w+)'"),
    re.compile(r"Argument\(s\) not recognized: \{'(?P<name>\w+)'(?P<owner>)"),
    # Keras's own class names the method; a function of Keras is as it is called.
    re.compile(
        r"\b\w*(?:Trainer|Model)\.(?P<method>\w+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"
    ),
    re.compile(r"(?<![.\w])(?P<function>[a-z]\w+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"),
)
FUNCTION_HOMES = ("activations", "losses", "metrics", "utils", "models", "regularizers", "initializers")
HOMES = ("layers", "optimizers", "models", "callbacks", "losses", "metrics", "initializers", "regularizers")
INNER = re.compile(r"^keras\.(?:_tf_keras\.keras|api\._v\d\.keras|api|src)(?=\.|$)")


@dataclass(frozen=True)
class Fact:
    """What the tables say about a name; `fixed` unless a person has to mend it."""

    text: str
    fixed: bool = True


def of(code: str, error: str) -> Iterator[Fact]:
    """What the tables say about the name that an error names, if it is the rule `code` that speaks of such names."""
    for pattern in NAMES:
        match = pattern.search(error)
        if match is None:
            continue
        module, name = _canonical(match["module"]), match["name"]
        if module == "tensorflow":
            if code == ("KU906" if name in tensorflow1.SESSION else "KU905"):
                yield from of_tensorflow(name)
        elif module == "keras.backend":
            if code == "KU301":
                yield from of_backend(name)
        elif code == "KU101":
            yield from of_moved(f"{module}.{name}" if name else module)
        elif code == "KU302" and module == "keras.metrics":
            yield from of_metrics(name)
        elif code == "KU102" and surface.exists(f"{module}.{name}"):
            yield Fact(f"`tf.{module}.{name}` → `{module}.{name}`")
    if code == "KU201":
        yield from _of_argument(error)


def _canonical(module: str) -> str:
    """The module as the tables write it: `keras._tf_keras.keras.backend` is `keras.backend`."""
    return INNER.sub("keras", module.removeprefix("tensorflow.").removeprefix("python."))


def of_backend(name: str) -> Iterator[Fact]:
    """What became of a function of `keras.backend`."""
    row = backend.ROWS.get(name)
    if row is None or row.kept:
        return
    if not row.new:
        yield Fact(f"`K.{name}`: {row.note}", fixed=False)
        return
    simple = parse_row(row.old, row.new).simple
    if simple is not None:
        yield Fact(f"`K.{name}` → `{simple.callee}`")
    else:
        yield Fact(f"`K.{name}({row.old})` → `{re.sub(r' := [+]?', '=', row.new)}`")
    if row.note:
        yield Fact(row.note)
    if row.assumption:
        yield Fact(f"Right if {row.assumption}.")


def of_tensorflow(name: str) -> Iterator[Fact]:
    """What became of a name of TensorFlow 1."""
    instead = tensorflow1.instead(name)
    if instead is not None:
        yield Fact(f"`tf.{name}` is of TensorFlow 1. What there is instead: {instead}.")


def of_moved(path: str) -> Iterator[Fact]:
    """What became of a name or module of Keras 2."""
    found = moved.lookup(path)
    if found is None:
        return
    if found.new is None:
        yield Fact(f"`{path}`: {found.note}", fixed=False)
        return
    yield Fact(f"`{path}` → `{found.new}`")
    if found.note:
        yield Fact(found.note)


def of_metrics(name: str) -> Iterator[Fact]:
    """Where a loss function is that was among the metrics."""
    if surface.exists(f"keras.losses.{name}"):
        yield Fact(f"`metrics.{name}` → `keras.losses.{name}`")


def _of_argument(error: str) -> Iterator[Fact]:
    match = next((match for pattern in ARGUMENT if (match := pattern.search(error)) is not None), None)
    if match is None:
        return
    groups = match.groupdict()
    kind = next((kind for kind in ("method", "function", "owner") if groups.get(kind)), "")
    yield from of_argument(kind, groups.get(kind) or "", match["name"])


def of_argument(kind: str, owner: str, name: str) -> Iterator[Fact]:
    """What became of an argument.

    Args:
        kind: what takes it, as the groups of `ARGUMENT` call it: an `owner` (a class), a `method` of models, a
            `function`; empty if the error does not say.
        owner: its name.
        name: the argument's.
    """
    if kind == "method":
        paths = [f"keras.Model.{owner}"]
    elif kind == "function":
        paths = [f"keras.{home}.{owner}" for home in FUNCTION_HOMES]
    elif kind == "owner":
        paths = [f"keras.{home}.{owner}" for home in HOMES]
    else:  # optimizers complain without saying who they are; their common arguments changed alike
        paths = ["keras.optimizers.Adam"]
    change = next((found for path in paths if (found := arguments.changes(path).get(name)) is not None), None)
    if isinstance(change, arguments.Renamed):
        yield Fact(f"`{name}=` → `{change.new}=`")
    elif isinstance(change, arguments.Dropped):
        yield Fact(f"`{name}=` is gone. {change.note or 'Leave it out.'}")
    elif isinstance(change, arguments.Advised):
        yield Fact(f"`{name}=`: {change.note}", fixed=False)
