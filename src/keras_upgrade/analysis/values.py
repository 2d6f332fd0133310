"""The values of the abstract interpreter: what an expression can be.

*Unknown stays unknown*: a rule that needs to know more does not fire.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from keras_upgrade.knowledge.surface import is_source2, origin2
from keras_upgrade.patterns import pattern
from keras_upgrade.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keras_upgrade.analysis.frames import Frame
    from keras_upgrade.analysis.program import Module

MAX_OPTIONS = 4
"""More alternatives than these for one expression are not told apart."""


class Value:
    """Base of all values; compared by identity unless a subclass says otherwise."""

    __slots__ = ()


class Unknown(Value):
    """Anything."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "?"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Const(Value):
    """A Python constant: number, string, None, True, ..."""

    value: object


@dataclass(frozen=True, slots=True)
class Api(Value):
    """Something that a library offers, by its canonical dotted path.

    Attributes:
        path: `keras.layers.Dense` whatever package of Keras it was spelled with; `tensorflow.exp`, `numpy.sum`.
        package: the package as spelled: `keras`, `tensorflow.keras`, `tensorflow.python.keras`,
            `tensorflow.compat.v1.keras`, `tf_keras`, `tensorflow`, `tensorflow.compat.v1`, `numpy`, ...
    """

    path: str
    package: str

    @property
    def name(self) -> str:
        """The last component of the path."""
        return self.path.rpartition(".")[2]

    @property
    def spelled(self) -> str:
        """The dotted path in the package that the program used."""
        rest = self.path.partition(".")[2]
        return f"{self.package}.{rest}" if rest else self.package


KERAS_PACKAGES = (
    "tensorflow.keras",
    "tensorflow.python.keras",
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "tensorflow.contrib.keras.api.keras",
    "tensorflow.contrib.keras",
    "tensorflow._api.v1.keras",
    "tensorflow._api.v2.keras",
    "tf_keras",
    "keras",
)
"""Every package under which Keras was importable, the longer ones first where one is a prefix of another."""

_TENSORFLOW_OF_BACKEND = pattern(r"\.backend(?:\.tensorflow_backend)?\.tf(?=\.|$)")
"""The backend of Keras imported TensorFlow, and programs took it from there: `K.tf`."""

TENSORFLOW_PACKAGES = ("tensorflow.compat.v1", "tensorflow.compat.v2", "tensorflow")


@cache
def api(dotted: str) -> Api:
    """The API object of a dotted path as a program spells it."""
    if dotted.startswith("keras.src.") and is_source2(dotted):
        return Api(origin2("keras" + dotted.removeprefix("keras.src")), "keras.src")
    for package in KERAS_PACKAGES:
        if dotted == package or dotted.startswith(package + "."):
            rest = dotted[len(package) :]
            inner = _TENSORFLOW_OF_BACKEND.match(rest)
            if inner is not None:
                return Api("tensorflow" + rest[inner.end() :], "tensorflow")
            return Api(origin2("keras" + rest), package)
    for package in TENSORFLOW_PACKAGES:
        if dotted == package or dotted.startswith(package + "."):
            return Api("tensorflow" + dotted[len(package) :], package)
    return Api(dotted, dotted.partition(".")[0])


def api_member(owner: Api, name: str) -> Api:
    """The API object `owner.name`."""
    return _member(owner.path, owner.package, name)


@cache
def _member(path: str, package: str, name: str) -> Api:
    return api(f"{Api(path, package).spelled}.{name}")


@dataclass(eq=False, slots=True)
class Function(Value):
    """A user's function, method or lambda with the frame that it closes over."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    frame: Frame
    module: Module
    defaults: dict[str, Value]
    owner: Class | None = None

    @property
    def name(self) -> str:
        """The name in the `def` statement, or `<lambda>`."""
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(eq=False, slots=True)
class Class(Value):
    """A user's class."""

    node: ast.ClassDef
    bases: list[Value]
    module: Module
    members: dict[str, Value] = field(default_factory=dict)

    def ancestors(self) -> Iterator[Value]:
        """The class and its bases, nearest first, API classes included."""
        yield self
        for base in self.bases:
            for option in options(base):
                if isinstance(option, Class):
                    if option is not self:
                        yield from option.ancestors()
                else:
                    yield option

    def lookup(self, name: str) -> Value | None:
        """The member `name` of the class or of a user's class that it derives from."""
        for cls in self.ancestors():
            if isinstance(cls, Class) and name in cls.members:
                return cls.members[name]
        return None


