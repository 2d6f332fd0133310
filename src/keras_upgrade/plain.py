"""Facts as plain data for JSON, and back. What comes back is checked: anybody may have written it.

For each kind of fact there is a function that writes it, and one that reads it, made once from the types of its fields:
thousands of facts are read at the start of a run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType

from keras_upgrade.records import field_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    type _Converter = Callable[[Any], Any]

_PLAIN = (str, int, bool)


class MalformedError(ValueError):
    """Data that no fact was written as."""


def dumps(kind: Any, fact: Any) -> str:
    """A fact of a kind as JSON: a dataclass is the list of its fields."""
    return json.dumps(_writer(kind)(fact), separators=(",", ":"))


def loads(kind: Any, text: str) -> Any:
    """The fact of a kind that was written as a text.

    Raises:
        MalformedError: none was.
    """
    try:
        return _reader(kind)(json.loads(text))
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        raise MalformedError(str(error)) from None


@cache
def _writer(kind: Any) -> _Converter:
    """What makes plain data of facts of a kind."""
    name, inner = _form(kind)
    if name == "optional":
        return _optional(_writer(inner[0]))
    if name == "many":
        return list if inner[0] in _PLAIN else _each(list, _writer(inner[0]))
    if name == "row":
        return list
    return _fields_written(kind) if name == "record" else _same


@cache
def _reader(kind: Any) -> _Converter:
    """What reads facts of a kind."""
    name, inner = _form(kind)
    if name == "optional":
        return _optional(_reader(inner[0]))
    if name == "many":
        return _each(list if getattr(kind, "__origin__", None) is list else tuple, _reader(inner[0]))
    if name == "row":
        return _row(lambda *items: items, inner)
    if name == "record":
        types = _types(kind)
        return _row(kind, [types[field] for field in field_names(kind)])
    return {item.value: item for item in kind}.__getitem__ if issubclass(kind, StrEnum) else _exactly(kind)


def _form(kind: Any) -> tuple[str, Sequence[Any]]:
    """Of which form a type is, and the types that it is made of."""
    if hasattr(kind, "__value__"):  # a name for a type
        return _form(kind.__value__)
    if isinstance(kind, UnionType):
        return "optional", [option for option in kind.__args__ if option is not NoneType]
    origin = getattr(kind, "__origin__", None)
    if origin is tuple and kind.__args__[-1] is not Ellipsis:
        return "row", kind.__args__
    if origin is not None:
        return "many", kind.__args__
    return ("record" if field_names(kind) else "plain"), ()


def _types(kind: Any) -> dict[str, Any]:
    """The types of a dataclass's fields."""
    known = vars(sys.modules[kind.__module__])
    return {
        name: eval(written, known) if isinstance(written, str) else written
        for name, written in kind.__annotations__.items()
    }


def _same(data: Any) -> Any:
    return data


def _optional(inner: _Converter) -> _Converter:
    return lambda data: None if data is None else inner(data)


def _each(kind: Callable[[Any], Any], one: _Converter) -> _Converter:
    def convert(data: Any) -> Any:
        if type(data) not in (list, tuple):
            raise MalformedError(f"{data!r} is no list")
        return kind([one(item) for item in data])

    return convert


def _exactly(kind: type) -> _Converter:
    def read(data: Any) -> Any:
        if type(data) is not kind:
            raise MalformedError(f"{data!r} is no {kind.__name__}")
        return data

    return read


def _fields_written(kind: Any) -> _Converter:
    """What writes a dataclass; as dataclasses do for their own functions, the text of it is made and compiled."""
    types = _types(kind)
    known = {f"{name}_write": _writer(types[name]) for name in field_names(kind)}
    values = [
        f"x.{name}" if known[f"{name}_write"] is _same else f"{name}_write(x.{name})"
        for name in field_names(kind)
    ]
    written: _Converter = eval(f"lambda x: [{', '.join(values)}]", known)
    return written


def _row(made: Callable[..., Any], kinds: Sequence[Any]) -> _Converter:
    """What reads a list that has a place for each of some kinds; made in the same way."""
    known: dict[str, Any] = {"made": made, "Malformed": MalformedError}
    names = [f"x{number}" for number in range(len(kinds))]
    wrong, values = ["type(data) is not list"], []
    for name, kind in zip(names, kinds, strict=True):
        if kind in _PLAIN:
            known[f"{name}_kind"] = kind
            wrong.append(f"type({name}) is not {name}_kind")
            values.append(name)
        else:
            known[f"{name}_read"] = _reader(kind)
            values.append(f"{name}_read({name})")
    lines = [
        "def read(data):",
        f"    {', '.join(names)}, = data",
        f"    if {' or '.join(wrong)}:",
        "        raise Malformed(f'{data!r} is malformed')",
        f"    return made({', '.join(values)})",
    ]
    exec("\n".join(lines), known)
    reader: _Converter = known["read"]
    return reader
