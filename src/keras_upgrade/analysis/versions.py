"""What an expression is that looks at the version of TensorFlow or Keras: the same on all versions that Keras 3 runs with?

Programs that ran on several versions choose by them: `if tf.__version__ >= "2.0":`. Of such a choice only the branch is
live that today's versions take. An expression is evaluated once for each of a few of these versions.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from functools import cache, total_ordering

from keras_upgrade.analysis.values import UNKNOWN, Api, Arguments, Const, Method, Seq, Value
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SAMPLES = {
    "tensorflow.__version__": ("2.16.1", "2.17.0", "2.18.0", "2.19.0", "2.20.0", "2.21.0"),
    "keras.__version__": ("3.0.5", "3.4.1", "3.8.0", "3.10.0", "3.12.0", "3.15.1"),
}
"""Versions of TensorFlow that bring Keras 3, and a Keras of the time of each."""
_SPELLINGS = {
    **SAMPLES,
    "tensorflow.VERSION": SAMPLES["tensorflow.__version__"],
    "tensorflow.version.VERSION": SAMPLES["tensorflow.__version__"],
}
_COUNT = 6
_PARSERS = ("version.parse", "Version", "parse_version")
"""The ends of the paths of functions and classes that parse a version: `packaging.version.parse`, `LooseVersion`."""
_PART = pattern(r"(\d+)|(a|b|c|rc|alpha|beta|pre|dev)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Versioned(Value):
    """What an expression is on each of the versions."""

    outcomes: tuple[Any, ...]

    @property
    def truth(self) -> bool | None:
        """Whether it is true on all versions, or false on all; None if that depends."""
        found = {bool(outcome) for outcome in self.outcomes}
        return found.pop() if len(found) == 1 else None


@total_ordering
@dataclass(frozen=True, eq=False)
class Release:
    """A parsed version, as `packaging.version` and `distutils.version` order them."""

    text: str

    @property
    def release(self) -> tuple[int, ...]:
        """The numbers ahead of any `rc` or `dev`."""
        return self._key[0]

    @property
    def version(self) -> list[int]:
        """As `distutils` calls them."""
        return [*self.release]

    @property
    def major(self) -> int:
        """The first number."""
        return self.release[0]

    @property
    def minor(self) -> int:
        """The second number."""
        return self.release[1]

    @property
    def _key(self) -> tuple[tuple[int, ...], int]:
        numbers: list[int] = []
        for match in _PART.finditer(self.text):
            if match[2]:
                return tuple(numbers), 0
            numbers.append(int(match[1]))
        return tuple(numbers), 1

    def __eq__(self, other: object) -> bool:
        return self._key == _released(other)._key

    def __lt__(self, other: object) -> bool:
        return self._key < _released(other)._key

    def __hash__(self) -> int:
        return hash(self._key)


def _released(value: object) -> Release:
    """A version as it is compared: `LooseVersion` is compared with texts too."""
    return value if isinstance(value, Release) else Release(str(value))


_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_BUILTINS: dict[str, Callable[..., Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "tuple": tuple,
    "list": list,
}
_METHODS = frozenset({"split", "startswith", "strip", "partition", "rpartition", "replace"})


def is_versioned(value: Value) -> bool:
    """Whether a value depends on a version."""
    return isinstance(value, Versioned) or (isinstance(value, Api) and value.path in _SPELLINGS)


def truth(value: Value) -> bool | None:
    """Whether a condition that looks at versions is true on all of them, or false; None for any other condition."""
    return value.truth if isinstance(value, Versioned) else None


def compare(operators: list[ast.cmpop], operands: list[Value]) -> Value | None:
    """A comparison that looks at a version; None if it looks at none."""
    if not any(map(is_versioned, operands)):
        return None
    if len(operators) != 1 or type(operators[0]) not in _COMPARISONS:
        return UNKNOWN
    return _lifted(_COMPARISONS[type(operators[0])], operands)


def subscript(owner: Value, index: Value, node: ast.expr) -> Value | None:
    """`tf.__version__[0]`, `parts[:2]`; None if it is something else."""
    if not is_versioned(owner):
        return None
    if isinstance(node, ast.Slice):
        try:
            bounds = slice(*(part and ast.literal_eval(part) for part in (node.lower, node.upper, node.step)))
        except ValueError:
            return UNKNOWN
        return _lifted(lambda value: value[bounds], [owner])
    return _lifted(operator.getitem, [owner, index])


def attribute(owner: Versioned, name: str) -> Value:
    """`version.parse(tf.__version__).major`, or a method of a text."""
    if name in _METHODS:
        return Method(owner, name)
    return _lifted(lambda value: getattr(value, name) if isinstance(value, Release) else None, [owner])


def call(callee: Value, arguments: Arguments) -> Value | None:
    """A call of or on what looks at a version; None if it does not."""
    if isinstance(callee, Api):
        may_look = callee.package == "builtins" or _may_look_at_versions(callee.path)
        return _call_api(callee, arguments) if may_look else None
    if isinstance(callee, Method) and isinstance(callee.owner, Versioned):
        return _method(callee.owner, callee.name, arguments)
    return None


@cache
def _may_look_at_versions(path: str) -> bool:
    """Whether `_call_api` knows a library's function at all; asked of every call."""
    return path.rpartition(".")[0] in _SPELLINGS or path.endswith(_PARSERS)


