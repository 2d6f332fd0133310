"""Reads off a variable how `add_weight` makes the same one: its shape, and the initializer of its first value."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keras_upgrade.analysis.values import Api, Const, Instance, Mapping, Result, Seq, Tensor, Value, options
from keras_upgrade.knowledge.variables import INITIAL, MAKERS, Initial, Maker
from keras_upgrade.records import dataclass
from keras_upgrade.rules.context import Context
from keras_upgrade.syntax.templates import Param, bind, parse_params

_FLOAT32 = "float32"
_TYPES = frozenset(
    ["float16", "float32", "float64", "bfloat16", "bool", "complex64", "complex128"]
    + [f"{sign}int{size}" for sign in ("", "u") for size in (8, 16, 32, 64)]
)
_LINE = 120
_OF_NUMBERS = {float: _FLOAT32, int: "int32", bool: "bool"}


@dataclass(frozen=True)
class Beginning:
    """The first value of a variable.

    Attributes:
        shape: its shape, as it is written.
        initializer: what gives it.
        dtype: its type, as it is written; `float32` without quotes if it is the default.
        random: whether it is drawn at random.
    """

    shape: str
    initializer: str
    dtype: str
    random: bool = False


@dataclass(frozen=True)
class NewVariable:
    """The text in place of a call that makes a variable.

    Attributes:
        text: the new call.
        random: whether Keras draws the numbers now.
        is_weight: whether it is made by `add_weight`.
    """

    text: str
    random: bool
    is_weight: bool


class VariableCall:
    """One call that makes a variable."""

    def __init__(self, context: Context, call: ast.Call, maker: Maker | None) -> None:
        self.context = context
        self.source = context.source
        self.call = call
        self.maker = maker
        """None for the call of an initializer, whose result was listed as a weight."""
        self.bound = bind(call, parse_params(maker.old)) if maker is not None else {}

    def rewritten(
        self, owner: str, *, in_build: bool, trainable: bool | None, metric: bool
    ) -> NewVariable | None:
        """The call as Keras 3 wants it; None where it has something that Keras 3 does not.

        Args:
            owner: the name of the layer (`self`).
            in_build: whether it stands where only `add_weight` works if the layer is within another one.
            trainable: what the lists of weights say of it; None if there are none.
            metric: whether it belongs to a metric.
        """
        if self.bound is None or not self._is_plain():
            return None
        beginning = self._beginning(in_build)
        options_ = self._options(trainable, metric)
        if beginning is not None and beginning.dtype:
            head = [f"shape={beginning.shape}", f"initializer={beginning.initializer}"]
            if beginning.dtype != _FLOAT32:
                head.append(f"dtype={beginning.dtype}")
            return NewVariable(
                self._joined(f"{owner}.add_weight", [*head, *options_]), beginning.random, True
            )
        if self.maker is None or not self.maker.value or "constraint" in self.bound:
            return None
        return NewVariable(self._variable(options_), False, False)

    def _is_plain(self) -> bool:
        """Whether there are no arguments that mean something and that Keras 3 does not have."""
        assert self.bound is not None
        if self.maker is None:
            return True
        known = {"trainable", "dtype", "name", "constraint", self.maker.value} | self.maker.unused
        return not self.maker.value or set(self.bound) <= known

    def _options(self, trainable: bool | None, metric: bool) -> list[str]:
        assert self.bound is not None
        found = []
        if not metric:
            if trainable is False:
                found.append("trainable=False")
            elif "trainable" in self.bound:
                found.append(f"trainable={self._text(self.bound['trainable'])}")
            if "constraint" in self.bound:
                found.append(f"constraint={self._text(self.bound['constraint'])}")
        if "name" in self.bound:
            found.append(f"name={self._text(self.bound['name'])}")
        return found

    def _variable(self, options_: Sequence[str]) -> str:
        assert self.maker is not None
        assert self.bound is not None
        value = self.bound.get(self.maker.value)
        dtype = self._given_type()
        if dtype is None and self.maker.floats:
            dtype = f'"{_FLOAT32}"'
        head = [self._text(value)] if value is not None else []
        if dtype is not None:
            head.append(f"dtype={dtype if dtype != _FLOAT32 else repr(_FLOAT32)}".replace("'", '"'))
        return self._joined(self.context.spell("keras.Variable"), [*head, *options_])

    def _given_type(self) -> str | None:
        assert self.bound is not None
        node = self.bound.get("dtype")
        return None if node is None or _is_none(node) else type_text(self.context, node)

    def _joined(self, callee: str, arguments: Sequence[str]) -> str:
        """A call in one line, or with a line for each argument where that would be too long."""
        line = f"{callee}({', '.join(arguments)})"
        start = self.source.start(self.call)
        begin = self.source.line_start(start)
        if start - begin + len(line) <= _LINE or "\n" in line:
            return line
        blank = self.source.indentation(self.context.module.statement(self.call))
        inside = "".join(f"\n{blank}    {argument}," for argument in arguments)
        return f"{callee}({inside}\n{blank})"

    def _text(self, node: ast.expr) -> str:
        return self.source.segment(node)

    # -- the first value -------------------------------------------------------------------------------------

    def _beginning(self, in_build: bool) -> Beginning | None:
        assert self.bound is not None
        if self.maker is None or not self.maker.value:
            return self._of_call(self.call)
        value = self.bound.get(self.maker.value)
        if value is None:
            return None
        found = self._of_value(value, in_build)
        if found is None:
            return None
        given = self._given_type()
        dtype = given or (_FLOAT32 if self.maker.floats else found.dtype)
        return Beginning(found.shape, found.initializer, dtype, found.random)

    def _of_value(self, node: ast.expr, in_build: bool) -> Beginning | None:
        number = _number(node)
        if number is not None:
            return Beginning("()", self._constant(number, self._text(node)), self._number_type(number))
        if isinstance(node, ast.Call):
            found = self._of_call(node)
            if found is not None:
                return found
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            return self._of_product(node)
        if in_build and isinstance(node, ast.Name) and _is_array(self.context.value(node)):
            text = self._text(node)
            # The type of an array is not known, except that of the default (`K.variable`).
            return Beginning(
                f"{text}.shape", f"{self._initializer('Constant')}({text})", self._array_type(node)
            )
        return None

    def _array_type(self, node: ast.Name) -> str:
        floats = self.maker is not None and self.maker.floats
        return _FLOAT32 if floats else f"{node.id}.dtype"

    def _number_type(self, number: float) -> str:
        found = _OF_NUMBERS[type(number)]
        return found if found == _FLOAT32 else f'"{found}"'

    def _constant(self, number: float | None, text: str) -> str:
        if number is not None and not isinstance(number, bool) and number in (0, 1):
            return '"zeros"' if number == 0 else '"ones"'
        return f"{self._initializer('Constant')}({text})"

    def _initializer(self, name: str) -> str:
        return self.context.spell(f"keras.initializers.{name}")

    def _of_product(self, node: ast.BinOp) -> Beginning | None:
        """`value * np.ones(shape)`, either way round."""
        for ones, factor in ((node.left, node.right), (node.right, node.left)):
            found = self._of_call(ones) if isinstance(ones, ast.Call) else None
            if found is not None and found.initializer == '"ones"' and self._is_number(factor):
                text = f"{self._initializer('Constant')}({self._text(factor)})"
                return Beginning(found.shape, text, found.dtype)
        return None

    def _is_number(self, node: ast.expr) -> bool:
        if _number(node) is not None:
            return True
        found = options(self.context.value(node))
        return all(isinstance(o, Const) and isinstance(o.value, (int, float)) for o in found)

    def _of_call(self, call: ast.Call) -> Beginning | None:
        callee = self.context.module.api(call.func)
        entry = INITIAL.get(callee.path) if callee is not None else None
        if entry is not None:
            return self._of_function(call, entry)
        if _is_initializer(self.context, call.func):
            return self._of_initializer(call)
        return None

    def _of_function(self, call: ast.Call, entry: Initial) -> Beginning | None:
        sizes = entry.old == "*sizes"
        if sizes:
            plain = not call.keywords and not any(isinstance(a, ast.Starred) for a in call.args)
            texts = [self._text(argument) for argument in call.args]
            shape = _tuple(texts) if plain else None
            bound: dict[str, ast.expr] | None = {}
        else:
            bound = bind(call, parse_params(entry.old))
            node = bound.get(entry.shape) if bound is not None else None
            shape = self._shape(node) if node is not None else _scalar(entry, bound)
        if bound is None or shape is None or "seed" in bound:
            return None
        dtype = self._type_of(bound, entry)
        params = () if sizes else parse_params(entry.old)
        return Beginning(shape, self._filled(entry.initializer, params, bound), dtype, entry.random)

    def _type_of(self, bound: dict[str, ast.expr], entry: Initial) -> str:
        """The type of what a function gives; empty if it is not known."""
        node = bound.get("dtype")
        if node is not None and not _is_none(node):
            return type_text(self.context, node)
        if entry.typed:
            number = _number(bound[entry.typed])
            if number is None or (entry.dtype and not isinstance(number, float)):
                return ""
            return self._number_type(number) if not entry.dtype else f'"{entry.dtype}"'
        return entry.dtype if entry.dtype == _FLOAT32 else f'"{entry.dtype}"'

    def _filled(self, template: str, params: Sequence[Param], bound: dict[str, ast.expr]) -> str:
        """The initializer with the arguments put in; those that are not given are left out, or (`+`) their default."""
        tree = ast.parse(template, mode="eval").body
        if not isinstance(tree, ast.Call):
            return template
        defaults = {param.name: param.default for param in params}
        texts = []
        for argument in (*tree.args, *tree.keywords):
            value = argument.value if isinstance(argument, ast.keyword) else argument
            always = isinstance(value, ast.UnaryOp)
            name = value.operand if isinstance(value, ast.UnaryOp) else value
            if isinstance(name, ast.Name):
                given = bound.get(name.id)
                if given is None and not always:
                    continue
                text = self._text(given) if given is not None else str(defaults[name.id])
                text = text if given is not None or "." in text else f"{text}.0"
            else:
                text = ast.unparse(value)
            texts.append(f"{argument.arg}={text}" if isinstance(argument, ast.keyword) else text)
        if not tree.keywords and len(tree.args) == 1 and "value" in bound:
            return self._constant(_number(bound["value"]), self._text(bound["value"]))
        return f"{self._initializer(ast.unparse(tree.func).rpartition('.')[2])}({', '.join(texts)})"

    def _of_initializer(self, call: ast.Call) -> Beginning | None:
        bound = bind(call, parse_params("shape, dtype=None, partition_info=None, name=None"))
        shape = self._shape(bound.get("shape")) if bound is not None else None
        if bound is None or shape is None:
            return None
        node = bound.get("dtype")
        dtype = _FLOAT32 if node is None or _is_none(node) else type_text(self.context, node)
        return Beginning(shape, self._initializer_text(call.func), dtype)

    def _initializer_text(self, node: ast.expr) -> str:
        """The initializer, by its name where `initializers.get` was given one."""
        if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
            callee = self.context.module.api(node.func)
            given = node.args[0]
            if callee is not None and callee.path == "keras.initializers.get":
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    return self._text(given)
        return self._text(node)

    def _shape(self, node: ast.expr | None) -> str | None:
        """A shape as a tuple, where it can be told from a number."""
        if node is None:
            return None
        text = self._text(node)
        if isinstance(node, (ast.Tuple, ast.List)):
            return text
        if self._is_size(node):
            return f"({text},)"
        value = self.context.value(node)
        whole = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)
        if whole or all(isinstance(o, Seq) or _is_static_shape(o) for o in options(value)):
            return text
        if isinstance(node, ast.Attribute) and node.attr == "shape":
            return text
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = (self._shape(node.left), self._shape(node.right))
            return text if None not in parts else None
        return None

    def _is_size(self, node: ast.expr) -> bool:
        """Whether an expression is one number."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, int)
        if all(isinstance(o, Const) and isinstance(o.value, int) for o in options(self.context.value(node))):
            return True
        if isinstance(node, ast.Subscript):
            return not isinstance(node.slice, (ast.Slice, ast.Tuple))
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Add) and any(
                isinstance(side, (ast.Tuple, ast.List)) for side in (node.left, node.right)
            ):
                return False
            return self._is_size(node.left) or self._is_size(node.right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in ("int", "len")
        return False


def _scalar(entry: Initial, bound: dict[str, ast.expr] | None) -> str | None:
    """The shape of what is made without a shape: that of a number."""
    is_number = "value" in (bound or {}) and _number((bound or {})["value"]) is not None
    return "()" if entry.shape == "size" or is_number else None


def _tuple(texts: Sequence[str]) -> str:
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _number(node: ast.expr) -> float | None:
    """A number that is written as such."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    return None


def type_text(context: Context, node: ast.expr) -> str:
    """A dtype as Keras 3 code writes it: `float32` (bare) for the default, `"int64"`, or the text that was there."""
    name = node.value if isinstance(node, ast.Constant) else None
    callee = context.module.api(node)
    if callee is not None and callee.path.rpartition(".")[0] in ("tensorflow", "numpy", "tensorflow.dtypes"):
        name = callee.name
    if isinstance(node, ast.Call):
        callee = context.module.api(node.func)
        if callee is not None and callee.path in ("keras.backend.floatx", "keras.config.floatx"):
            return _FLOAT32
    if name == _FLOAT32:
        return _FLOAT32
    return f'"{name}"' if name in _TYPES else context.source.segment(node)


def _is_initializer(context: Context, node: ast.expr) -> bool:
    """Whether an expression is an initializer object."""
    return all(_initializes(option) for option in options(context.value(node)))


def _initializes(value: Value) -> bool:
    if isinstance(value, Instance):
        return value.api is not None and ".initializers." in value.api.path
    if isinstance(value, Result):
        return value.of in ("keras.initializers.get", "keras.initializations.get")
    if isinstance(value, Tensor) and isinstance(value.maker, Api):
        return value.maker.path.endswith("_initializer")
    return False


def _is_array(value: Value) -> bool:
    return all(isinstance(o, Result) and o.of.startswith("numpy.") for o in options(value))


def _is_static_shape(value: Value) -> bool:
    return isinstance(value, Result) and value.of == "Tensor.shape"


def makers_in(value: Value, depth: int = 4) -> Iterator[ast.Call]:
    """The calls that may have made a value, or what a list or dict holds."""
    for option in options(value):
        if isinstance(option, (Tensor, Result)) and isinstance(option.node, ast.Call):
            yield option.node
        elif isinstance(option, Instance) and option.call is not None:
            yield option.call
        elif isinstance(option, Seq) and depth:
            for item in [*option.items, *([option.rest] if option.rest is not None else [])]:
                yield from makers_in(item, depth - 1)
        elif isinstance(option, Mapping) and depth:
            inside = [*option.items.values(), *([option.rest] if option.rest is not None else [])]
            for item in inside:
                yield from makers_in(item, depth - 1)


def maker_of(context: Context, call: ast.Call) -> Maker | None:
    """What the tables say of a call that makes a variable."""
    callee = context.module.api(call.func)
    return MAKERS.get(callee.path) if callee is not None else None
