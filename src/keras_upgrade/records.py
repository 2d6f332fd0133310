"""Dataclasses that cost next to nothing to define.

`@dataclass` of the standard library writes and compiles up to eight functions for each class, close to a millisecond
each time, and imports `inspect` to do so: for the hundred classes of `check` that was a third of its start-up. Here the
functions are shared, but for `__init__`, which is compiled when the first object of a class is made; most classes never have
one in a run. Only the options in use are known, and they mean what they mean there; `dataclasses.asdict`, `fields` and
`is_dataclass` do not know these classes, `field_names` does.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False  # `typing` and `dataclasses` would cost start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from typing import Any

    type Values = Callable[[Any], tuple[Any, ...]]

__all__ = ["FrozenError", "dataclass", "field", "field_names", "replace"]

_NONE: Any = object()
"""The default of a field that has none."""


class FrozenError(AttributeError):
    """An object that does not change was to be changed."""


class _Factory:
    """The default of a field that is made anew for each object."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


if not TYPE_CHECKING:  # for type checkers, these are the ones of `dataclasses`

    def field(*, default_factory):
        """A field whose default is made anew for each object."""
        return _Factory(default_factory)

    def dataclass(cls=None, /, *, frozen=False, eq=True, order=False, slots=False):
        """Makes a dataclass of a class.

        Args:
            cls: the class; not given where there are options.
            frozen: its objects do not change.
            eq: objects with equal fields are equal.
            order: they are ordered like the tuples of their fields.
            slots: they have no `__dict__`.
        """
        if cls is None:
            return lambda cls: _made(cls, frozen, eq, order, slots)
        return _made(cls, frozen, eq, order, slots)

    def replace(record, /, **changes):
        """A copy with some fields changed."""
        for name in record.__match_args__:
            if name not in changes:
                changes[name] = getattr(record, name)
        return type(record)(**changes)


def field_names(cls: type) -> tuple[str, ...]:
    """The names of the fields of a dataclass; of another class, none."""
    return (*getattr(cls, "__record_fields__", ()),)


def _made(cls: type, frozen: bool, eq: bool, order: bool, slots: bool) -> type:
    written = dict(cls.__dict__)
    own = {name: written.pop(name, _NONE) for name in cls.__annotations__}
    fields: dict[str, object] = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= base.__dict__.get("__record_fields__", {})
    fields |= own
    given: dict[str, object] = {"__record_fields__": fields, "__match_args__": (*fields,)}
    given |= _methods((*fields,), frozen=frozen, eq=eq, order=order, slots=slots)
    made = cls
    if slots:
        del written["__dict__"], written["__weakref__"]
        made = type(cls)(cls.__name__, cls.__bases__, given | written | {"__slots__": (*own,)})
        made.__qualname__ = cls.__qualname__
    else:
        for name, default in own.items():
            if isinstance(default, _Factory):
                delattr(cls, name)
        for name, value in given.items():
            if name not in written:
                setattr(cls, name, value)
    if "__init__" not in written:
        made.__init__ = _first_init(made, fields, frozen, slots)  # type: ignore[misc]
    return made


def _methods(
    names: tuple[str, ...], *, frozen: bool, eq: bool, order: bool, slots: bool
) -> dict[str, object]:
    """What the class is given where it has not written it itself."""
    values = _values(names)
    methods: dict[str, object] = {"__repr__": _repr}
    if eq:
        methods["__eq__"] = _comparison(values, tuple.__eq__)
        methods["__hash__"] = (lambda self: hash(values(self))) if frozen else None
    if order:
        methods |= {
            "__lt__": _comparison(values, tuple.__lt__),
            "__le__": _comparison(values, tuple.__le__),
            "__gt__": _comparison(values, tuple.__gt__),
            "__ge__": _comparison(values, tuple.__ge__),
        }
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if frozen and slots:
        methods |= {"__getstate__": _state, "__setstate__": _set_state}
    return methods


def _values(names: tuple[str, ...]) -> Values:
    """What gives the fields of an object."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _record: ()
    value = attrgetter(*names)
    return lambda record: (value(record),)


def _comparison(values: Values, compare: Callable[[Any, Any], bool]) -> Callable[[Any, object], bool]:
    def method(self: Any, other: object) -> bool:
        return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

    return method


def _first_init(cls: type, fields: dict[str, object], frozen: bool, slots: bool) -> Callable[..., None]:
    """An `__init__` that puts the real one in its place."""

    def method(self: Any, /, *arguments: Any, **options: Any) -> None:
        cls.__init__ = init = _init(cls, fields, frozen, slots)  # type: ignore[misc]
        init(self, *arguments, **options)

    return method


def _init(cls: type, fields: dict[str, object], frozen: bool, slots: bool) -> Callable[..., None]:
    """The real one, as `dataclasses` would write it."""
    names: dict[str, Any] = {"_none": _NONE, "_set": object.__setattr__}
    parameters, body = ["self"], []
    for name, default in fields.items():
        value = name
        if isinstance(default, _Factory):
            names[f"_make_{name}"] = default.make
            parameters.append(f"{name}=_none")
            value = f"_make_{name}() if {name} is _none else {name}"
        elif default is not _NONE:
            names[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        if not frozen:
            body.append(f"self.{name} = {value}")
        elif slots:
            names[f"_set_{name}"] = getattr(cls, name).__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    text = "\n ".join([f"def __init__({', '.join(parameters)}):", *(body or ["pass"])])
    exec(text, names)
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


def _refuse(_self: object, name: str, *_value: object) -> None:
    raise FrozenError(f"`{name}` does not change")


def _state(self: Any) -> list[object]:
    return [getattr(self, name) for name in self.__match_args__]


def _set_state(self: Any, state: list[object]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)