@dataclass(eq=False, slots=True)
class Arguments:
    """The evaluated arguments of a call.

    Attributes:
        positional: values in order; those of a `*args` of unknown length end the list.
        keywords: values by keyword.
        complete: whether nothing was hidden behind `*args` or `**kwargs`.
    """

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    complete: bool = True

    def get(self, index: int, *names: str) -> Value | None:
        """The argument at `index`, or the one given by one of the keywords `names`."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        return self.positional[index] if 0 <= index < len(self.positional) else None

    def all(self) -> list[Value]:
        """Every argument's value."""
        return [*self.positional, *self.keywords.values()]


@dataclass(eq=False, slots=True)
class Event:
    """One step in the life of a model, layer or optimizer, in program order.

    Attributes:
        name: the method called (`compile`, `fit`, ...) or, for an assignment, `attribute=` (`trainable=`);
            `metrics_names`, which tells what happened to the model before, where it is read.
        node: the call, the assignment statement, or the attribute read.
        arguments: the call's arguments; for an assignment the value assigned, alone.
        function: the user's function in which it stands, None at the top of the module.
        order: counts the events of the whole program, as it runs.
        callers: the calls of the user's functions that led to it, the outermost first.
    """

    name: str
    node: ast.Call | ast.Attribute | ast.stmt
    arguments: Arguments
    module: Module
    function: Function | None
    order: int
    callers: tuple[ast.Call, ...] = ()


@dataclass(eq=False, slots=True)
class Instance(Value):
    """An object made by calling a class, or an API function that makes a model (`VGG16()`).

    Attributes:
        cls: the class called.
        call: the constructor call; None where the analysis made the object up (`self` of a class never called).
        attributes: `x.name = value` as seen so far.
        children: the layers of a Sequential, in order.
        events: method calls and assignments, in program order.
        variable: the name that it was first assigned to.
        owner: for a layer that stands for any layer of a model, that model.
    """

    cls: Api | Class
    call: ast.Call | None
    arguments: Arguments
    module: Module
    function: Function | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    children: list[Value] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    variable: str = ""
    owner: Instance | None = None

    @property
    def api(self) -> Api | None:
        """The API class that the object is an instance of, directly or through the user's classes."""
        if isinstance(self.cls, Api):
            return self.cls
        return next((base for base in self.cls.ancestors() if isinstance(base, Api)), None)


@dataclass(eq=False, slots=True)
class Tensor(Value):
    """A tensor.

    Attributes:
        symbolic: True for a KerasTensor (made by `Input` and layer calls outside of `call`), False for a real
            or graph tensor (inside `call`, losses, metrics, `tf.data` functions).
        node: the expression that made it.
        maker: the layer, model or API function that made it; None for operators and merged branches.
        parents: the tensors that it was made from.
        index: which of its maker's outputs it is.
    """

    symbolic: bool
    node: ast.expr | None
    module: Module | None
    maker: Value | None = None
    parents: tuple[Value, ...] = ()
    index: int | None = None
    function: Function | None = None


@dataclass(eq=False, slots=True)
class Method(Value):
    """A method of an object, not yet called; `function` is None for a method of an API class."""

    owner: Value
    name: str
    function: Function | None = None


@dataclass(eq=False, slots=True)
class Result(Value):
    """What a call of an API function or method gave, where nothing more is known: `Model.fit`, `numpy.zeros`."""

    of: str
    owner: Value | None = None
    arguments: Arguments | None = None
    node: ast.expr | None = None


