"""KU404 untracked-variable: variables that layers and models do not see

Layers, models and metrics of Keras 2 took in every `tf.Variable` that was assigned to one of their attributes: it was
trained and saved. Those of Keras 3 see only their own variables: what `add_weight` makes, and `keras.Variable`s. The
lists that older layers kept by hand (`_trainable_weights`, `trainable_weights`) are gone.

**Since** Keras 3.0.

**Error** SILENT where the variable is made in `__init__`: it is not trained and not saved. Else

    ValueError: tf.function only supports singleton tf.Variables created on the first call.
    ValueError: You are attempting to create a variable while in a stateless scope.
    AttributeError: property 'trainable_weights' of 'L' object has no setter
    AttributeError: 'L' object has no attribute '_trainable_weights'

**Fix.** `self.add_weight(shape=..., initializer=...)` where the shape and the initializer can be read off the first
value, else `keras.Variable(value)`. The statements about lists of weights go; what was made for such a class and was in
no list is `trainable=False`. First values that were drawn at random are drawn by the initializer of the same
distribution.

**Not fixed.** Variables made after the layer was built (in `call`, `train_step` or other methods), those made outside
of the class, and uses of what only a `tf.Variable` has (`scatter_nd_update`). A `tf.Variable` that no layer, model or
metric holds stays.

```python before
import tensorflow as tf
from tensorflow import keras


class Linear(keras.layers.Layer):
    def __init__(self, units, inputs, **kwargs):
        super().__init__(**kwargs)
        w_init = tf.ones_initializer()
        self.w = tf.Variable(initial_value=w_init(shape=(inputs, units), dtype='float32'), trainable=True)
        self.b = tf.Variable(tf.zeros((units,)), name='b')
        self.calls = tf.Variable(0, trainable=False)

    def call(self, x):
        self.calls.assign_add(1)
        return tf.matmul(x, self.w) + self.b


layer = Linear(2, 3)
outputs = layer(tf.ones((1, 3)))
result = [outputs.numpy(), len(layer.trainable_weights), len(layer.weights), int(layer.calls.numpy())]
```

```python after
import tensorflow as tf
import keras


class Linear(keras.layers.Layer):
    def __init__(self, units, inputs, **kwargs):
        super().__init__(**kwargs)
        w_init = tf.ones_initializer()
        self.w = self.add_weight(shape=(inputs, units), initializer=w_init, trainable=True)
        self.b = self.add_weight(shape=(units,), initializer="zeros", name='b')
        self.calls = self.add_weight(shape=(), initializer="zeros", dtype="int32", trainable=False)

    def call(self, x):
        self.calls.assign_add(1)
        return tf.matmul(x, self.w) + self.b


layer = Linear(2, 3)
outputs = layer(tf.ones((1, 3)))
result = [outputs.numpy(), len(layer.trainable_weights), len(layer.weights), int(layer.calls.numpy())]
```

```python before
import numpy as np
from keras import backend as K
from keras import initializers
from keras.layers import Layer
from keras.models import Sequential


class Scale(Layer):
    def build(self, input_shape):
        self.gamma = K.variable(initializers.get('ones')((input_shape[-1],)), name='gamma')
        self.beta = K.variable(np.full((1,), 2.0), name='beta')
        self._trainable_weights = [self.gamma, self.beta]
        super().build(input_shape)

    def call(self, x):
        return x * self.gamma + self.beta


model = Sequential([Scale(input_shape=(2,))])
model.compile('sgd', 'mse')
model.train_on_batch(np.ones((4, 2)), np.zeros((4, 2)))
result = model.get_weights()
```

```python after
import numpy as np
import keras
from keras.layers import Layer
from keras.models import Sequential


class Scale(Layer):
    def build(self, input_shape):
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer='ones', name='gamma')
        self.beta = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(2.0), name='beta')
        super().build(input_shape)

    def call(self, x):
        return x * self.gamma + self.beta


model = Sequential([Scale(input_shape=(2,))])
model.compile('sgd', 'mse')
model.train_on_batch(np.ones((4, 2)), np.zeros((4, 2)))
result = model.get_weights()
```

```python unchanged
import tensorflow as tf
import keras


class Loader:
    def __init__(self):
        self.step = tf.Variable(0)


class Scale(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.factor = self.add_weight(shape=(), initializer='ones')
        self.shift = keras.Variable(1.0)

    def call(self, x):
        return x * self.factor + self.shift


result = [Scale()(tf.ones((1, 2))), Loader().step]
```
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_upgrade.analysis.program import Program
from keras_upgrade.analysis.values import Class, Instance, Result, Value, options
from keras_upgrade.documents.spans import Edit
from keras_upgrade.findings import Finding, Fix, Safety
from keras_upgrade.knowledge.kinds import Kind
from keras_upgrade.knowledge.variables import LISTS, MEMBERS
from keras_upgrade.records import dataclass
from keras_upgrade.rules import NAMES
from keras_upgrade.rules.context import Context
from keras_upgrade.rules.shared.classes import (
    LAYERS,
    attribute_of,
    classes_of,
    first_parameter,
    is_keras3,
    kind_of_class,
    method_of,
    super_statement,
)
from keras_upgrade.rules.shared.new_weight import NewVariable, VariableCall, maker_of, makers_in
from keras_upgrade.syntax.edits import remove_statement
from keras_upgrade.syntax.walking import walk

CODE = "KU404"
PHASE = NAMES
WORDS = {"class"}
ERRORS = (
    r"tf\.function only supports singleton tf\.Variables created on the first call",
    r"attempting to create a variable while in a stateless scope",
    r"property '(non_)?trainable_weights' of '\w+' object has no setter",
    r"object has no attribute '_(non_)?trainable_weights'",
)

_BUILDERS = frozenset({"__init__", "build"})
_RANDOM = "the first values may be other random numbers of the same distribution"
_NESTED = "the layer is not built within the `call` of another layer (`add_weight` would be needed there)"


def check(context: Context) -> Iterator[Finding]:
    """Variables that the user's layers, models and metrics keep, and their lists of weights."""
    if is_keras3(context):
        # A `tf.Variable` in it is meant to be one.
        return
    held = _held_calls(context)
    for cls in classes_of(context, *LAYERS, Kind.METRIC):
        yield from _OfClass(context, cls, held).findings()


