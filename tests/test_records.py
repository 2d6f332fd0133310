"""Our dataclasses against those of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from functools import cached_property
from typing import Any

import pytest

from keras_upgrade import records

KINDS = [
    {},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "order": True},
    {"eq": False},
    {"frozen": True, "eq": False},
    {"slots": True, "eq": False},
]


def made(module: Any, **options: bool) -> tuple[Any, Any, Any]:
    """A class, one that inherits from it, and one of a single field."""

    @module.dataclass(**options)
    class Point:
        """A point."""

        x: int
        y: int = 2

        @property
        def sum(self) -> int:
            return self.x + self.y

    @module.dataclass(**options)
    class Named(Point):
        """A point with a name."""

        name: str = ""
        tags: list[str] = module.field(default_factory=list)

    @module.dataclass(**options)
    class Alone:
        """One field."""

        x: object

    return Point, Named, Alone


def tried(action: Any) -> object:
    """What an action gives, or the kind of error it ends in."""
    try:
        return action()
    except Exception as error:
        return next(kind for kind in (AttributeError, TypeError, Exception) if isinstance(error, kind))


def behaviour(module: Any, options: dict[str, bool]) -> list[object]:
    """What there is to be seen of the classes that a module makes."""
    point, named, alone = made(module, **options)
    first, again, other = point(1), point(1), point(x=0, y=9)
    full = named(1, 2, "a", ["b"])
    return [
        *(repr(one) for one in (first, other, named(3), full, alone(None))),
        (first.x, first.y, first.sum, full.name, full.tags),
        named(1).tags is named(1).tags,
        (first == again, first != other, first == full, first == 1, alone(1) == alone(1)),
        tried(lambda: hash(first) == hash(again)),
        tried(lambda: hash(full) == hash(full)),
        tried(lambda: (first < other, first <= other, first > other, first >= again)),
        tried(lambda: first < full),
        tried(lambda: sorted([first, other]) == [other, first]),
        tried(lambda: setattr(again, "x", 5)),
        tried(lambda: delattr(copy.copy(again), "x")),
        tried(lambda: setattr(again, "z", 5)) is None,  # how it is refused depends on the version there
        again.x,
        tried(point),
        tried(lambda: point(1, 2, 3)),
        tried(lambda: point(1, z=3)),
        repr(module.replace(full, y=7)),
        tried(lambda: module.replace(first, z=7)),
        repr(copy.copy(full)),
        repr(copy.deepcopy(full)),
        copy.copy(full).tags is full.tags,
        hasattr(first, "__dict__"),
        (point.__match_args__, named.__match_args__),
        (point.__name__, point.__qualname__, point.__doc__, point.__module__),
    ]


@pytest.mark.parametrize("options", KINDS, ids=str)
def test_they_behave_like_those_of_the_standard_library(options: dict[str, bool]) -> None:
    assert behaviour(records, options) == behaviour(dataclasses, options)


@records.dataclass(frozen=True, slots=True)
class Word:
    """A word."""

    text: str
    letters: tuple[str, ...] = ()


@records.dataclass(frozen=True)
class Line:
    """Words."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        """All of it."""
        return " ".join(word.text for word in self.words)


@records.dataclass
class Checked:
    """Looks at itself."""

    number: int

    def __post_init__(self) -> None:
        self.number += 1

    def __repr__(self) -> str:
        return f"<{self.number}>"


def test_they_travel_to_other_processes() -> None:
    line = Line((Word("a", ("a",)), Word("b")))
    assert pickle.loads(pickle.dumps(line)) == line
    assert hash(pickle.loads(pickle.dumps(line))) == hash(line)


def test_what_is_computed_once_stays_with_an_object_that_does_not_change() -> None:
    line = Line((Word("a"), Word("b")))
    assert line.text == "a b"
    assert line.__dict__["text"] is line.text


def test_what_a_class_writes_itself_stays() -> None:
    assert repr(Checked(1)) == "<2>"


def test_their_fields_are_known() -> None:
    assert records.field_names(Word) == ("text", "letters")
    assert records.field_names(str) == ()


def test_patterns_take_them_apart() -> None:
    match Word("a", ("b",)):
        case Word(text, letters):
            assert (text, letters) == ("a", ("b",))