@dataclass(eq=False, slots=True)
class Seq(Value):
    """A list, tuple or set with known items, or (`rest`) one of unknown length.

    Attributes:
        kind: `list`, `tuple`, `set`, `generator` (of a function) or `iterator` (`zip`, a generator expression).
        origin: of a generator, its function.
        call: of an iterator that a builtin makes, the call.
    """

    items: list[Value]
    kind: str = "tuple"
    rest: Value | None = None
    origin: Function | None = None
    call: ast.Call | None = None

    def element(self) -> Value:
        """Any one of its items."""
        if (
            isinstance(self.rest, Instance) and self.rest.owner is not None
        ):  # it stands for any layer of a model
            return self.rest
        return join_all([*self.items, *([self.rest] if self.rest is not None else [])])


@dataclass(eq=False, slots=True)
class Mapping(Value):
    """A dict; keys that are constants are known by name, others fall under `rest`."""

    items: dict[object, Value]
    rest: Value | None = None


@dataclass(eq=False, slots=True)
class ModuleValue(Value):
    """A module of the user's own project."""

    module: Module


@dataclass(frozen=True, slots=True)
class Choice(Value):
    """One of several values: branches of an `if`, calls from several places."""

    options: tuple[Value, ...]


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value; itself alone when it is not a choice."""
    return value.options if type(value) is Choice else (value,)


def each(value: Value, function: Callable[[Value], Value]) -> Value:
    """What a function of one value gives, joined over the alternatives."""
    return join_all(map(function, value.options)) if type(value) is Choice else function(value)


def join(left: Value, right: Value) -> Value:
    """A value that may be either."""
    if left is right or left == right:
        return left
    return join_all((left, right))


def join_all(values: Iterable[Value]) -> Value:
    """A value that may be any of `values`; unknown when there are none or too many."""
    merged: list[Value] = []
    for value in values:
        for option in options(value):
            if option not in merged:
                merged.append(option)
    if len(merged) == 1:
        return merged[0]
    if len(merged) > MAX_OPTIONS:
        tensors = [option for option in merged if isinstance(option, Tensor)]
        nodes = {option.node for option in merged if isinstance(option, Function)}
        if len(nodes) == 1 and all(isinstance(option, Function) for option in merged):
            return merged[-1]  # one `def` that was run as often
        if len(tensors) == len(merged):
            return Tensor(
                any(t.symbolic for t in tensors), tensors[-1].node, tensors[-1].module, None, tuple(tensors)
            )
        return UNKNOWN
    return Choice(tuple(merged)) if merged else UNKNOWN


def may_be_api(value: Value) -> bool:
    """Whether the value may be an object of a library; asked of every expression."""
    if type(value) is Choice:
        return any(type(option) is Api for option in value.options)
    return type(value) is Api


def is_symbolic(value: Value) -> bool:
    """Whether the value is, in some run of the expression, a KerasTensor."""
    return any(isinstance(option, Tensor) and option.symbolic for option in options(value))


def holds_symbolic(value: Value, depth: int = 3) -> bool:
    """Whether the value is a KerasTensor, or a list, tuple or dict that holds one."""
    for option in options(value):
        if isinstance(option, Tensor) and option.symbolic:
            return True
        if depth and isinstance(option, Seq):
            inside = [*option.items, *([option.rest] if option.rest is not None else [])]
            if any(holds_symbolic(item, depth - 1) for item in inside):
                return True
        if depth and isinstance(option, Mapping):
            inside = [*option.items.values(), *([option.rest] if option.rest is not None else [])]
            if any(holds_symbolic(item, depth - 1) for item in inside):
                return True
    return False


def holds_tensor(value: Value, depth: int = 3) -> bool:
    """Whether the value is a tensor of any kind, or holds one."""
    for option in options(value):
        if isinstance(option, Tensor):
            return True
        if depth and isinstance(option, Seq):
            inside = [*option.items, *([option.rest] if option.rest is not None else [])]
            if any(holds_tensor(item, depth - 1) for item in inside):
                return True
    return False


def constant(value: Value | None) -> object:
    """The Python constant that the value is, or None."""
    return value.value if isinstance(value, Const) else None


def instances(value: Value | None) -> list[Instance]:
    """The objects that the value may be."""
    return [] if value is None else [option for option in options(value) if isinstance(option, Instance)]