def _call_api(callee: Api, arguments: Arguments) -> Value | None:
    given = arguments.positional
    owner, _, name = callee.path.rpartition(".")
    if owner in _SPELLINGS and name in _METHODS:
        return _method(Versioned(_SPELLINGS[owner]), name, arguments)
    if callee.path.endswith(_PARSERS) and len(given) == 1 and _outcomes(given[0]) is not None:
        return _lifted(Release, given)
    if callee.package == "builtins" and any(map(is_versioned, given)):
        if name == "map" and len(given) == 2 and isinstance(given[0], Api) and given[0].name in _BUILTINS:
            one = _BUILTINS[given[0].name]
            return _lifted(lambda values: [one(value) for value in values], given[1:])
        return _lifted(_BUILTINS[name], given) if name in _BUILTINS else None
    return None


def _method(owner: Versioned, name: str, arguments: Arguments) -> Value:
    return _lifted(lambda text, *rest: getattr(text, name)(*rest), [owner, *arguments.positional])


def negated(operand: Value) -> Value | None:
    """`not` of a condition that looks at versions."""
    return _lifted(operator.not_, [operand]) if isinstance(operand, Versioned) else None


def combined(node: ast.BoolOp, operands: list[Value]) -> Value | None:
    """`and`, `or` of conditions, one of which looks at versions; what the others are may not matter."""
    if not any(isinstance(operand, Versioned) for operand in operands):
        return None
    ends = isinstance(node.op, ast.Or)
    if any(truth(operand) is ends for operand in operands):
        return Versioned((ends,) * _COUNT)
    known = [operand for operand in operands if truth(operand) is not (not ends)]
    return UNKNOWN if known else Versioned((not ends,) * _COUNT)


def _outcomes(value: Value) -> tuple[Any, ...] | None:
    """What a value is on each version."""
    if isinstance(value, Versioned):
        return value.outcomes
    if isinstance(value, Api):
        return _SPELLINGS.get(value.path)
    if isinstance(value, Const):
        return (value.value,) * _COUNT
    if isinstance(value, Seq) and value.rest is None and all(isinstance(item, Const) for item in value.items):
        items = [item.value for item in value.items if isinstance(item, Const)]
        return (tuple(items) if value.kind == "tuple" else items,) * _COUNT
    return None


def _lifted(function: Callable[..., Any], values: list[Value]) -> Value:
    """A function of values, on each version."""
    each = [_outcomes(value) for value in values]
    known = [outcomes for outcomes in each if outcomes is not None]
    if len(known) < len(each):
        return UNKNOWN
    try:
        return Versioned(tuple(function(*of_one) for of_one in zip(*known, strict=True)))
    except (TypeError, ValueError, IndexError, AttributeError, KeyError):
        return UNKNOWN  # it would raise on one of the versions: nothing is known of it