def _held_calls(context: Context) -> dict[ast.Call, str]:
    """The calls of this module that made what layers, models and metrics hold, with the attribute that holds it."""
    held = context.program.once(f"{CODE} held", lambda: _all_held_calls(context.program))
    own = set(context.module.calls) if held else set()
    return {call: name for call, name in held.items() if call in own}


def _all_held_calls(program: Program) -> dict[ast.Call, str]:
    found: dict[ast.Call, str] = {}
    for module in program:
        for item in module.instances:
            if not isinstance(item.cls, Class) or kind_of_class(item.cls) not in (*LAYERS, Kind.METRIC):
                continue
            for event in item.events:
                if event.name.endswith("=") and event.name[:-1] not in LISTS and event.arguments.positional:
                    for call in makers_in(event.arguments.positional[0]):
                        found.setdefault(call, event.name[:-1])
    return found


@dataclass(frozen=True)
class _List:
    """A statement that puts weights into a list of the layer's.

    Attributes:
        statement: the assignment, or the call of `append`.
        trained: whether it is a list of trainable weights.
        whole: whether it says what is in the list, not only what more is.
        elements: the weights, None where they cannot be told.
    """

    statement: ast.stmt
    trained: bool
    whole: bool
    elements: list[ast.expr] | None


class _OfClass:
    """The variables and lists of weights of one class."""

    def __init__(self, context: Context, cls: Class, held: dict[ast.Call, str]) -> None:
        self.context = context
        self.module = context.module
        self.source = context.source
        self.cls = cls
        self.metric = kind_of_class(cls) is Kind.METRIC
        self.lists = list(self._lists())
        self.calls = [call for call in held if self._is_here(call)]
        self.attributes = {call: held[call] for call in self.calls}

    def _is_here(self, call: ast.Call) -> bool:
        place = method_of(self.context, call)
        if place is None or place[0] is not self.cls.node:
            return False
        return maker_of(self.context, call) is not None or self._is_listed(call)

    def _is_listed(self, call: ast.Call) -> bool:
        """Whether an initializer's result was taken for a weight (Keras 1)."""
        return (
            any(
                call in list(makers_in(self.context.value(element)))
                for item in self.lists
                for element in item.elements or ()
            )
            and VariableCall(self.context, call, None).rewritten(
                "self", in_build=True, trainable=None, metric=False
            )
            is not None
        )

    # -- the lists -------------------------------------------------------------------------------------------

    def _lists(self) -> Iterator[_List]:
        for function in self.cls.node.body:
            if not isinstance(function, ast.FunctionDef):
                continue
            owner = first_parameter(function)
            for node in walk(function):
                found = _list_statement(node, owner) if owner else None
                if found is not None:
                    yield found

    def findings(self) -> Iterator[Finding]:
        """One finding for each variable, or one for the class where it has lists of weights."""
        plans = [_Plan(self, call) for call in self.calls]
        for plan in plans:
            if plan.problem:
                yield plan.advice()
        good = [plan for plan in plans if plan.new is not None]
        if not self.lists:
            for plan in good:
                yield plan.finding()
            return
        known = {plan.call for plan in good}
        unclear = [item for item in self.lists if not self._is_covered(item, known)]
        if unclear or any(plan.problem for plan in plans):
            for item in unclear or self.lists:
                yield self._list_advice(item)
            return
        yield self._whole(good)

    def _is_covered(self, item: _List, known: set[ast.Call]) -> bool:
        """Whether Keras 3 sees each weight of a list by itself."""
        return item.elements is not None and all(self._is_tracked(e, known) for e in item.elements)

    def _is_tracked(self, element: ast.expr, known: set[ast.Call]) -> bool:
        found = options(self.context.value(element))
        if all(_is_weight(option) or any(c in known for c in makers_in(option)) for option in found):
            return True
        return self._is_of_part(element)

    def _is_of_part(self, element: ast.expr) -> bool:
        """Whether it is a weight (or the weights) of something that the layer keeps: `self.layer.kernel`."""
        return isinstance(element, ast.Attribute) and bool(
            isinstance(element.value, ast.Attribute) and isinstance(element.value.value, ast.Name)
        )

    def _list_advice(self, item: _List) -> Finding:
        return Finding(
            CODE,
            self.context.span(item.statement),
            "Keras 3 has no list of weights to write to: it sees what `self.add_weight(...)` makes, `keras.Variable`s and "
            "layers that are attributes. Make the weights so, with `trainable=` as the list had it, and drop this.",
            subject=f"`{self.cls.node.name}` layer",
        )

    def _whole(self, plans: list[_Plan]) -> Finding:
        edits = [plan.edit() for plan in plans]
        edits += self._removals([item.statement for item in self.lists])
        assumptions = [plan.assumption() for plan in plans]
        if any(self._is_of_part(e) for item in self.lists for e in item.elements or ()):
            assumptions.append(
                "what the list took from other objects are weights of layers that are attributes here"
            )
        names = ", ".join(f"`{plan.attribute}`" for plan in plans)
        first = self.source.start(self.cls.node)
        news = " or ".join(dict.fromkeys(f"`{plan.edit().text.partition('(')[0]}(...)`" for plan in plans))
        done = f"{names} → {news}; " if plans else ""
        return Finding(
            CODE,
            type(self.context.span(self.cls.node))(first, first + len("class")),
            f"`{self.cls.node.name}` writes a list of weights, which Keras 3 does not look at",
            Fix(
                edits,
                f"`{self.cls.node.name}`: {done}removed the list of weights",
                Safety.REVIEW if any(assumptions) else Safety.SAFE,
                self.imports(edits),
            ),
            subject=f"`{self.cls.node.name}` layer",
            assumption="; ".join(dict.fromkeys(text for text in assumptions if text)),
        )

    def _removals(self, gone: list[ast.stmt]) -> list[Edit]:
        """Takes statements out, and the `if` around them where nothing else is in it."""
        outer = {self.module.parent(item) for item in gone}
        for item in outer:
            if isinstance(item, ast.If) and not item.orelse and set(item.body) <= set(gone):
                gone = [other for other in gone if other not in item.body] + [item]
        edits = []
        for statement in gone:
            block = self.module.body_of(statement)
            limit = self.module.document.span_of(self.module.cell_of(statement))
            sole = all(other in gone for other in block) and statement is block[0]
            edits.append(remove_statement(self.source, statement, sole=sole, limit=limit))
        return edits

    def imports(self, edits: list[Edit]) -> tuple[str, ...]:
        """The imports that the new text needs."""
        text = " ".join(edit.text for edit in edits)
        return self.context.needed_imports if f"{self.context.keras_name}." in text else ()

    def trainable(self, call: ast.Call) -> bool | None:
        """What the lists say of the variable that a call makes."""
        said = [
            item.trained
            for item in self.lists
            for element in item.elements or ()
            if call in list(makers_in(self.context.value(element)))
        ]
        if said:
            return said[-1]
        return False if any(item.whole and item.trained for item in self.lists) else None


class _Plan:
    """What becomes of one variable."""

    def __init__(self, of: _OfClass, call: ast.Call) -> None:
        self.of = of
        self.call = call
        self.context = of.context
        self.attribute = of.attributes[call]
        place = method_of(of.context, call)
        assert place is not None
        self.function = place[1]
        self.new: NewVariable | None = None
        self.problem = ""
        self.in_build = "build" in self._builders(self.function, set())
        if not self._is_before_super():
            self._plan()

    def _plan(self) -> None:
        owner = first_parameter(self.function)
        maker = maker_of(self.context, self.call)
        if not owner or not self._builders(self.function, set()) <= _BUILDERS:
            if maker is not None and not maker.value:
                return  # `K.zeros(...)` elsewhere stands for a tensor
            self.problem = "make it in `__init__` or `build` with `self.add_weight(...)`, and give it its value here with `.assign(...)`"
            return
        member = self._foreign_member()
        if member:
            self.problem = f"make it with `self.add_weight(...)`, which has no `{member}`: `.assign(...)` a whole new value in its place"
            return
        self.new = VariableCall(self.context, self.call, maker).rewritten(
            owner,
            in_build=self.in_build,
            trainable=self.of.trainable(self.call),
            metric=self.of.metric,
        )
        if self.new is None:
            self.problem = "make it with `self.add_weight(shape=..., initializer=..., name=...)`"

    def _is_before_super(self) -> bool:
        """Whether it is made before the constructor above runs, which forgot it in Keras 2 as well."""
        upper = super_statement(self.function) if self.function.name == "__init__" else None
        return upper is not None and self.call.lineno < upper.lineno

    def _builders(self, function: ast.FunctionDef, seen: set[str]) -> set[str]:
        """The methods from which a method is called: of `__init__` and `build` they are themselves."""
        if function.name in _BUILDERS:
            return {function.name}
        if function.name in seen:
            return set()
        found: set[str] = set()
        called = False
        for other in self.of.cls.node.body:
            if isinstance(other, ast.FunctionDef):
                owner = first_parameter(other)
                if any(attribute_of(n, owner) == function.name for n in walk(other)):
                    called = True
                    found |= self._builders(other, seen | {function.name})
        return found if called else {function.name}

    def _foreign_member(self) -> str:
        """What the class asks of the variable that only a `tf.Variable` has."""
        for function in self.of.cls.node.body:
            if isinstance(function, ast.FunctionDef):
                owner = first_parameter(function)
                for node in walk(function):
                    if (
                        isinstance(node, ast.Attribute)
                        and attribute_of(node.value, owner) == self.attribute
                        and node.attr not in MEMBERS
                        and self._is_variable(node.value)
                    ):
                        return node.attr
        return ""

    def _is_variable(self, node: ast.expr) -> bool:
        return any(self.call in list(makers_in(o, 0)) for o in options(self.context.value(node)))

    def edit(self) -> Edit:
        """The new call in place of the old one."""
        assert self.new is not None
        return Edit(self.of.source.start(self.call), self.of.source.end(self.call), self.new.text)

    def assumption(self) -> str:
        """What has to hold for the new call to be as good as the old one."""
        assert self.new is not None
        if self.new.random:
            return _RANDOM
        return _NESTED if self.in_build and not self.new.is_weight else ""

    def _message(self) -> str:
        silent = "" if self.in_build else " (SILENT)"
        return (
            f"`{self.of.cls.node.name}` of Keras 3 does not see the variable `{self.attribute}`: it would be neither "
            f"trained nor saved{silent}"
        )

    def advice(self) -> Finding:
        """Where it cannot be rewritten."""
        return Finding(
            CODE,
            self.context.span(self.call),
            f"{self._message()}; {self.problem}.",
            subject=f"`{self.of.cls.node.name}` variables",
        )

    def finding(self) -> Finding:
        """The rewrite of a single variable."""
        edit, assumption = self.edit(), self.assumption()
        assert self.new is not None
        old = self.of.source.segment(self.call.func)
        new = edit.text.partition("(")[0]
        return Finding(
            CODE,
            # The whole statement, so that this comes before what other rules find in the call.
            self.context.span(self.of.module.statement(self.call)),
            self._message(),
            Fix(
                [edit],
                f"`{self.attribute}`: `{old}(...)` → `{new}(...)`",
                Safety.REVIEW if assumption else Safety.SAFE,
                self.of.imports([edit]),
            ),
            subject=f"`{self.of.cls.node.name}` variables",
            assumption=assumption,
        )


def _is_weight(value: Value) -> bool:
    if isinstance(value, Instance):
        return value.api is not None and value.api.path == "keras.Variable"
    return isinstance(value, Result) and value.of.endswith((".add_weight", ".add_variable"))


def _list_statement(node: ast.AST, owner: str) -> _List | None:
    """The statement as one about a list of weights."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        name = attribute_of(node.targets[0], owner)
        if name in LISTS:
            return _List(node, LISTS[name], True, _elements(node.value, owner))
    elif isinstance(node, ast.AugAssign):
        name = attribute_of(node.target, owner)
        if name in LISTS:
            return _List(node, LISTS[name], False, _elements(node.value, owner))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "extend") and call.args:
            name = attribute_of(call.func.value, owner)
            if name in LISTS:
                single = call.func.attr == "append"
                given = [call.args[0]] if single else _elements(call.args[0], owner)
                return _List(node, LISTS[name], False, given)
    return None


def _elements(node: ast.expr, owner: str) -> list[ast.expr] | None:
    """The items of a list that is written out, or of a sum of such; the list itself in it counts for nothing."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return None if any(isinstance(item, ast.Starred) for item in node.elts) else list(node.elts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _elements(node.left, owner), _elements(node.right, owner)
        return None if left is None or right is None else [*left, *right]
    if attribute_of(node, owner) in LISTS:
        return []
    if isinstance(node, ast.Attribute):
        return [node]
    return None


__all__ = ["CODE", "ERRORS", "PHASE", "check"]
